/* ledger.h - what can't be quietly changed: every transaction that changes something that can change a count leaves an
 * entry, hash-chained to the one before. docs/ledger.md defines the bytes that are hashed.
 *
 * A verb of sql/ says what its transaction is about (ledger_say) and which rows it touched (ledger_touch); db_commit() then
 * appends the entry in that same transaction, computing the digests of those rows from the tables. Entries take turns from
 * that moment to the commit. A rollback forgets what was said. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* What this transaction is about; NULL for what is not said. The first call of a transaction holds. */
struct ledger_about {
    const char *
        kind; /* load, decide, push, event, feedback, account, sign_in, channel, policy, attach, snapshot, erase */
    int agency_id;       /* 0: none */
    const char *who;     /* an account; NULL: the one that db_sign() named */
    const char *subject; /* a file, a name */
    const char *reason;
    bool always; /* an entry even where no row changes */
};
void ledger_say(struct db *db, const struct ledger_about *about);

/* Rows of a source (a table, or TABLE_version) whose column `by` is one of `ids` ([string]; the reference is taken). With
 * `at`, only those that were written at that moment. */
void ledger_touch(struct db *db, const char *source, const char *by, json_t *ids,
                  const char *at);
/* One id. */
void ledger_touch_one(struct db *db, const char *source, const char *by, const char *id,
                      const char *at);
/* Rows that a merge moved: also those that are gone from under these ids. `moments`: what ledger_moments() had read before they went;
 * taken; NULL where their versions stay. */
void ledger_touch_moved(struct db *db, const char *source, const char *by, json_t *ids,
                        json_t *moments);
/* Since when the rows of these records ("{1,2}") are there, for ledger_touch_moved(). */
bool ledger_moments(struct db *db, const char *source, const char *by, const char *ids,
                    json_t **moments, GError **error);
/* Until the transaction ends: it will be undone, and what it touches need not be kept in mind. */
void ledger_pause(struct db *db);

/* A page of entries after `after`: [{number, body, digest, rows, rows_digest}], numbers as text. */
json_t *ledger_entries(struct db *db, int64_t after, int limit, GError **error);

/* {number, digest} of the last entry. */
json_t *ledger_head(struct db *db, GError **error);

/* The first row, by the entry that knew it last, that is not as the ledger says: {number or null, source, key, what}, JSON
 * null when all is well. what: altered, missing, foreign (no entry knows it), altered_before (it was altered, then changed),
 * no_entry (its entry is gone), no_source (its table is not known). Reads every row; in a transaction that reads them all. */
json_t *ledger_first_altered(struct db *db, GError **error);
