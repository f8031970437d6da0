/* snapshot.h - official snapshots: the figures of a policy on a day, every row behind them, the pack with its version, and
 * the papers handed in, as lines that are chained, numbered and signed. docs/ledger.md defines the bytes.
 *
 * Lines are JSON objects; `part` says which:
 *   head      first: format, snapshot (number), policy, version, pack_digest, as_of, known_at, taken_at, taken_by, previous
 *             (digest of the snapshot before), ledger {seq, digest} (the ledger's head when it was taken)
 *   pack      text, as its file has it
 *   row       metric, n (running number within it, from 1), row: as `track --evidence` shows it
 *   figures   document, as figures.h says: what the rows before come to
 *   document  a paper: agency, kind, key, paper, name, sha256, size
 *   end       last: lines before it, totals [{metric, agency, rows, counted}]
 * Names of persons stand as salted digests. */
#pragma once
#include "service/track/figures.h"
#include "service/track/sign.h"
#include <stdio.h>

struct snapshot_wish {
    const struct pack *pack;
    struct figures_request figures; /* known_at may be NULL: now */
    const char *taken_by;           /* an account, or NULL */
    const struct sign_key *key;
    FILE *file; /* of a snapshot_file, or NULL: gets the lines as they are kept */
};

/* Takes one and keeps it, by a second session beside `db`. {number, policy, version, as_of, known_at, lines, previous, digest, public_key, signature}; NULL and
 * SQL_ERROR_AGAIN when another program drew a salt for the same name meanwhile. */
json_t *snapshot_take(struct db *db, const struct snapshot_wish *wish, GError **error);

/* [{number, policy, version, as_of, taken_at, lines, previous, digest, public_key, signature}]. The caller owns it. */
json_t *snapshot_all(struct db *db, GError **error);

/* Writes a snapshot (0: the last) to one file: "CHAIN BODY" a line, then "signature PUBLIC_KEY SIGNATURE". */
bool snapshot_export(struct db *db, int64_t number, const char *path, GError **error);

/* The same file written while the snapshot is taken, rather than read back, as PATH.part until it is whole (a link, a device or a pipe gets it at once);
 * what was begun and not ended is removed. */
typedef struct snapshot_file {
    char *path, *part;
    FILE *out;
} snapshot_file_t;
FILE *snapshot_file_begin(struct snapshot_file *file, const char *path, GError **error);
bool snapshot_file_end(struct snapshot_file *file, struct db *db, int64_t number,
                       GError **error);
void snapshot_file_clear(struct snapshot_file *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(snapshot_file_t, snapshot_file_clear)

/* What is handed to the official: the heads of ledger and snapshots as text that `verify --head` reads. The caller frees. */
char *snapshot_head_text(struct db *db, const struct sign_key *key, GError **error);
