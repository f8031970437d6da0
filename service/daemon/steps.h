/* steps.h - what the daemon does by itself: each step has a thread, which runs it by schedule and when something was committed
 * that it waits for (sql/notice.h). Of several daemons on one database one leads each step (sql/step.h); the others stand by.
 *
 *   a thread a step:  lead? ──yes──> run ──> keep what came of it ──> wait ──> run …
 *   the minder:       tells threads of changes, says once a second that leaders live, ends sessions of silent ones
 *
 * A leader that dies is followed at once, one that is stopped within 10 seconds. */
#pragma once
#include "service/cli/app.h"
#include "service/daemon/pool.h"
#include "service/steps/living.h"

/* A run of a step, for the function that does it. */
struct step_work {
    const struct app *app;    /* settings */
    struct db *db;            /* the leader's session */
    json_t *gauges;           /* to be filled: {name: number} for /metrics */
    GString *news;            /* to be filled: what was done, for the log; empty: nothing */
    bool (*stop)(void *user); /* true: end soon, between transactions */
    void *user;
    struct living_store *store; /* the patents' indexes, kept from run to run */
    int part, parts;            /* of the range of patents; 0 of 0: all */
    int64_t *mark; /* a number that the step keeps from run to run; 0 when it begins to lead */
};

struct step {
    const char *name;
    int every_s;               /* at the latest */
    int least_ms;              /* from the end of a run to the next */
    const char *const *topics; /* NULL-ended: what wakes it */
    bool (*run)(struct step_work *work, GError **error);
    const char *help;
};

/* Every step there is (work.c). */
const struct step *steps_all(size_t *count);

typedef struct steps steps_t;

struct steps_wish {
    const char *names; /* as steps_check takes them */
    int part,
        parts; /* match with the part-th of so many ranges of patents, from 0; 0 of 0: with all */
};

/* Which of them: "all", "none", or names with commas between; APP_ERROR_USAGE names one that is not there. */
bool steps_check(const char *wanted, GError **error);
/* Whether such a wish, which was checked, has this one. */
bool steps_is_wanted(const char *wanted, const char *name);
/* Starts them (NULL: a setting of the index can't be), and the minder, which also calls `tick` about once a second. */
struct steps *steps_new(const struct app *app, struct pool *pool, const struct steps_wish *wish,
                        void (*tick)(void *user), void *user, GError **error);
/* The patents' indexes, which requests may search, too. */
struct living_store *steps_store(struct steps *steps);
/* The same where they are of all patents; NULL: of a range of them. */
struct living_store *steps_whole_store(struct steps *steps);
/* No run is begun any more, and those that run are asked to end. */
void steps_stop(struct steps *steps);
/* Waits at most so long for them to end; false: one did not, and its memory may not be freed. */
bool steps_join(struct steps *steps, int wait_ms);
void steps_free(struct steps *steps);
/* How many steps this daemon leads now. */
int steps_led(struct steps *steps);
