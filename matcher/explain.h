/* explain.h - the whole sum behind one score, and where in a text the need's terms stand.
 *
 * reason.h joins neighbours and leaves out what gives nothing; here every term of the need is listed, found or not:
 *
 *     需求 轻质发泡鞋底                 weight   impact   points
 *     轻质   pair                     1,420      201   285,420
 *     质发   pair                     3,100        0         0     the document does not have it
 *     A43B   place in a classification  900      255   229,500
 *
 * Points sum to the score, to the last one. */
#pragma once
#include "matcher/query.h"

struct explained_term {
    char *text;   /* as the need writes it where it first stands; a place in print form */
    uint8_t kind; /* enum term_kind */
    bool is_place;
    uint32_t times; /* in the need; 0 for a place */
    uint32_t weight, impact, points;
    uint32_t docs; /* documents of the index that have it */
};

struct explained {
    struct explained_term *terms; /* in the order of the need, places behind */
    uint32_t count;
    uint32_t score;
};

/* Of a document of the index the query was prepared under. Only for queries with a text. */
struct explained *explain_doc(const struct query *query, const struct index *ix, uint32_t doc);
void explained_free(struct explained *explained);

/* A stretch of a text that terms of a need cover, neighbours joined: as bytes and as characters. */
struct span {
    uint32_t start, len, char_start, char_len;
};

/* Appends to `out`, a GArray of struct span, rising, where the text says terms of the need that weigh anything. The text is cut
 * as the index's were. */
void explain_spans(const struct query *query, const struct index *ix, const char *text,
                   GArray *out);

/* The same for terms that the document has: in the need's own text, what it was found by. */
void explain_found_spans(const struct query *query, const struct index *ix, uint32_t doc,
                         const char *text, GArray *out);

/* What there is to match a need by, before any document is looked at. `chance`: of 331 real needs cut off after so many different
 * pairs that the index knows, the share whose patent was among the first hundred of 9,063. Below NEED_THIN a need is too thin. */
#define NEED_THIN .5
struct need_strength {
    uint32_t pairs, known; /* different ones in the text; those that some document has */
    double chance;
    bool is_thin;
};
struct need_strength explain_strength(const struct query *query, const struct index *ix);
/* Of a need with so many known pairs. */
struct need_strength explain_strength_of(uint32_t known);
/* The same of indexes that are searched as one. */
struct need_strength explain_strength_over(const struct query *query,
                                           const struct index *const *parts, uint32_t count);

typedef struct explained match_explained;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_explained, explained_free)
