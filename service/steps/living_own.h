/* living_own.h - the inside of a living index: living.c keeps it up to date, living_ask.c is what
 * others ask of it and where it is made, living_build.c makes its base and its files. */
#pragma once
#include "matcher/parts.h"
#include "service/steps/living.h"
#include "sql/match.h"
#include <pthread.h>
#include <stdatomic.h>

struct tail_doc { /* of the newest index, as long as it is built anew with every change */
    int64_t id;
    char *title, *abstract;
    char **classes;
    struct sketch sketch;
};

struct living_state {
    struct parts *parts;
    uint32_t base_parts;
    struct facts *facts;
    GHashTable *newer; /* patent_id -> struct held_patent *; NULL: gone */
    GPtrArray
        *tail; /* struct tail_doc *: of the last part; none: it is full, or there is none */
    int64_t seq, removals;
    bool from_file;
};

struct living_store {
    struct living_options options;
    pthread_mutex_t lock; /* of the table and the dictionary */
    GHashTable *agencies; /* int -> struct living * */
    struct dictionary *dictionary;
    bool has_dictionary;
};

struct living {
    struct living_store *store;
    int agency_id;
    pthread_mutex_t writing; /* whoever changes the state */
    pthread_rwlock_t
        reading; /* held by searches; for writing, only while something is put in its place */
    struct living_state *state;
    pthread_t merger;
    bool has_merger, merging; /* under `writing` */
    atomic_bool stopping;
    atomic_int_fast64_t longest_us, merges;
};

/* Whose ids, all of the part. */
struct match_range living_range(const struct living *living, int64_t since);

struct weighing living_weighing(const struct living *living);

/* Everything from the database, as a new state; written to files where that is wanted. */
struct living_state *living_build(struct living *living, struct db *db, GError **error);
/* Out of the files, if they are good. NULL without error: they are not there, or not to be used, which was said. */
struct living_state *living_load(struct living *living, struct db *db, GError **error);

struct held_patent *living_held_new(const struct match_patent *row);
void living_held_free(gpointer held);
void living_tail_free(gpointer data);
struct living_state *living_state_new(void);
void living_state_free(struct living_state *state);

void living_say(const struct living *living, const char *level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
bool living_is_stopping(void *living);
