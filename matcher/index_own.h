/* index_own.h - the inside of an index, for the files that build, read and search it. */
#pragma once
#include "matcher/index.h"
#include "matcher/kernel.h"
#include "matcher/list.h"

/* The slot of a hash: it holds number + 1 of the term, or 0 when there is none yet. */
uint32_t *index_slot(const struct index *ix, uint64_t hash);

/* A new table of `count` slots (a power of two) with all terms in it. */
void index_set_slots(struct index *ix, uint32_t count);

/* The length of what a bag holds, the title weighed in. */
uint32_t index_bag_length(const struct index *ix, const struct bag *bag);

/* Lengths as they are kept: a code rises with the length; six bits of it count. */
enum { INDEX_LENGTH_CODES = 64 + 26 * 32 };
uint32_t index_length_code(uint32_t length);
uint32_t index_length_of_code(uint32_t code);

static inline uint32_t index_tiles(const struct index *ix)
{
    return (ix->span + INDEX_TILE - 1) >> INDEX_TILE_BITS;
}

/* Where the lists of a term begin, and where its row does. */
static inline const uint8_t *index_bytes_of(const struct index *ix,
                                            const struct index_term *term)
{
    return ix->bytes + (size_t)term->at * 4;
}

static inline const uint8_t *index_row_of(const struct index *ix, const struct index_term *term)
{
    return ix->rows + (size_t)term->at * (ix->span / 2);
}

/* Bytes of a row's crests: four bits a chunk, whole tiles. */
static inline size_t index_crest_size(const struct index *ix)
{
    return (size_t)index_tiles(ix) * INDEX_TILE_CHUNKS / 2;
}

/* The lists of a term of that form: f = 1, and more. */
void index_open_whole(const struct index *ix, const struct index_term *term,
                      struct list lists[2]);
void index_open_tile(const struct index *ix, const struct index_term *term, uint32_t tile,
                     struct list lists[2]);

/* Asks for them from memory, and for the entry of the tile behind. A tile that does not exist is passed over. */
void index_expect_tile(const struct index *ix, const struct index_term *term, uint32_t tile);

/* A term's postings in `heavy`. */
const struct index_heavy *index_heavy_of(const struct index *ix, uint32_t term,
                                         uint32_t *count);

/* Postings of some terms that follow each other, one term's behind the other's, documents rising. */
struct index_postings {
    uint32_t *docs;
    uint8_t *times; /* below INDEX_TIMES */
};

/* index_pack.c: gives every term its form when it is made, then puts postings where they are kept, in the order of terms: of all of
 * them once, some at a time; ends[i] is where those of the i-th of these end, counted from the first's beginning. They begin where
 * terms[].docs of the terms before it end. MATCHER_ERROR_LIMIT: more than fits. */
struct index_packer;
struct index_packer *index_packer_new(struct index *ix);
bool index_pack(struct index_packer *packer, const struct index_postings *postings,
                const uint32_t *ends, uint32_t terms, GError **error);
/* Frees the packer; the index has what was packed. */
void index_packer_end(struct index_packer *packer);

/* Fills `impacts` from lengths, mean length and weighing. */
void index_set_impacts(struct index *ix);

/* index_check.c: what is wrong with an index whose numbers nobody has looked at yet; NULL: nothing. `impacts` and `ones` need not
 * be there. */
const char *index_find_fault(const struct index *ix);
