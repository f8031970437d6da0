/* patents.h - which patent a row is about.
 *
 * A patent is one application. Files know it by its application number, by the numbers of its publications, or both; every
 * number leads to the one patent (patent_alias). Its id is XXH3-64 of the first number known, as a signed 64-bit integer, and
 * never changes; where that id is another patent's already, the number is hashed again with PATENT_SALT until it is free.
 * A row that names two known patents shows that they are one: they are merged. One publication belongs to one application:
 * a row that says otherwise is refused. */
#pragma once
#include "loader/chunk.h"

#define PATENT_SALT 0x50617442726964ULL /* "PatBrid" */

/* The id of a number in normal form ("CN201710027729", "CN106970934A"); `salt` 0 at first. */
int64_t patent_id_of(const char *number, uint64_t salt);

bool patents_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error);
/* Whether a row that is alone in its block (patent_keys.h) is about a patent that nothing is known of. */
bool patents_is_new(const struct chunk *chunk, const struct record *row);
bool patents_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                   struct problem *refused, struct problem *notice);
