#include "service/daemon/pool.h"
#include "service/http/journal.h"
#include <pthread.h>

struct pool {
    const struct app *app;
    pthread_mutex_t lock;    /* of the list */
    pthread_mutex_t opening; /* one at a time: opening may start the private cluster */
    GPtrArray *idle;         /* struct db *, owned */
};

struct pool *pool_new(const struct app *app)
{
    struct pool *pool = g_new0(struct pool, 1);
    pool->app = app;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutex_init(&pool->opening, NULL);
    pool->idle = g_ptr_array_new_with_free_func((GDestroyNotify)db_close);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    g_ptr_array_unref(pool->idle);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->opening);
    g_free(pool);
}

static struct db *take_idle(struct pool *pool)
{
    struct db *db = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->idle->len)
        db = g_ptr_array_steal_index_fast(pool->idle, pool->idle->len - 1);
    pthread_mutex_unlock(&pool->lock);
    return db;
}

struct db *pool_take(struct pool *pool, GError **error)
{
    g_autoptr(GError) why = NULL;
    struct db *db = take_idle(pool);
    if (db)
        return db;
    struct app app = app_of_settings(pool->app);
    pthread_mutex_lock(&pool->opening);
    db = app_db(&app, &why);
    /* Told by new connections alone, one after the other: an old one may have been lost long ago. */
    const char *reason = why ? why->message : NULL;
    journal_database(db != NULL, reason);
    pthread_mutex_unlock(&pool->opening);
    if (!db)
        g_set_error(error, SQL_ERROR, SQL_ERROR_CONNECT, "%s", reason ? reason : "");
    return db;
}

void pool_give(struct pool *pool, struct db *db, bool lost)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func((GDestroyNotify)db_close);
    pthread_mutex_lock(&pool->lock);
    g_ptr_array_add(lost ? gone : pool->idle, db);
    while (lost && pool->idle->len)
        g_ptr_array_add(gone, g_ptr_array_steal_index_fast(pool->idle, pool->idle->len - 1));
    pthread_mutex_unlock(&pool->lock);
}
