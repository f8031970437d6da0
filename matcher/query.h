/* query.h - a need, ready to be compared: its terms with their weights, and where each stands in the need's own text.
 *
 * The score of a document for a query is a sum of integers, the same in every direction and by every road (search.h):
 *
 *     score = Σ over the query's terms: weight · impact
 *     weight = round(512 · times in the need · w)      w: index.h. At most 65,535
 *     impact = 0 to 255, what the document has of the term
 *
 * Weights are frozen when the query is prepared, from the statistics of one index. If they would sum to more than 2^24 (a need
 * of some 100,000 characters), all are made smaller in proportion, so that a score always fits 32 bits.
 *
 * fit = score / (255 · Σ weight), between 0 and 1: the score as a share of what a document would get that has every term of
 * the need at full weight, which is what repeating each without end would come to. Real texts have a term once or twice, at
 * impacts of 90 to 180, and never all terms: on 331 real needs against 9,063 abstracts the right answer had .37 on average
 * (nine in ten above .12, half above .37), the tenth of the list .19. It compares answers to different needs better than the
 * score, which grows with the need's length. */
#pragma once
#include "matcher/class.h"
#include "matcher/index.h"

enum { QUERY_WEIGHT_MAX = 65535, QUERY_SCALE = 512, QUERY_WEIGHT_SUM_MAX = 1 << 24 };

struct query_term {
    uint64_t hash;
    uint32_t weight; /* 0 for a term that tells nothing: every document has it */
    uint32_t times;  /* in the need's text; 0 for a place in a classification */
    uint32_t number; /* in the index it was prepared under; INDEX_NONE: unknown there */
    uint8_t kind;    /* enum term_kind; of a place, nothing */
};

struct query_word {      /* a term where it stands in the text */
    uint32_t start, len; /* bytes */
    uint32_t from,
        to; /* bytes: the same, grown to whole words where the dictionary has cut the text */
    uint32_t term; /* its number in terms */
};

struct query_path { /* one classification symbol of the need */
    struct class_path path;
    uint32_t terms[CLASS_LEVELS]; /* of each place on it, the number in terms */
};

struct query {
    char *text;               /* as written */
    struct query_term *terms; /* each once, in the order of first appearance, places behind */
    uint32_t term_count;
    struct query_word
        *words; /* in the order of the text; what begins together, the longer first */
    uint32_t word_count;
    struct query_path *paths;
    uint32_t path_count;
    uint32_t weight_sum;
};

/* Prepares a need. Join its title and text with a line break: no term reaches over it. Symbols that can't be read are passed
 * over. The query is yours, and keeps no pointer to anything handed in. */
struct query *query_new(const struct index *ix, const char *text, const char *const *classes,
                        size_t class_count);
/* Under several indexes that use one sum of totals (index_use_totals): the same query as under one of all their documents. */
struct query *query_new_over(const struct index *const *parts, uint32_t count, const char *text,
                             const char *const *classes, size_t class_count);
/* The same with counts from somewhere else, where parts are held by several programs: `count` answers a term's docs, repeat, in_text and
 * in_both over all of them. The index must use the sum of their totals (index_use_totals). */
typedef struct index_term query_count(uint64_t hash, void *user);
struct query *query_new_counted(const struct index *ix, const char *text,
                                const char *const *classes, size_t class_count,
                                query_count *count, void *user);
/* A need that somebody else has cut into tokens; it has no text, so reasons can't be shown for it. */
struct query *query_new_tokens(const struct index *ix, const uint64_t *tokens, size_t count);
void query_free(struct query *query);

/* A term's number in any index, or INDEX_NONE: known at once where the query was prepared under it. */
static inline uint32_t query_find(const struct query_term *term, const struct index *ix)
{
    bool is_here = term->number < ix->term_count && ix->terms[term->number].hash == term->hash;
    return is_here ? term->number : index_find_term(ix, term->hash);
}

/* The formula above; 0 for a query without weight. */
double query_fit(const struct query *query, uint32_t score);

typedef struct query match_query;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_query, query_free)
