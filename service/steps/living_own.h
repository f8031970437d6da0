/* living_own.h - the inside of a living index: living.c keeps it up to date, living_ask.c is what
 * others ask of it and where it is made, living_build.c makes its base, living_files.c finds the files again, living_newer.c keeps
 * what is newer. */
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
    struct facts_mark base; /* of the base */
    struct facts_mark now;  /* where the database stood when it was caught up last */
    GArray *
        closed; /* int64_t: of each newer index that is full, the change up to which it and those before know all */
    uint32_t kept;     /* of these are in files */
    uint64_t identity; /* of the latest file that holds any of it; 0: the base is in none */
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

/* living_files.c. A stem is "FOLDER/1f0e3dad9990-1", or "…-1-2of3" of a range. */
bool living_keeps_files(const struct living *living);
char *living_stem(const struct living *living, const char *database);
char *living_index_path(const char *stem, int64_t seq, uint32_t file);
uint64_t living_identity(void);
/* Of a row of match_mark; `files` are none yet. */
struct facts_mark living_mark(const struct living *living, const json_t *now);
/* Why a file is not of this database, or not of a state that it has been in; `now` is asked for the file's entry of the ledger. */
const char *living_what_is_foreign(const struct living *living, const struct facts_mark *mark,
                                   const json_t *now);
/* Whether there are facts of every document. */
bool living_has_facts(const struct index *ix, const struct facts *facts);

/* living_newer.c: writes those full indexes behind the base that are in no file yet. What can't be written costs the next start some time,
 * and is said. */
void living_newer_keep(struct living *living, struct living_state *state);
/* Appends what was kept behind the base to `indexes`, and its facts to the state; ends at the first that is not to be used, which is said.
 * False: the database failed. */
bool living_newer_load(const struct living *living, struct db *db, const char *stem,
                       struct living_state *state, GPtrArray *indexes, GError **error);
/* Takes what is held no more out of the state's parts. */
void living_newer_drop(struct living_state *state);

/* Everything from the database, as a new state; written to files where that is wanted. */
struct living_state *living_build(struct living *living, struct db *db, GError **error);
/* Out of the files, if they are good. NULL without error: they are not there, or not to be used, which was said. */
struct living_state *living_load(struct living *living, struct db *db, GError **error);

struct held_patent *living_held_new(const struct match_patent *row);
struct held_patent *living_held_copy(const struct held_patent *patent);
void living_held_free(gpointer held);
void living_tail_free(gpointer data);
struct living_state *living_state_new(void);
void living_state_free(struct living_state *state);

void living_say(const struct living *living, const char *level, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
bool living_is_stopping(void *living);
