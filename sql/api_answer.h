/* api_answer.h - requests that were sent with an idempotency key: done once, answered the same for a day.
 *
 * Each call is a transaction of its own. One that was begun and has no answer after API_ANSWER_GIVEN_UP_S was killed in the
 * middle; the same request may then begin it again: everything that the interface does can be done again with the same end. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

enum { API_ANSWER_KEPT_S = 24 * 3600, API_ANSWER_GIVEN_UP_S = 120 };

enum api_answer_state {
    API_ANSWER_BEGUN,   /* it is ours: do it, then api_answer_finish() or api_answer_drop() */
    API_ANSWER_KNOWN,   /* *answer: {status, type, etag or null, body} */
    API_ANSWER_WORKING, /* somebody else is at it */
    API_ANSWER_OTHER,   /* the key was used for another request */
};

struct api_answer_id {
    const char *key_id, *idempotency_key;
    const char *digest; /* SHA-256 over method, target and body, hexadecimal */
    int64_t now_s;      /* seconds since 1970 */
};

bool api_answer_begin(struct db *db, const struct api_answer_id *id,
                      enum api_answer_state *state, json_t **answer, GError **error);
bool api_answer_finish(struct db *db, const struct api_answer_id *id, int status,
                       const char *type, const char *etag, const char *body, GError **error);
/* It could not be done, and may be tried again. */
bool api_answer_drop(struct db *db, const struct api_answer_id *id, GError **error);
/* Forgets those of more than a day ago. */
bool api_answer_expire(struct db *db, int64_t now_s, GError **error);
