/* index.h - which documents have which term, and what each term is worth.
 *
 * struct index_builder takes documents in any order; index_finish turns it into a struct index, which never changes again and
 * may be read from many threads. The index knows two things apart from each other:
 *
 *   the documents' part    8 bits a posting, set when the index is built:
 *       impact = round(255 · (tfn + δ) / (k1 + 1 + δ)), at least 1
 *       tfn    = (k1 + 1) f / (f + k1 (1 - b + b · length / mean length))
 *       f, length: times in the abstract + title_times · times in the title; the length is that of all kinds of terms together
 *       that weigh anything. A place in a classification has impact 255.
 *   the terms' part        one number a term, taken when a query is prepared (query.h):
 *       w  = ln(1 + (N - df + .5)/(df + .5)) · p2^α · pt^β
 *       p2 = (df2 + π)/(df + 1)         share of its documents that repeat it (title counted once)
 *       pt = (d_TA + 5ρ)/(d_A + 5)      share of those with it in the abstract that have it in the title
 *       π  = (Σdf2 + 1)/(Σdf + 3), ρ = (Σd_TA + 1)/(Σd_A + 10), over all terms of the kind
 *       α shrinks where nothing is repeated: see index_alpha
 *       place of a classification:  w = class_factor · ln((n_above + 1)/(n + 1)), n its documents, n_above those of the
 *       place above it (of the section: N). What the places of a path are worth then sums to -ln of the share of documents
 *       at its end: narrow places are worth more, and a level that tells nothing new is worth nothing.
 * (What is added to the sums of π and ρ is there for the smallest collections, where nothing may be repeated at all.)
 * So N and df may change without touching a posting. A term that no document has is worth what these formulas say for df = 0.
 *
 * What is kept of a posting is f, not the impact: documents stand in the order of their length (then of their ids), 64 of one
 * length to a chunk, so that f and the chunk give the impact through a table of 16 bytes. Lengths up to 63 are exact, longer
 * ones rounded to six significant bits (index_length), within 1.6%; chunks that a length does not fill have numbers that no
 * document has. 512 chunks are a tile, the unit of search.
 *
 *   impacts   [ chunk 0: f = 0 … 15 | chunk 1: f = 0 … 15 | …                      16 bytes a chunk; 0 for f = 0
 *   order     document numbers in the order of ids
 *
 * How a term's postings are kept depends on how many documents have it:
 *
 *   INDEX_ROW    one in 16 or more: four bits a document, its f, chunk by chunk (kernel.h draws a chunk)
 *   INDEX_TILED  one in 512 or more: for each tile a list of the documents with f = 1 and one of those with more (list.h)
 *                  bytes + 4 at: | tile 0: start, ones, more | … | one for the end | the lists, start counted from here …
 *   INDEX_WHOLE  the others: the same two lists once, over all documents
 *                  bytes + 4 at: | count of the second as a varint | f = 1 | f > 1 |
 *
 * and an f above 15 stands apart in `heavy`, by term and document. A place in a classification has f = 1 and the impact 255. */
#pragma once
#include "matcher/bag.h"
#include "matcher/sketch.h"

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

enum {
    INDEX_CHUNK = 64, /* documents of one length */
    INDEX_TILE_BITS = 15,
    INDEX_TILE = 1 << INDEX_TILE_BITS,
    INDEX_TILE_CHUNKS = INDEX_TILE / INDEX_CHUNK,
    INDEX_TIMES = 16, /* f below this is kept beside the others */
    INDEX_IMPACT_MAX = 255,
    INDEX_PADDING = 64 /* bytes behind `bytes`, `rows` and `impacts` that may be read */
};
#define INDEX_NONE UINT32_MAX

enum index_form { INDEX_WHOLE, INDEX_TILED, INDEX_ROW };

struct index_term {
    uint64_t hash;
    uint32_t docs;       /* df: documents that have it */
    uint32_t repeat;     /* df2: … twice or more, the title counted once */
    uint32_t in_text;    /* d_A: … in the abstract */
    uint32_t in_both;    /* d_TA: … in abstract and title */
    uint32_t at;         /* ROW: number of the row; else where in bytes, in units of 4 */
    uint8_t level, kind; /* as in struct bag_entry */
    uint8_t form;        /* enum index_form */
    uint8_t is_heavy;    /* has postings in `heavy` */
    uint8_t times_max;   /* the greatest f, heavy ones aside */
};

/* What priors and mean length are worked out from; of several indexes that are searched as one, their sums (parts.h). */
struct index_totals {
    uint64_t docs, length; /* documents; their lengths, not rounded */
    struct index_sums {    /* Σdf, Σdf2, Σd_A, Σd_TA over the terms of a kind */
        uint64_t docs, repeat, in_text, in_both;
    } sums[TERM_KINDS];
};

/* Of one kind of terms; the kinds are weighed as if each had an index of its own, but that documents have one length. */
struct index_kind {
    double repeat_prior, title_prior; /* π, ρ */
};

struct index_tile_entry { /* of a tiled term */
    uint32_t start;       /* bytes from the term's first entry */
    uint16_t ones, more;  /* postings with f = 1 and f > 1 */
};

struct index_heavy {
    uint32_t term, doc, times;
    uint32_t impact;
};

struct index {
    struct weighing weighing;
    uint32_t doc_count;      /* documents */
    uint32_t span;           /* document numbers, a multiple of INDEX_CHUNK */
    int64_t *ids;            /* span: of each number; 0 where there is no document */
    uint32_t *order;         /* doc_count */
    uint8_t *impacts;        /* span / INDEX_CHUNK · INDEX_TIMES */
    uint8_t *ones;           /* span / INDEX_CHUNK: impacts of f = 1 */
    uint32_t *lengths;       /* span / INDEX_CHUNK: as index_length gives them */
    struct index_totals own; /* of these documents alone */
    uint64_t all_docs;       /* N: of all that are searched as one */
    double mean_length;
    struct index_kind kinds[TERM_KINDS];
    uint32_t term_count;
    struct index_term *terms;
    uint32_t *slots; /* hash table over terms: number + 1, or 0 */
    uint32_t slot_mask;
    uint32_t row_count;
    uint8_t *rows; /* row_count · span / 2 */
    uint8_t *
        crests; /* row_count · index_crest_size: the greatest f of each chunk of a row, written like a row of chunks */
    size_t byte_count;
    uint8_t *bytes;
    uint32_t heavy_count;
    struct index_heavy *heavy; /* by term, then document */
    bool is_lent;              /* all but impacts, ones and heavy lie in a file: index_file.h */
    void *map;                 /* … which goes with the index */
    size_t map_size;
};

struct index_builder;
struct index_builder *index_builder_new(const struct weighing *weighing);
void index_builder_free(struct index_builder *builder); /* not after index_finish */

void index_add(struct index_builder *builder, const struct document *document);
/* The same, and what the document says in short: of its pairs. */
void index_add_sketch(struct index_builder *builder, const struct document *document,
                      struct sketch *out);
/* A document that somebody else has cut into tokens (terms_hash_token). */
void index_add_tokens(struct index_builder *builder, int64_t id, const uint64_t *tokens,
                      size_t count);

/* Takes the builder, whether it succeeds or not. MATCHER_ERROR_INPUT: two documents have one id. MATCHER_ERROR_LIMIT: more
 * than 2^30 documents or 2^32 postings, or lists of more than 2 GB. An index of no documents is fine. */
struct index *index_finish(struct index_builder *builder, GError **error);
void index_free(struct index *ix);

/* A document's number, or INDEX_NONE; a term's number, or INDEX_NONE. */
uint32_t index_find(const struct index *ix, int64_t id);
uint32_t index_find_term(const struct index *ix, uint64_t hash);

/* Says that these terms will be looked for: they are fetched from memory side by side. */
void index_expect(const struct index *ix, const uint64_t *hashes, size_t count);

/* The length that a length is taken for. */
uint32_t index_length(uint32_t length);

/* What a document has of a term: 1 to 255, or 0 when it does not have it. */
uint8_t index_impact(const struct index *ix, uint32_t term, uint32_t doc);

/* The same of many documents at once. */
void index_impacts(const struct index *ix, uint32_t term, const uint32_t *docs, uint32_t count,
                   uint8_t *out);
/* Asks for what that needs from memory, some time before. */
void index_expect_docs(const struct index *ix, uint32_t term, const uint32_t *docs,
                       uint32_t count);

/* The impact formula above, for `times` occurrences (title weighed in) in a document of a length that index_length gives. */
uint8_t index_quantise(const struct index *ix, uint32_t times, uint32_t length);

/* The α of the formula above for terms of a kind. Where hardly anything is repeated (titles without abstracts) repeating says
 * nothing: it is α · min(1, π/.2). */
double index_alpha(const struct index *ix, enum term_kind kind);

/* Weighs as one of several, whose totals (its own among them) sum to these: N, mean length, priors, and with them impacts. Not
 * while somebody searches. */
void index_use_totals(struct index *ix, const struct index_totals *all);

/* The same in two steps, so that searches wait for the second alone: what would change, made ready beside them, and put in place
 * of what is there, which the first then holds. It looks into the index, and goes first. */
struct index_weights;
struct index_weights *index_weights_new(const struct index *ix, const struct index_totals *all);
void index_weights_exchange(struct index *ix, struct index_weights *weights);
void index_weights_free(struct index_weights *weights);

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
