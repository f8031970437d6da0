/* patent_keys.h - what the patents of a block are known by, gathered by the thread that reads while the block before is written.
 *
 * Borrows from the rows, which must stay where they are. */
#pragma once
#include <glib.h>
#include <stdint.h>

struct feed_row;

struct patent_keys {
    GPtrArray *numbers; /* const char *: every number of every row; one may stand there twice */
    GArray *ids; /* int64_t, beside `numbers`: the id that it is given when it is unknown */
    /* struct feed_row *, by id: rows of which no number, nor its id, is any other row's. Whatever order they are taken in,
     * before or after all others, the end is the same; and in this order the server's indexes by id grow in one go. */
    GPtrArray *alone;
};

/* rows: struct feed_row *, of patents; those that are refused are passed over. The caller owns it. */
struct patent_keys *patent_keys_new(const GPtrArray *rows);
void patent_keys_free(struct patent_keys *keys);
