/* pool.h - connections to the database, one for each thread that needs one at the moment. From any thread. */
#pragma once
#include "service/cli/app.h"

typedef struct pool pool_t;

struct pool *pool_new(const struct app *app);
void pool_free(struct pool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pool_t, pool_free)

/* One that nobody uses, or a new one. SQL_ERROR_CONNECT also where the schema is not this program's: it can't be used now. */
struct db *pool_take(struct pool *pool, GError **error);
/* Gives it back; one that is `lost` is closed, and with it all that nobody uses: they have gone the same way. */
void pool_give(struct pool *pool, struct db *db, bool lost);
