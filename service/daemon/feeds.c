#include "service/daemon/feeds.h"
#include "service/cli/feed.h"
#include "service/http/journal.h"
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { PAUSE_S = 5 };

static void say(const json_t *report)
{
    const char *outcome = json_string_value(json_object_get(report, "outcome"));
    bool failed = g_str_equal(outcome, "later") || g_str_equal(outcome, "off");
    char *text = json_dumps(report, JSON_COMPACT);
    if (!g_str_equal(outcome, "same"))
        journal_say(failed ? "warning" : "info", "feed", NULL, text);
    free(text);
}

bool daemon_feed_step(struct daemon *daemon, const _Atomic bool *stop, GError **error)
{
    const struct app *app = daemon->app;
    g_autofree char *folder = feed_folder(app), *allowed = app_setting(app, "allow_private"),
                    *ca_file = app_setting(app, "ca_file"), *today = app_today();
    const struct feeds_settings settings = {.folder = folder,
                                            .allow_private = allowed,
                                            .ca_file = ca_file,
                                            .today = today,
                                            .chinese = app->chinese,
                                            .stop = stop};
    json_auto_t *reports = NULL;
    g_autoptr(GError) why = NULL;
    struct db *db = pool_take(daemon->pool, error);
    if (!db)
        return false;
    bool done = feeds_step(db, &settings, &reports, &why);
    pool_give(daemon->pool, db, !done);
    for (size_t i = 0; i < json_array_size(reports); i++)
        say(json_array_get(reports, i));
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
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

static void *run(void *user)
{
    struct feeds_thread *own = user;
    while (!atomic_load(&own->stop)) {
        g_autoptr(GError) why = NULL;
        if (!daemon_feed_step(own->daemon, &own->stop, &why) && !atomic_load(&own->stop))
            journal_say("error", "feeds", NULL, why->message);
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
