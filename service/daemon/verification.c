#include "service/daemon/verification.h"
#include "service/http/journal.h"
#include "service/push/schedule.h"
#include <pthread.h>

enum state { NONE, VERIFYING, DONE, FAILED };

struct verification {
    struct pool *pool;
    pthread_mutex_t lock;
    pthread_t thread;
    bool begun; /* the thread is there, or has ended and was not waited for */
    enum state state;
    char *begun_at, *ended_at;
    char *evidence, *stamp_ca, *head, *public_key; /* of the wish */
    json_t *found;
};

struct verification *verification_new(struct pool *pool)
{
    struct verification *verification = g_new0(struct verification, 1);
    verification->pool = pool;
    pthread_mutex_init(&verification->lock, NULL);
    return verification;
}

/* In place of what was; the text is copied. */
static void put(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static void forget(struct verification *verification)
{
    json_decref(verification->found);
    verification->found = NULL;
    put(&verification->begun_at, NULL);
    put(&verification->ended_at, NULL);
}

void verification_free(struct verification *verification)
{
    if (!verification)
        return;
    if (verification->begun)
        pthread_join(verification->thread, NULL);
    forget(verification);
    put(&verification->evidence, NULL);
    put(&verification->stamp_ca, NULL);
    put(&verification->head, NULL);
    put(&verification->public_key, NULL);
    pthread_mutex_destroy(&verification->lock);
    g_free(verification);
}

static json_t *look(struct verification *verification, GError **error)
{
    const struct verify_wish wish = {.evidence = verification->evidence,
                                     .stamp_ca = verification->stamp_ca,
                                     .head = verification->head,
                                     .public_key = verification->public_key};
    struct db *db = pool_take(verification->pool, error);
    json_t *found = db ? verify_database(db, &wish, error) : NULL;
    if (db)
        pool_give(verification->pool, db, !found);
    return found;
}

static void *run(void *user)
{
    struct verification *verification = user;
    g_autoptr(GError) why = NULL;
    g_autofree char *ended_at = NULL;
    json_t *found = look(verification, &why);
    if (why)
        journal_say("error", "verification", NULL, why->message);
    ended_at = schedule_moment_text(g_get_real_time());
    pthread_mutex_lock(&verification->lock);
    verification->found = found;
    put(&verification->ended_at, ended_at);
    verification->state = found ? DONE : FAILED;
    pthread_mutex_unlock(&verification->lock);
    return NULL;
}

/* Under the lock, with nothing going on. */
static bool begin(struct verification *verification, const struct verify_wish *wish)
{
    g_autofree char *now = schedule_moment_text(g_get_real_time());
    if (verification->begun)
        pthread_join(verification->thread, NULL); /* it has ended */
    forget(verification);
    put(&verification->begun_at, now);
    put(&verification->evidence, wish->evidence);
    put(&verification->stamp_ca, wish->stamp_ca);
    put(&verification->head, wish->head);
    put(&verification->public_key, wish->public_key);
    verification->state = VERIFYING;
    verification->begun = pthread_create(&verification->thread, NULL, run, verification) == 0;
    if (!verification->begun)
        verification->state = FAILED;
    return true;
}

bool verification_begin(struct verification *verification, const struct verify_wish *wish)
{
    pthread_mutex_lock(&verification->lock);
    bool free_place = verification->state != VERIFYING && begin(verification, wish);
    pthread_mutex_unlock(&verification->lock);
    return free_place;
}

bool verification_goes_on(struct verification *verification)
{
    pthread_mutex_lock(&verification->lock);
    bool goes_on = verification->state == VERIFYING;
    pthread_mutex_unlock(&verification->lock);
    return goes_on;
}

json_t *verification_tell(struct verification *verification)
{
    static const char *const states[] = {
        [NONE] = "none", [VERIFYING] = "verifying", [DONE] = "done", [FAILED] = "failed"};
    pthread_mutex_lock(&verification->lock);
    json_t *found = json_deep_copy(verification->found); /* another thread's */
    json_t *told = json_pack("{s:s, s:s?, s:s?, s:o}", "state", states[verification->state],
                             "begun_at", verification->begun_at, "ended_at",
                             verification->ended_at, "found", found ? found : json_null());
    pthread_mutex_unlock(&verification->lock);
    return told;
}
