/* verification.h - the look at everything (service/track/verify.h), by a thread of its own: it takes minutes where there is much, and requests
 * go on meanwhile. One at a time; what the last one found is remembered until the next begins, by this daemon alone. From any thread. */
#pragma once
#include "service/daemon/pool.h"
#include "service/track/verify.h"

typedef struct verification verification_t;

struct verification *verification_new(struct pool *pool);
/* Waits for the one that goes on, if one does. */
void verification_free(struct verification *verification);

/* Begins; the texts of `wish` are copied. False: one goes on. */
bool verification_begin(struct verification *verification, const struct verify_wish *wish);
bool verification_goes_on(struct verification *verification);
/* {state (none, verifying, done, failed), begun_at, ended_at, found: as verify_database() answers, or null}. The caller owns it. */
json_t *verification_tell(struct verification *verification);
