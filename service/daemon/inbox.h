/* inbox.h - what an enterprise does by itself over HTTP: it opens what was pushed to it, posts needs and ends them, says how many pushes it
 * wants and when not. Whatever is asked for is its own, at the agency that its session or key is of; another's is not there. */
#pragma once
#include "service/http/api.h"

/* ---- Pushes (inbox.c) */

/* The codes of feedback's `because`, in words. */
bool inbox_because(struct call *call, GError **error);
/* What a push is about and what came of it: classes, marked words, answers, steps, contracts. */
bool inbox_story(struct call *call, GError **error);
/* Somebody who is signed in opened it: that is kept, once. */
bool inbox_opened(struct call *call, GError **error);

/* ---- Wishes (own_wishes.c) */
bool own_wishes_show(struct call *call, GError **error);
bool own_wishes_put(struct call *call, GError **error);
/* After "stop" the agency's pushes are wanted again. */
bool own_resume_pushes(struct call *call, GError **error);

/* ---- Needs (own_needs.c) */
bool own_needs_list(struct call *call, GError **error);
bool own_needs_put(struct call *call, GError **error);
bool own_needs_close(struct call *call, GError **error);
/* What a text lacks, and which patents it finds, before it is posted. */
bool own_needs_look(struct call *call, GError **error);

/* ---- Look-ups (own_lookups.c) */
/* A patent of the agency by its number. That somebody who is signed in looked it up is kept, once: a deal may rest on it. */
bool own_lookups_make(struct call *call, GError **error);

/* ---- What these share */

/* API_CONFLICT: a key asks. A program that has one fetches; that is nobody's reading. */
bool inbox_person(const struct call *call, GError **error);
/* The row of own_enterprise(), in the transaction that goes on. API_NOT_FOUND: the caller is bound to none. */
json_t *inbox_enterprise(struct call *call, GError **error);
/* Stores a record of this kind under this key as the loader does (records_put), with what the enterprise said; the reference is taken. */
bool inbox_store(struct call *call, const char *kind, const char *key, json_t *record,
                 GError **error);
