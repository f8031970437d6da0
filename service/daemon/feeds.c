#include "service/daemon/feeds.h"
#include "service/cli/feed.h"
#include "service/http/journal.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { PAUSE_S = 5 };

static void add_news(GString *news, const json_t *report)
{
    const char *outcome = json_string_value(json_object_get(report, "outcome"));
    char *text = g_str_equal(outcome, "same") ? NULL : json_dumps(report, JSON_COMPACT);
    if (text)
        g_string_append_printf(news, "%s\n", text);
    free(text);
}

bool daemon_feed_step(const struct app *app, struct db *db, bool (*stop)(void *user),
                      void *user, GString *news, GError **error)
{
    g_autofree char *folder = feed_folder(app), *allowed = app_setting(app, "allow_private"),
                    *ca_file = app_setting(app, "ca_file"), *today = app_today();
    const struct feeds_settings settings = {.folder = folder,
                                            .allow_private = allowed,
                                            .ca_file = ca_file,
                                            .today = today,
                                            .chinese = app->chinese,
                                            .stop = stop,
                                            .stop_user = user};
    json_auto_t *reports = NULL;
    bool done = feeds_step(db, &settings, &reports, error);
    for (size_t i = 0; i < json_array_size(reports); i++)
        add_news(news, json_array_get(reports, i));
    return done;
}

/* ---- A thread of its own */

struct feeds_thread {
    struct daemon *daemon;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    _Atomic bool stop;
};

static void pause_between(struct feeds_thread *own)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAUSE_S;
    pthread_mutex_lock(&own->lock);
    if (!atomic_load(&own->stop))
        pthread_cond_timedwait(&own->wake, &own->lock, &until);
    pthread_mutex_unlock(&own->lock);
}

static bool is_stopped(void *user)
{
    return atomic_load(&((struct feeds_thread *)user)->stop);
}

static void look_once(struct feeds_thread *own)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GString) news = g_string_new(NULL);
    struct pool *pool = own->daemon->pool;
    struct db *db = pool_take(pool, &why);
    if (db) {
        bool done = daemon_feed_step(own->daemon->app, db, is_stopped, own, news, &why);
        pool_give(pool, db, !done);
    }
    if (news->len)
        journal_say("info", "feeds", NULL, news->str);
    if (why && !is_stopped(own))
        journal_say("error", "feeds", NULL, why->message);
}

static void *run(void *user)
{
    struct feeds_thread *own = user;
    while (!is_stopped(own)) {
        look_once(own);
        pause_between(own);
    }
    return NULL;
}

struct feeds_thread *feeds_start(struct daemon *daemon)
{
    struct feeds_thread *own = g_new0(struct feeds_thread, 1);
    own->daemon = daemon;
    pthread_mutex_init(&own->lock, NULL);
    pthread_cond_init(&own->wake, NULL);
    pthread_create(&own->thread, NULL, run, own);
    return own;
}

void feeds_stop(struct feeds_thread *own)
{
    if (!own)
        return;
    pthread_mutex_lock(&own->lock);
    atomic_store(&own->stop, true);
    pthread_cond_signal(&own->wake);
    pthread_mutex_unlock(&own->lock);
    pthread_join(own->thread, NULL);
    pthread_cond_destroy(&own->wake);
    pthread_mutex_destroy(&own->lock);
    g_free(own);
}
