/* load.h - one file, from its first byte to the database's last row.
 *
 * The file is read in chunks of LOAD_CHUNK_ROWS rows; each is one transaction that also moves the batch's checkpoint. Killed at
 * any moment and run again, the same file goes on behind its last checkpoint and ends in the same state and the same report.
 * read = new + changed + same + refused, always. Facts are looked over beforehand: rows of one file that contradict each other
 * about one fact are all refused, rows of one contract that differ only in the right are joined. */
#pragma once
#include "loader/feed.h"
#include "loader/kind.h"
#include "sql/db.h"
#include <jansson.h>

/* Rows so far and lines so far, of how many. */
typedef void load_progress(int64_t rows, int64_t lines, int64_t lines_total, void *user);

struct load_options {
    const struct kind *kind;
    const char *map_file;    /* NULL: the table of names alone */
    int agency_id;           /* 0 for agencies themselves */
    const char *held_since;  /* a claim for registers, "2025-06-30"; NULL: the day of loading */
    const char *refused_dir; /* NULL: beside the input */
    const char *today;
    bool chinese;         /* the language of the refused file */
    bool dry_run;         /* everything but the commit */
    const char *encoding; /* of a text file; NULL: by its bytes */
    bool skip_hidden;     /* XLSX: leave out hidden rows and sheets */
    const GPtrArray *
        saved; /* struct saved_mapping *: mappings that are recognised by a header; NULL: none */
    const char *name; /* what the file is called in reports and batches; NULL: its path */
    /* Asked inside each chunk's transaction, when its turn has come: false and error, and nothing of it is written. May be NULL */
    bool (*check)(struct db *db, void *user, GError **error);
    void *check_user;
    load_progress *progress; /* may be NULL */
    void *progress_user;
};

/* Loads a file ("-" is stdin). `report` gets the document that INTERFACE calls `load --json`, with `warnings` (the first
 * hundred values that were taken with a remark), `refused_file`, `sheets` (XLSX)
 * and `mapping` (a saved one that was recognised) beside; the caller owns it. LOADER_ERROR_… when the file
 * itself can't be read, SQL_ERROR_… when the database failed: what was committed stays, run it again. */
bool load_file(struct db *db, const char *path, const struct load_options *options,
               json_t **report, GError **error);
