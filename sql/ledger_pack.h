/* ledger_pack.h - rows of one source that a transaction brings anew. Their digests are reckoned here, from what is sent, and
 * their lines go into the ledger as they are hashed (docs/ledger.md, "Rows"): the server neither reckons nor indexes them.
 *
 * Internal to sql/. A pack is the caller's until ledger_take_pack(). */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct db;
struct ledger_pack;

/* Of a source, by its name. */
struct ledger_pack *ledger_pack_new(const char *source);
void ledger_pack_free(struct ledger_pack *pack);

/* A row by its key, the id of the record that it belongs to (decimal digits), and its canonical text. */
void ledger_pack_add(struct ledger_pack *pack, const char *key, const char *record_id,
                     const char *form, size_t len);
/* A row whose canonical text only the server can tell: it is asked for the rows of that record. */
void ledger_pack_unsure(struct ledger_pack *pack, const char *record_id);

/* Puts the lines in the order of their keys; done anyway when they are written. */
void ledger_pack_order(struct ledger_pack *pack);

/* The open transaction's entry has these lines, too; the pack is taken. `by` is the column of the unsure rows' ids, `at` the moment of
 * writing, of which a transaction has one. */
void ledger_take_pack(struct db *db, struct ledger_pack *pack, const char *by, const char *at);

/* Writes the packs' lines under the entry that comes next, and answers {rows, digest}: how many, and the digest over them, as
 * ledger_rows_digest() would. Entries take turns from here to the commit. NULL and error. */
json_t *ledger_write_packs(struct db *db, GPtrArray *packs, GError **error);
