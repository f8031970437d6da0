/* crew.h - several sessions that see the state of one: what each is asked, the server works on at the same time.
 *
 * The first is the session whose transaction is open already (track_begin()); the others are opened beside it, read only, and end with
 * the crew. One thread uses all of them. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct crew;

/* Up to `count` sessions in all; fewer, but never less than the one, where the server takes no more. */
struct crew *crew_new(struct db *db, int count);
/* Two for so many questions about figures, where the database is so large that this is worth it; else the one. */
struct crew *crew_for(struct db *db, size_t count);
void crew_free(struct crew *crew);

int crew_size(const struct crew *crew);
struct db *crew_at(const struct crew *crew, int at);

/* A statement that reads, as for db_run(). */
struct crew_question {
    const char *sql;
    int count;
    const char *const *values;
    json_t *rows; /* the answer, as db_rows() gives it; the caller's */
};

/* Asks all of them, each of whichever member has nothing to do, in their order. `what`: as for db_run(). False and error as soon as one
 * fails; what was answered before is the caller's all the same. */
bool crew_ask(struct crew *crew, struct crew_question *questions, size_t count,
              const char *what, GError **error);
