/* push.h - accepted leads become pushes, and pushes reach the enterprises: one run of the worker.
 *
 * A run makes the pushes that are allowed now, in transactions of at most 200 leads, then sends what is due from the outbox until
 * nothing is. It may be repeated, killed at any moment, and run from several places at once: a push is made once, reaches the
 * receiver at least once, and is counted once. */
#pragma once
#include "service/push/seal.h"
#include "sql/db.h"
#include <jansson.h>

struct push_options {
    int agency_id; /* 0: every one */
    double
        floor; /* the floor on fit; frozen on the push as its threshold, leads under it are held back */
    double
        interest_floor; /* the same on the probability of "interested"; where it is not 0, it is the push's threshold */
    bool ignore_quiet; /* send in quiet hours too (the demonstration) */
    const char
        *allow_private;     /* "host:port, …" that may lie in a private network; NULL: none */
    const char *public_url; /* front of links, or NULL */
    const struct mail_relay *relay; /* NULL: no mail can be sent */
    const struct seal_key *key;
    /* What must be true at all, asked anew for each lead (a candidate of sql/push.h): false names the reason by a code. */
    bool (*allow)(const json_t *candidate, const char **reason, void *user);
    void *user;
    bool (*stop)(void *user); /* asked between batches: true ends the run early; NULL: never */
    void *stop_user;
    int64_t now_us; /* 0: the server's clock; tests set it */
};

struct push_report {
    int made;         /* pushes */
    int wires;        /* rows of the outbox written with them */
    int accepted;     /* attempts that a receiver accepted */
    int sent;         /* attempts that a go-between took: a robot's platform, a mail relay */
    int retried;      /* failed attempts, to be tried again */
    int dead;         /* rows that became dead letters */
    int off;          /* endpoints turned off */
    int quiet;        /* rows put off to the end of quiet hours */
    json_t *held;     /* leads held back: {reason: how many} */
    int waiting;      /* rows that remain */
    int dead_letters; /* all there are */
    char *next;       /* when the first of them is due, or NULL */
};
void push_report_clear(struct push_report *report);

/* Makes pushes alone. */
bool push_make_due(struct db *db, const struct push_options *options,
                   struct push_report *report, GError **error);
/* Makes, then sends until nothing is due. What was done before a failure is in the report too. */
bool push_run(struct db *db, const struct push_options *options, struct push_report *report,
              GError **error);
