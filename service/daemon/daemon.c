#include "service/daemon/daemon.h"
#include "service/daemon/supervisor.h"
#include "service/daemon/tracking.h"
#include "service/http/journal.h"
#include "sql/agencies.h"
#include "sql/api_key.h"
#include "sql/signin.h"
#include <sodium.h>

#define LOAD_MOST (INT64_C(2) << 30) /* bytes of one file of records */

static struct db *take_db(void *user, GError **error)
{
    return pool_take(((struct daemon *)user)->pool, error);
}

static void give_db(struct db *db, bool lost, void *user)
{
    pool_give(((struct daemon *)user)->pool, db, lost);
}

static void changed(void *user)
{
    memory_changed(((struct daemon *)user)->memory);
}

static char *setting(const char *name, void *user)
{
    return app_setting(((struct daemon *)user)->app, name);
}

static void page(const struct request *request, struct answer *answer, void *user)
{
    struct page_source source = tracking_pages(user);
    page_answer(request, answer, &source);
}

static struct api_source source_of(struct daemon *daemon)
{
    size_t count;
    const struct route *routes = daemon_routes(&count);
    return (struct api_source){
        .routes = {routes, count, daemon->kinds, daemon->kind_count},
        .take_db = take_db,
        .give_db = give_db,
        .changed = changed,
        .find_agency = agencies_find,
        .load_keys = api_key_active,
        .setting = setting,
        .page = page,
        .load_most = LOAD_MOST,
        .user = daemon,
    };
}

struct daemon *daemon_new(struct app *app, GError **error)
{
    g_autoptr(daemon_t) daemon = g_new0(struct daemon, 1);
    daemon->app = app;
    if (sodium_init() < 0) {
        g_set_error(error, API_ERROR, API_INTERNAL, "libsodium can't be used here");
        return NULL;
    }
    json_object_seed(0); /* before there are threads */
    daemon->kinds = daemon_kinds(&daemon->kind_count);
    daemon->pool = pool_new(app);
    daemon->memory = memory_new();
    daemon->loading = loading_new();
    daemon->trials = trials_new();
    daemon->verification = verification_new(daemon->pool);
    daemon->openapi = daemon_openapi(daemon->kinds, daemon->kind_count, error);
    if (!daemon->openapi)
        return NULL;
    const struct api_source source = source_of(daemon);
    daemon->api = api_new(&source);
    api_tick(daemon->api); /* the keys are there before the first request */
    return g_steal_pointer(&daemon);
}

void daemon_free(struct daemon *daemon)
{
    if (!daemon)
        return;
    steps_free(daemon->steps);
    api_free(daemon->api);
    verification_free(daemon->verification);
    journal_flush();
    pool_free(daemon->pool);
    memory_free(daemon->memory);
    loading_free(daemon->loading);
    trials_free(daemon->trials);
    daemon_kinds_free(daemon->kinds, daemon->kind_count);
    if (daemon->openapi)
        g_string_free(daemon->openapi, TRUE);
    g_free(daemon);
}

/* ---- Between requests */

void daemon_tick(void *user)
{
    (void)user;
    supervisor_alive();
    journal_flush();
}

/* The ledger is told of sign-ins that failed. */
static void sweep(struct daemon *daemon)
{
    g_autoptr(GError) error = NULL;
    struct db *db = pool_take(daemon->pool, NULL);
    g_autofree char *now = db ? db_clock(db, &error) : NULL;
    if (now)
        signin_sweep(db, now, &error);
    bool lost = g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT);
    if (db)
        pool_give(daemon->pool, db, lost);
    if (error && !lost)
        journal_say("error", "failed sign-ins can't be told", NULL, error->message);
}

void daemon_mind(void *user)
{
    api_tick(((struct daemon *)user)->api);
    sweep(user);
}

/* What is read once, at the start. */
static bool waits_for_a_start(const char *change)
{
    static const char *const names[] = {"port:", "database:", "key_file:"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_has_prefix(change, names[i]))
            return true;
    return false;
}

void daemon_reload(void *user)
{
    struct daemon *daemon = user;
    g_auto(GStrv) changes = NULL;
    g_autoptr(GError) error = NULL;
    supervisor_tell("RELOADING=1");
    if (!app_configure(daemon->app, &changes, &error))
        journal_say("error", "configuration", NULL, error->message);
    else if (!*changes)
        journal_say("info", "configuration", NULL, "nothing has changed");
    for (char **change = changes; change && *change; change++) {
        g_autofree char *text = g_strconcat(
            *change, waits_for_a_start(*change) ? " (from the next start on)" : "", NULL);
        journal_say("info", "configuration", NULL, text);
    }
    supervisor_tell("READY=1");
}
