#include "service/daemon/steps.h"
#include "service/cli/index.h"
#include "service/http/journal.h"
#include "sql/notice.h"
#include "sql/step.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    TRY_MS = 1000,    /* between attempts to lead, or to reach the database */
    MINDER_MS = 1000, /* between two signs of life */
    SILENT_MS = 5000, /* a leader without a sign for so long has its session ended */
    SLOWEST_REST_MS = 60000,
};

/* One step's thread. What others touch is guarded by `lock` of struct steps. */
struct stepper {
    const struct step *step;
    char *name; /* under which it is led: each range of patents has a leader of its own */
    struct steps *all;
    pthread_t thread;
    bool awake;       /* something happened that it waits for */
    bool lost;        /* it led, and another one does by now */
    int64_t fence;    /* under which it leads; 0: it does not */
    struct db *db;    /* its own */
    int64_t mark;     /* struct step_work */
    bool said_failed; /* the log has the last failure */
    /* of the minder: the last sign of whoever leads, and when it was new */
    int64_t seen_fence, seen_beats, seen_at_ms;
};

struct steps {
    const struct app *app;
    struct pool *pool;
    char *who;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    atomic_bool stopping;
    pthread_t minder;
    void (*tick)(void *user);
    void *user;
    struct living_store *store;
    int part, parts;
    char *index_folder;
    struct stepper *steppers;
    size_t count;
    size_t running; /* threads, the minder too */
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* Waits, with the lock held, until so long from now or until somebody says that something changed. */
static void wait_ms(struct steps *steps, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += (time_t)(ms / 1000 + ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_cond_timedwait(&steps->changed, &steps->lock, &until);
}

static void pause_ms(struct steps *steps, int64_t ms)
{
    int64_t until = now_ms() + ms;
    pthread_mutex_lock(&steps->lock);
    while (!steps->stopping && now_ms() < until)
        wait_ms(steps, until - now_ms());
    pthread_mutex_unlock(&steps->lock);
}

static void set_fence(struct stepper *stepper, int64_t fence)
{
    pthread_mutex_lock(&stepper->all->lock);
    stepper->fence = fence;
    stepper->lost = false;
    pthread_mutex_unlock(&stepper->all->lock);
}

static bool is_away(const GError *error)
{
    return g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT);
}

/* ---- A step's thread */

static void say(const struct stepper *stepper, const char *level, const char *text)
{
    g_autofree char *line = g_strdup_printf("%s: %s", stepper->name, text);
    journal_say(level, "step", NULL, line);
}

/* A failure is said when it is new; that the database is away is said by the pool, for all of the daemon. */
static void say_failure(struct stepper *stepper, const GError *error)
{
    if (!is_away(error) && !stepper->said_failed)
        say(stepper, "error", error->message);
    stepper->said_failed |= !is_away(error);
}

/* Gives up the session, and with it the lead. */
static void let_go(struct stepper *stepper, bool lost)
{
    if (!stepper->db)
        return;
    if (stepper->fence && !lost)
        step_leave(stepper->db, stepper->name);
    set_fence(stepper, 0);
    pool_give(stepper->all->pool, stepper->db, lost);
    stepper->db = NULL;
}

static bool try_to_lead(struct stepper *stepper)
{
    struct steps *all = stepper->all;
    g_autoptr(GError) error = NULL;
    int64_t fence = 0;
    if (!stepper->db)
        stepper->db = pool_take(all->pool, &error);
    if (stepper->db && step_lead(stepper->db, stepper->name, all->who, &fence, &error)) {
        stepper->mark = 0;
        set_fence(stepper, fence);
        if (fence)
            say(stepper, "info", "leads from now on");
        return fence != 0;
    }
    say_failure(stepper, error);
    let_go(stepper, true);
    return false;
}

static bool is_stopping(void *user)
{
    return atomic_load(&((struct steps *)user)->stopping);
}

/* Keeps what came of it; false: the lead is lost. */
static bool keep_run(struct stepper *stepper, const struct step_work *work, int64_t took_ms,
                     const GError *failure)
{
    g_autoptr(GError) error = NULL;
    const struct step_run run = {stepper->name, stepper->fence, took_ms,
                                 failure ? failure->message : NULL, work->gauges};
    if (failure)
        say_failure(stepper, failure);
    else if (work->news->len > 0)
        say(stepper, "info", work->news->str);
    if (is_away(failure) || g_error_matches(failure, SQL_ERROR, SQL_ERROR_FENCED))
        return false;
    stepper->said_failed &= failure != NULL;
    if (step_note(stepper->db, &run, &error))
        return true;
    say_failure(stepper, error);
    return false;
}

static int64_t run_once(struct stepper *stepper)
{
    int64_t begun = now_ms();
    g_autoptr(GError) error = NULL;
    struct step_work work = {stepper->all->app,   stepper->db,        json_object(),
                             g_string_new(NULL),  is_stopping,        stepper->all,
                             stepper->all->store, stepper->all->part, stepper->all->parts,
                             &stepper->mark};
    stepper->step->run(&work, &error);
    db_rollback(stepper->db);
    int64_t took = now_ms() - begun;
    if (!keep_run(stepper, &work, took, error))
        let_go(stepper, true);
    json_decref(work.gauges);
    g_string_free(work.news, TRUE);
    return took;
}

/* Rests at least as long as the run took, or a step would do nothing but run while much is loaded; then until it is woken, or
 * its time has come. */
static void rest(struct stepper *stepper, int64_t took)
{
    struct steps *all = stepper->all;
    int64_t least = now_ms() + CLAMP(took, stepper->step->least_ms, SLOWEST_REST_MS);
    int64_t latest = now_ms() + stepper->step->every_s * INT64_C(1000);
    pthread_mutex_lock(&all->lock);
    while (!all->stopping && !stepper->lost && now_ms() < MAX(latest, least) &&
           !(stepper->awake && now_ms() >= least))
        wait_ms(all, MAX(1, (stepper->awake ? least : MAX(latest, least)) - now_ms()));
    stepper->awake = false;
    bool lost = stepper->lost;
    pthread_mutex_unlock(&all->lock);
    if (lost) {
        say(stepper, "warning", "another one leads by now");
        let_go(stepper, true);
    }
}

static void ended(struct steps *all)
{
    pthread_mutex_lock(&all->lock);
    all->running--;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static void *do_step(void *data)
{
    struct stepper *stepper = data;
    struct steps *all = stepper->all;
    while (!is_stopping(all)) {
        int64_t took = stepper->fence || try_to_lead(stepper) ? run_once(stepper) : 0;
        if (stepper->fence)
            rest(stepper, took);
        else
            pause_ms(all, TRY_MS);
    }
    let_go(stepper, false);
    ended(all);
    return NULL;
}

/* ---- The minder */

static void wake(const char *topic, void *user)
{
    struct steps *all = user;
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->count; i++) {
        const char *const *topics = all->steppers[i].step->topics;
        all->steppers[i].awake |= !topic || g_strv_contains(topics, topic);
    }
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static int64_t fence_of(struct stepper *stepper)
{
    pthread_mutex_lock(&stepper->all->lock);
    int64_t fence = stepper->fence;
    pthread_mutex_unlock(&stepper->all->lock);
    return fence;
}

/* Its session has ended without its thread having noticed: it may be at rest for long. */
static void tell_lost(struct stepper *stepper, int64_t fence)
{
    struct steps *all = stepper->all;
    pthread_mutex_lock(&all->lock);
    stepper->lost = stepper->fence == fence;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static bool beat(struct steps *all, struct db *db, GError **error)
{
    bool leads;
    for (size_t i = 0; i < all->count; i++) {
        struct stepper *stepper = &all->steppers[i];
        int64_t fence = fence_of(stepper);
        if (fence && !step_beat(db, stepper->name, fence, &leads, error))
            return false;
        if (fence && !leads)
            tell_lost(stepper, fence);
    }
    return true;
}

/* By this process's own steady clock: what the server's clock or this machine's says of the time of day does not matter. */
static bool watch(struct stepper *stepper, struct db *db, const json_t *row, GError **error)
{
    int64_t fence = json_integer_value(json_object_get(row, "fence"));
    int64_t beats = json_integer_value(json_object_get(row, "beats"));
    bool was_ended;
    if (fence != stepper->seen_fence || beats != stepper->seen_beats || fence_of(stepper)) {
        stepper->seen_fence = fence;
        stepper->seen_beats = beats;
        stepper->seen_at_ms = now_ms();
    }
    if (now_ms() - stepper->seen_at_ms < SILENT_MS)
        return true;
    stepper->seen_at_ms = now_ms();
    if (!step_depose(db, stepper->name, fence, beats, &was_ended, error))
        return false;
    if (was_ended)
        say(stepper, "warning", "its leader gives no sign: its session was ended");
    return true;
}

static bool look_around(struct steps *all, struct db *db, GError **error)
{
    json_auto_t *rows = beat(all, db, error) ? step_list(db, error) : NULL;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *name = json_string_value(json_object_get(row, "name"));
        for (size_t k = 0; k < all->count; k++)
            if (g_str_equal(all->steppers[k].name, name) &&
                !watch(&all->steppers[k], db, row, error))
                return false;
    }
    return rows != NULL;
}

/* What was told while nobody listened is lost: whoever begins to listen looks. */
static struct db *begin_to_listen(struct steps *all, GError **error)
{
    struct db *db = pool_take(all->pool, error);
    if (db && notice_listen(db, error)) {
        wake(NULL, all);
        return db;
    }
    if (db)
        pool_give(all->pool, db, true);
    return NULL;
}

static struct db *mind(struct steps *all, struct db *db, int64_t *looked_ms)
{
    g_autoptr(GError) error = NULL;
    if (!db && !(db = begin_to_listen(all, &error))) {
        pause_ms(all, TRY_MS);
        return NULL;
    }
    bool good = notice_wait(db, MINDER_MS / 5, wake, all, &error);
    if (good && now_ms() - *looked_ms >= MINDER_MS) {
        *looked_ms = now_ms();
        good = look_around(all, db, &error);
    }
    if (good)
        return db;
    if (!is_away(error))
        journal_say("error", "steps", NULL, error->message);
    db_rollback(db);
    pool_give(all->pool, db, true);
    return NULL;
}

static void *do_mind(void *data)
{
    struct steps *all = data;
    struct db *db = NULL;
    int64_t looked = 0, ticked = 0;
    while (!is_stopping(all)) {
        if (all->count > 0)
            db = mind(all, db, &looked);
        else
            pause_ms(all, MINDER_MS / 5);
        if (now_ms() - ticked >= MINDER_MS) {
            ticked = now_ms();
            all->tick(all->user);
        }
    }
    if (db)
        pool_give(all->pool, db, true); /* it listens: nobody else's affair */
    ended(all);
    return NULL;
}

/* ---- From start to end */

static char *name_of(const struct steps *all, const struct step *step)
{
    bool ranged = all->parts > 1 && g_str_equal(step->name, "match");
    return ranged ? g_strdup_printf("%s %d/%d", step->name, all->part + 1, all->parts)
                  : g_strdup(step->name);
}

static void add_steppers(struct steps *all, const char *wanted)
{
    size_t count;
    const struct step *steps = steps_all(&count);
    all->steppers = g_new0(struct stepper, count);
    for (size_t i = 0; i < count; i++)
        if (steps_is_wanted(wanted, steps[i].name))
            all->steppers[all->count++] = (struct stepper){
                .step = &steps[i], .name = name_of(all, &steps[i]), .all = all};
}

static struct db *take_db(void *pool, GError **error)
{
    return pool_take(pool, error);
}

static void give_db(struct db *db, bool lost, void *pool)
{
    pool_give(pool, db, lost);
}

static void say_of_index(const char *level, const char *line, void *pool)
{
    (void)pool;
    journal_say(level, "index", NULL, line);
}

struct steps *steps_new(const struct app *app, struct pool *pool, const struct steps_wish *wish,
                        void (*tick)(void *user), void *user, GError **error)
{
    g_autofree char *folder = NULL;
    struct living_options index = {.take = take_db,
                                   .give = give_db,
                                   .say = say_of_index,
                                   .user = pool,
                                   .part = (uint32_t)wish->part,
                                   .parts = (uint32_t)wish->parts};
    if (!index_options(app, &index, &folder, error))
        return NULL;
    struct steps *all = g_new0(struct steps, 1);
    all->store = living_store_new(&index);
    all->index_folder = g_steal_pointer(&folder);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&all->changed, &steady);
    pthread_condattr_destroy(&steady);
    pthread_mutex_init(&all->lock, NULL);
    all->app = app;
    all->pool = pool;
    all->tick = tick;
    all->user = user;
    all->who = g_strdup_printf("%s:%d", g_get_host_name(), (int)getpid());
    all->part = wish->part;
    all->parts = wish->parts;
    add_steppers(all, wish->names);
    all->running = all->count + 1;
    for (size_t i = 0; i < all->count; i++)
        if (pthread_create(&all->steppers[i].thread, NULL, do_step, &all->steppers[i]) != 0)
            g_error("no thread can be had for a step"); /* as when memory is out */
    if (pthread_create(&all->minder, NULL, do_mind, all) != 0)
        g_error("no thread can be had for the steps");
    return all;
}

void steps_stop(struct steps *steps)
{
    pthread_mutex_lock(&steps->lock);
    atomic_store(&steps->stopping, true);
    pthread_cond_broadcast(&steps->changed);
    pthread_mutex_unlock(&steps->lock);
}

bool steps_join(struct steps *steps, int most_ms)
{
    int64_t until = now_ms() + most_ms;
    pthread_mutex_lock(&steps->lock);
    while (steps->running > 0 && now_ms() < until)
        wait_ms(steps, MAX(1, until - now_ms()));
    bool done = steps->running == 0;
    pthread_mutex_unlock(&steps->lock);
    for (size_t i = 0; done && i < steps->count; i++)
        pthread_join(steps->steppers[i].thread, NULL);
    if (done)
        pthread_join(steps->minder, NULL);
    return done;
}

void steps_free(struct steps *steps)
{
    if (!steps)
        return;
    living_store_free(steps->store);
    g_free(steps->index_folder);
    pthread_cond_destroy(&steps->changed);
    pthread_mutex_destroy(&steps->lock);
    for (size_t i = 0; i < steps->count; i++)
        g_free(steps->steppers[i].name);
    g_free(steps->steppers);
    g_free(steps->who);
    g_free(steps);
}

struct living_store *steps_store(struct steps *steps)
{
    return steps->store;
}

struct living_store *steps_whole_store(struct steps *steps)
{
    return steps->parts > 1 ? NULL : steps->store;
}

int steps_led(struct steps *steps)
{
    int led = 0;
    for (size_t i = 0; i < steps->count; i++)
        led += fence_of(&steps->steppers[i]) != 0;
    return led;
}
