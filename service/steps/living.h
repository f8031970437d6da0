/* living.h - the patents of an agency, ready to be searched, kept from one matching to the next.
 *
 *   base    indexes that were built from all patents at once; as files they are a snapshot, mapped when the program starts again
 *   newer   small indexes of what has changed since, the last of them built anew with every change until it is full
 *   gone    deleted and changed patents are not found any more; counts know them until the next merge (matcher/parts.h)
 *   facts   what the filters ask (facts.h); of newer patents in a table beside
 *
 * PostgreSQL has the truth. Changes of patents are numbered under the intake lock, in the order of their commits, so that
 * "changed after number S" misses nothing; what is read twice is taken twice without harm. Patents that are taken back, or found
 * to be the same as others, have no number of their own: a counter of both tells, and all that are held no longer are looked for.
 *
 * Merging is building anew from the database: in a thread of its own when there is one connection more to be had, else at once.
 * The new state is caught up before it is put in place of the old one, and that takes a pointer's time. With d of N patents
 * changed or deleted since the last merge no document frequency is wrong by more than d; at a tenth it is merged. What is merely
 * new is counted exactly. Fewer than `least` patents are built anew as soon as one changed: nothing drifts there.
 *
 * Snapshots: FOLDER/DATABASE-AGENCY.facts, and beside it the index files that it names; then a pair of files for each newer index that is
 * full, written when it is. A start reads what the latest of them does not know: less than `tail` patents, as a rule. A torn, truncated
 * or foreign one, or one of another state of the database (a restored backup: the ledger tells), is not used and said so in one line; of
 * the newer ones, nor are those behind it.
 *
 * From any thread: catching up takes turns, searches hold the state meanwhile and wait only while something is put in its place. */
#pragma once
#include "service/steps/facts.h"
#include "sql/db.h"

enum { LIVING_LEAST = 5000, LIVING_TAIL = 2000 };

struct living_options {
    const char *folder; /* where snapshots lie; NULL: none are kept */
    int64_t
        memory_mb; /* beyond it indexes are used from their files; 0: no limit. Needs a folder */
    uint32_t least;    /* fewer patents are not worth a snapshot; 0: LIVING_LEAST */
    uint32_t tail;     /* a newer index with more patents is full; 0: LIVING_TAIL */
    const char *words; /* the dictionary, as words_open() takes it; NULL: the program's own */
    uint32_t part, parts; /* of the range of ids, the part-th of so many, from 0; 0 of 0: all */
    /* A connection for merging beside everything else; NULL: merged at once, in the caller's transaction. */
    struct db *(*take)(void *user, GError **error);
    void (*give)(struct db *db, bool lost, void *user);
    void (*say)(const char *level, const char *line,
                void *user); /* "info", "warning"; NULL: nobody listens */
    void *user;
};

/* One for each agency, made when first asked for. The strings of the options must outlive it. */
struct living_store;
struct living_store *living_store_new(const struct living_options *options);
/* Merges that run are asked to end, and waited for. */
void living_store_free(struct living_store *store);

struct living;
/* NULL: the dictionary that came with the program can't be read. */
struct living *living_of(struct living_store *store, int agency_id, GError **error);

/* Inside a transaction that may see the agency's rows: reads what has changed, or everything the first time. */
bool living_catch_up(struct living *living, struct db *db, GError **error);

/* Begins to build it in a thread of its own, where there is nothing yet and options.take is set; else does nothing. */
void living_prepare(struct living *living);

/* Of a range: what the other ranges' patents sum to, from now on (matcher/parts.h). After each catching up. */
struct index_totals;
void living_set_others(struct living *living, const struct index_totals *others);

/* What searches look at; stays as it is until it is let go. NULL: it was never caught up. */
struct living_state;
const struct living_state *living_hold(struct living *living);
void living_let_go(struct living *living);

struct living_figures {
    uint32_t docs, deleted, parts; /* patents; those that counts still know; indexes */
    int64_t bytes;                 /* of the indexes */
    int64_t seq;                   /* the change up to which it knows all */
    int64_t merges;                /* since it was made */
    int64_t
        longest_us; /* that a search had to wait for something being put in its place, at the most */
    uint32_t kept;  /* of the indexes behind the base, those that are in files */
    bool from_file; /* its base was mapped, not built */
};
struct living_figures living_figures(struct living *living);
/* Waits for a merge that runs. For tests and measurements. */
void living_settle(struct living *living);

struct parts; /* matcher/parts.h */
struct parts *living_parts(const struct living_state *state);
/* False: not held. What `out` points to lives as long as the state is held. */
bool living_patent(const struct living_state *state, int64_t patent_id,
                   struct held_patent *out);
/* Of every patent changed after `since`. */
void living_changed(const struct living_state *state, int64_t since,
                    void (*each)(const struct held_patent *patent, void *user), void *user);

typedef struct living_store living_store_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(living_store_t, living_store_free)
