#include "service/http/sessions.h"
#include <pthread.h>
#include <sodium.h>
#include <string.h>

struct seen {
    struct principal who;
    char digest[KEY_DIGEST_LEN + 1];
    struct bucket bucket;
    int64_t at_us;
};

struct sessions {
    pthread_mutex_t lock;
    GHashTable *by_id; /* struct seen *, owned; its id is the key */
};

struct sessions *sessions_new(void)
{
    struct sessions *sessions = g_new0(struct sessions, 1);
    pthread_mutex_init(&sessions->lock, NULL);
    sessions->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    return sessions;
}

void sessions_free(struct sessions *sessions)
{
    if (!sessions)
        return;
    g_hash_table_unref(sessions->by_id);
    pthread_mutex_destroy(&sessions->lock);
    g_free(sessions);
}

static bool is_fresh(const struct seen *seen, int64_t now_us)
{
    return now_us - seen->at_us < (int64_t)SESSIONS_KEPT_S * G_USEC_PER_SEC;
}

void sessions_note(struct sessions *sessions, const struct principal *who, const char *digest,
                   int64_t now_us)
{
    pthread_mutex_lock(&sessions->lock);
    struct seen *seen = g_hash_table_lookup(sessions->by_id, who->key_id);
    if (!seen) {
        seen = g_new0(struct seen, 1);
        seen->bucket = (struct bucket){SESSION_RATE, now_us};
        g_strlcpy(seen->who.key_id, who->key_id, sizeof seen->who.key_id);
        g_hash_table_insert(sessions->by_id, seen->who.key_id, seen);
    }
    seen->who = *who;
    seen->at_us = now_us;
    g_strlcpy(seen->digest, digest, sizeof seen->digest);
    pthread_mutex_unlock(&sessions->lock);
}

bool sessions_seen(struct sessions *sessions, const char *id, const char *digest,
                   int64_t now_us, struct principal *out)
{
    pthread_mutex_lock(&sessions->lock);
    const struct seen *seen = g_hash_table_lookup(sessions->by_id, id);
    bool found = seen && is_fresh(seen, now_us) && strlen(digest) == KEY_DIGEST_LEN &&
                 sodium_memcmp(seen->digest, digest, KEY_DIGEST_LEN) == 0;
    if (found)
        *out = seen->who;
    pthread_mutex_unlock(&sessions->lock);
    return found;
}

void sessions_drop(struct sessions *sessions, const char *id)
{
    pthread_mutex_lock(&sessions->lock);
    g_hash_table_remove(sessions->by_id, id);
    pthread_mutex_unlock(&sessions->lock);
}

bool sessions_spend(struct sessions *sessions, const char *id, int64_t now_us,
                    int *retry_after_s)
{
    pthread_mutex_lock(&sessions->lock);
    struct seen *seen = g_hash_table_lookup(sessions->by_id, id);
    bool spent = !seen || bucket_spend(&seen->bucket, SESSION_RATE, now_us, retry_after_s);
    pthread_mutex_unlock(&sessions->lock);
    return spent;
}

static gboolean is_old(gpointer id, gpointer seen, gpointer now_us)
{
    (void)id;
    return !is_fresh(seen, *(const int64_t *)now_us);
}

void sessions_prune(struct sessions *sessions, int64_t now_us)
{
    pthread_mutex_lock(&sessions->lock);
    g_hash_table_foreach_remove(sessions->by_id, is_old, &now_us);
    pthread_mutex_unlock(&sessions->lock);
}
