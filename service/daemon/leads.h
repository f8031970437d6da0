/* leads.h - leads, pushes, answers and decisions over HTTP. */
#pragma once
#include "service/http/api.h"
#include "sql/lead.h"

bool leads_list(struct call *call, GError **error);
/* Out of what this process knows, without waiting; false: it does not. */
bool leads_recall(struct call *call);
/* Several at a time: one question to the database. */
void leads_get(struct call *const *calls, size_t count);
bool leads_accept(struct call *call, GError **error);
bool leads_reject(struct call *call, GError **error);
/* For the desk (leads_desk.c): what was decided is undecided again; many at once by their probability; what a lead's texts say. */
bool leads_take_back(struct call *call, GError **error);
bool leads_accept_likely(struct call *call, GError **error);
bool leads_detail(struct call *call, GError **error);
/* Why a patent is no lead of a need, or was not pushed. */
bool leads_why_not(struct call *call, GError **error);

/* Who can help with a need or a patent. */
bool leads_who(struct call *call, GError **error);

bool pushes_list(struct call *call, GError **error);
bool pushes_get(struct call *call, GError **error);
/* Every attempt to deliver one, with request and answer. */
bool pushes_deliveries(struct call *call, GError **error);
/* Those that could not be delivered, and sending them once more (dead_letters.c). */
bool dead_letters_list(struct call *call, GError **error);
bool dead_letters_replay(struct call *call, GError **error);
bool feedback_list(struct call *call, GError **error);
bool feedback_give(struct call *call, GError **error);

bool decisions_list(struct call *call, GError **error);
bool decisions_make(struct call *call, GError **error);
/* On a policy's parameters. */
bool parameters_list(struct call *call, GError **error);
bool parameters_decide(struct call *call, GError **error);

/* The patent that the parameter `patent` names by a number in any spelling; in the call's transaction. */
bool leads_patent(const struct call *call, int64_t *out, GError **error);
/* The lead that the address names; API_WRONG. */
bool leads_id(const struct call *call, struct lead_id *out, GError **error);
/* For how long what is decided can be taken back: 0 unless the body says `hold`. */
bool leads_hold(const struct call *call, int *out, GError **error);
/* Who did it, for the record: the key's account, or its public part. The caller frees. */
char *leads_by(const struct call *call);
/* A member of the body that is a text (or absent, where that may be); API_WRONG else. */
bool leads_text(const struct call *call, const char *name, bool required, const char **out,
                GError **error);
