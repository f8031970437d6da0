/* asker.h - who asks: by a key, known in memory, or by a session's cookie, looked up in the database with each request.
 *
 * What can be refused by the head alone is refused there, by a thread that must not wait: a cookie without the proof that our page
 * asked (cookie.h); a body of more than ASKER_BODY_MOST of somebody who is not known here; another role. */
#pragma once
#include "service/http/api.h"

enum { ASKER_BODY_MOST = 1 << 20 };

struct asker {
    struct keys *keys;
    struct sessions *sessions;
    const struct api_source *source;
};

/* By the head. call->known says whether it is certain by now; else asker_for_sure() has to be asked. */
bool asker_at_head(struct asker *asker, struct call *call, GError **error);
/* By a worker, with call->db: outside of transactions. */
bool asker_for_sure(struct asker *asker, struct call *call, GError **error);
/* Whose session call->token is, whatever it may; API_NO_KEY: none that goes on. By a worker. */
bool asker_look_up(struct asker *asker, struct call *call, GError **error);
/* Reads the keys again. */
bool asker_refresh(struct asker *asker, struct db *db, GError **error);
