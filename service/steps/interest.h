/* interest.h - P(interested) of an agency's leads: what was learned from its answers, or the prior, and how that is said. */
#pragma once
#include "matcher/interest.h"
#include "sql/db.h"
#include <jansson.h>

/* What leads are weighed with. */
struct interest_state {
    bool is_learned;
    struct interest_model model; /* where it is */
    int version;                 /* 0: the prior */
    GHashTable *history;         /* enterprise_id -> struct interest_past *; NULL: not read */
};
struct interest_past {
    int64_t enterprise_id;
    uint32_t answers, interested;
};
void interest_state_clear(struct interest_state *state);

/* Inside a transaction: the model; what enterprises have answered so far. */
bool interest_read(struct db *db, int agency_id, struct interest_state *out, GError **error);
bool interest_read_history(struct db *db, int agency_id, struct interest_state *state,
                           GError **error);

/* Of a lead; `past` is filled in here. *certainty: {low, high, answers, basis, basis_zh}, a new object; may be NULL. */
double interest_weigh(const struct interest_state *state, int64_t enterprise_id,
                      struct interest_lead *lead, json_t **certainty);

/* What the probability of a row of leads rests on, in words; valid as long as the row. */
const char *interest_basis(const json_t *lead, bool chinese);

/* A transaction of its own: learns from all answers, and keeps what it learned as the next version. *out: {version, leads, answers,
 * enterprises, calibration_error (null: too few), least_answers}; a new object. MATCHER_ERROR_INPUT: too few answers. */
bool interest_learn(struct db *db, int agency_id, json_t **out, GError **error);
