/* chunk.h - the rows of one transaction: what the database knows of them, the rows applied one by one, and what must be
 * written. Patents find their entry by numbers (patents.h), everything else by its natural key (registers.h).
 *
 * A struct chunk owns its entries; `db`, `kind` and the texts are borrowed. */
#pragma once
#include "loader/entry.h"
#include "loader/patent_keys.h"
#include "loader/record.h"
#include "sql/intake.h"

struct chunk {
    struct db *db;
    const struct kind *kind;
    int agency_id;                       /* 0 when loading agencies */
    const char *today;                   /* the day of loading */
    const char *held_since;              /* the command's claim, or NULL */
    const struct batch_earlier *earlier; /* this very file, loaded before */
    GHashTable *earlier_refused; /* int64_t: places of rows that were refused then, or NULL */
    const struct patent_keys *keys; /* of the rows; NULL where they are no patents */
    char *now;                      /* the transaction's moment, owned */
    int64_t change;                 /* its number */
    int64_t batch_id;
    GPtrArray *entries; /* struct entry *, owned */
    GHashTable *by_key; /* number or natural key -> struct entry *, borrowed; keys owned */
    struct intake_sending *sending; /* chunk_send() has begun, or NULL */
};

void chunk_init(struct chunk *chunk);
/* Lets go of entries, of what is being sent, and of the moment; db, kind and the rest stay. Before the transaction's end where
 * chunk_write() was not come to. */
void chunk_clear(struct chunk *chunk);

/* A new entry, found from now on under `key`. */
struct entry *chunk_add(struct chunk *chunk, const char *key, struct entry *entry);

/* Whether a row is no news: this very file was loaded before, this row was taken then, and nothing but that load has changed
 * the record since. A file may hold rows that change a record to and fro; loading it again would walk the same way once more
 * and end where it stands. */
bool chunk_settled(const struct chunk *chunk, const struct entry *entry,
                   const struct record *row);

/* Sends the record that chunk_apply() has made last, which no other row will touch: the server works on it while more are made.
 * From here to chunk_write() it takes nothing else. */
bool chunk_send(struct chunk *chunk, GError **error);

/* Writes everything that changed, and the refused rows (may be NULL). */
bool chunk_write(struct chunk *chunk, json_t *refusals, GError **error);

/* Reads what is known of the records of these rows (struct record *; rows may repeat). */
bool chunk_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error);

/* Applies one row: `out` says what it did, or `refused` why it can't be taken (false). `notice` may be filled beside true. */
bool chunk_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                 struct problem *refused, struct problem *notice);
