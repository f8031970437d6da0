/* index.h - which documents have which term, and what each term is worth.
 *
 * struct index_builder takes documents in any order; index_finish turns it into a struct index, which never changes again and
 * may be read from many threads. The index knows two things apart from each other:
 *
 *   the documents' part    8 bits a posting, set when the index is built:
 *       impact = round(255 · (tfn + δ) / (k1 + 1 + δ)), at least 1
 *       tfn    = (k1 + 1) f / (f + k1 (1 - b + b · length / mean length))
 *       f, length: times in the abstract + title_times · times in the title. A place in a classification has impact 255.
 *   the terms' part        one number a term, taken when a query is prepared (query.h):
 *       w  = ln(1 + (N - df + .5)/(df + .5)) · p2^α · pt^β
 *       p2 = (df2 + π)/(df + 1)         share of its documents that repeat it (title counted once)
 *       pt = (d_TA + 5ρ)/(d_A + 5)      share of those with it in the abstract that have it in the title
 *       π  = (Σdf2 + 1)/(Σdf + 3), ρ = (Σd_TA + 1)/(Σd_A + 10), over all terms of the collection
 *       α shrinks where nothing is repeated: see index_alpha
 *       place of a classification:  w = class_factor · ln((n_above + 1)/(n + 1)), n its documents, n_above those of the
 *       place above it (of the section: N). What the places of a path are worth then sums to -ln of the share of documents
 *       at its end: narrow places are worth more, and a level that tells nothing new is worth nothing.
 * (What is added to the sums of π and ρ is there for the smallest collections, where nothing may be repeated at all.)
 * So N and df may change without touching a posting. A term that no document has is worth what these formulas say for df = 0.
 *
 * Documents are kept in the order of their ids, in tiles of 16,384. A term's postings lie together, and are cut into blocks,
 * one for each tile that has any:
 *
 *   terms[t].first_block ─> blocks: | tile 0, max 201 | tile 2, max 90 |   (term t+1's blocks follow)
 *                                        │ start             │ start
 *   post_docs    (16 bits)    [ 3 17 902 16001 ]      [ 5 77 ]             document within its tile, rising
 *   post_impacts  (8 bits)    [ 90 201 77 120  ]      [ 90 31 ]
 */
#pragma once
#include "matcher/bag.h"

struct weighing {
    double k1, b;        /* BM25 */
    double alpha, beta;  /* exponents of p2 and pt */
    double delta;        /* δ, for matched terms */
    double class_factor; /* how much classification weighs against text */
    uint32_t title_times;
    double kind_factor[TERM_KINDS]; /* how much each kind of term weighs; 0: not at all */
    const struct dictionary
        *dictionary; /* cuts Han into words; NULL: only pairs. It must outlive the index */
};

/* What ranks best without a dictionary. On 331 real needs against 9,063 abstracts (MRR@10 / R@100; differences of .01 are
 * within the error): α .6 β .1 .681 / .909; α .5 .679 / .900; α .5 β .15 δ .25 .680 / .906; plain BM25 .654 / .882. */
extern const struct weighing weighing_default;
/* Plain BM25, k1 = 1.2, b = .75, title counted once: to compare with others. */
extern const struct weighing weighing_bm25;

enum { INDEX_TILE_BITS = 14, INDEX_TILE = 1 << INDEX_TILE_BITS, INDEX_IMPACT_MAX = 255 };
#define INDEX_NONE UINT32_MAX

struct index_term {
    uint64_t hash;
    uint32_t docs;        /* df: documents that have it */
    uint32_t repeat;      /* df2: … twice or more, the title counted once */
    uint32_t in_text;     /* d_A: … in the abstract */
    uint32_t in_both;     /* d_TA: … in abstract and title */
    uint32_t first_block; /* its blocks end where the next term's begin */
    uint8_t level, kind;  /* as in struct bag_entry */
};

/* Of one kind of terms; the kinds are weighed as if each had an index of its own. */
struct index_kind {
    double mean_length, repeat_prior, title_prior; /* mean length, π, ρ */
};

struct index_block {
    uint32_t start; /* its postings end where the next block's begin */
    uint16_t tile;
    uint8_t max; /* the greatest impact in it */
};

struct index {
    struct weighing weighing;
    uint32_t doc_count;
    int64_t *ids; /* rising; a document's number is its place here */
    struct index_kind kinds[TERM_KINDS];
    uint32_t term_count;
    struct index_term *terms; /* term_count + 1: the last one only ends the blocks */
    uint32_t *slots;          /* hash table over terms: number + 1, or 0 */
    uint32_t slot_mask;
    uint32_t block_count;
    struct index_block *blocks; /* block_count + 1 */
    uint16_t *post_docs;
    uint8_t *post_impacts;
};

struct index_builder;
struct index_builder *index_builder_new(const struct weighing *weighing);
void index_builder_free(struct index_builder *builder); /* not after index_finish */

void index_add(struct index_builder *builder, const struct document *document);
/* A document that somebody else has cut into tokens (terms_hash_token). */
void index_add_tokens(struct index_builder *builder, int64_t id, const uint64_t *tokens,
                      size_t count);

/* Takes the builder, whether it succeeds or not. MATCHER_ERROR_INPUT: two documents have one id. MATCHER_ERROR_LIMIT: more
 * than 2^30 documents or 2^32 postings. An index of no documents is fine. */
struct index *index_finish(struct index_builder *builder, GError **error);
void index_free(struct index *ix);

/* A document's number, or INDEX_NONE; a term's number, or INDEX_NONE. */
uint32_t index_find(const struct index *ix, int64_t id);
uint32_t index_find_term(const struct index *ix, uint64_t hash);

/* What a document has of a term: 1 to 255, or 0 when it does not have it. */
uint8_t index_impact(const struct index *ix, uint32_t term, uint32_t doc);

/* The impact formula above, for `times` occurrences (title weighed in) in a document that has that many terms of the kind. */
uint8_t index_quantise(const struct index *ix, enum term_kind kind, uint32_t times,
                       uint32_t length);

/* The α of the formula above for terms of a kind. Where hardly anything is repeated (titles without abstracts) repeating says
 * nothing: it is α · min(1, π/.2). */
double index_alpha(const struct index *ix, enum term_kind kind);

/* Bytes that the index holds. */
size_t index_bytes(const struct index *ix);

/* A document under an index's statistics, whether or not it is in the index: what it has of each of its terms. A document
 * that is in the index has the same impacts here and there. Own it; it refers to nothing. */
struct profile_entry {
    uint64_t hash;
    uint8_t impact;
};
struct profile {
    uint32_t count;
    struct profile_entry *entries; /* by hash, rising */
};
struct profile *profile_new(const struct index *ix, const struct document *document);
struct profile *profile_new_tokens(const struct index *ix, const uint64_t *tokens,
                                   size_t count);
void profile_free(struct profile *profile);
uint8_t profile_impact(const struct profile *profile, uint64_t hash);

typedef struct index match_index;
typedef struct profile match_profile;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_index, index_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_profile, profile_free)
