/* packer.h - the ledger's lines of rows that are sent by COPY, made by a thread of its own while the server takes them in.
 *
 * Internal to sql/. packer_new(), packer_column() for each column, packer_row() or packer_texts() for each row, packer_start(),
 * packer_end(). What rows and texts point to is borrowed, and must stay as it is until packer_end(). */
#pragma once
#include "sql/ledger_pack.h"
#include <libpq-fe.h>

/* A source of the ledger, and which columns name its rows. Borrowed by what is made of it. */
struct packer_source {
    const char *name, *record; /* `record`: the column of the record's id */
    const char *key[4];        /* the columns of the key; NULL ends them */
};

struct packer;

struct packer *packer_new(const struct packer_source *source);
/* Ends the thread, too. */
void packer_free(struct packer *packer);

/* `set` (copied; NULL: nothing): what the column is where a row has no such member, or `always`. */
void packer_column(struct packer *packer, const char *name, Oid type, const char *set,
                   bool always);
/* One row; members that are no column are passed over. */
void packer_row(struct packer *packer, json_t *row);
/* One row of a value for each column, in the order in which they were said; NULL: null. */
void packer_texts(struct packer *packer, const char *const texts[]);

void packer_start(struct packer *packer);
/* The column of the records' ids. */
const char *packer_record(const struct packer *packer);
/* Waits for the thread. The pack is the caller's from here on. */
struct ledger_pack *packer_end(struct packer *packer);
