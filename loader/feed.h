/* feed.h - the rows of a file as records, read ahead by a thread while the ones before are being written.
 *
 *   reader ──> record ──> [block being filled] ──> [block that waits] ──> feed_next(): the block in work
 *
 * Rows come in blocks of at most LOAD_CHUNK_ROWS rows and LOAD_CHUNK_BYTES bytes; at most the three above are in memory, and one that was given back. From
 * feed_start() to feed_free() the reader belongs to the thread, apart from what does not change once a file is open: headers,
 * format, name. A block belongs to who took it. */
#pragma once
#include "loader/duplicates.h"
#include "loader/patent_keys.h"
#include "loader/record.h"
#include "loader/refusal.h"

enum { LOAD_CHUNK_ROWS = 5000, LOAD_CHUNK_BYTES = 24 << 20 };

/* A row that waits to be taken in: a record, or a refusal already; and the row as read, should it be refused yet. */
struct feed_row {
    struct record record;
    struct refusal refusal;
    bool refused;
    bool taken;         /* applied already, before its turn in the file */
    struct raw_row raw; /* a copy */
};

void feed_row_refuse(struct feed_row *row, const char *column, struct problem *problem);

struct feed_block {
    GPtrArray *rows;          /* struct feed_row *, in the order of the file */
    struct patent_keys *keys; /* of the rows; NULL: they are no patents */
    int64_t skipped;          /* reader_skipped() up to here */
    bool last;                /* the file has ended */
};
void feed_block_free(struct feed_block *block);
/* Takes the first `count` rows off. */
void feed_block_drop(struct feed_block *block, guint count);
typedef struct feed_block feed_block;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(feed_block, feed_block_free)

struct feed;

/* Begins to read. Both are borrowed until feed_free(); `duplicates` NULL: rows of one file can't contradict each other. */
struct feed *feed_start(struct reader *reader, const struct duplicates *duplicates,
                        GError **error);

/* Waits for the next block. NULL: reading failed, or nothing comes after the last. */
struct feed_block *feed_next(struct feed *feed, GError **error);

/* Takes a block that is done with: the thread frees it, which is work, while the next one is written. */
void feed_give_back(struct feed *feed, struct feed_block *block);

/* Ends the thread, wherever it is. */
void feed_free(struct feed *feed);
typedef struct feed feed_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(feed_t, feed_free)
