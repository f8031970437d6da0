/* search.h - both directions of matching, with the same integer score (query.h):
 *
 *   need -> patents       search_top          the k best documents of an index
 *   patent -> needs       standing_best       the k best of many prepared needs for one document's profile
 *                         standing_score      its score for each of them
 *   one pair              search_score, search_score_doc
 *
 * What a matching step does: build one index over all patents, prepare each need with query_new. A new need: search_top. A
 * changed patent: profile_new, then standing_score over all standing needs. As long as all come from one index, a pair has
 * one score, by whichever road it was found. A score of 0 is no match and is never returned.
 *
 * search_top goes tile by tile (index.h), and takes a tile's terms by how often they occur:
 *
 *   rare terms     read whole when the search begins, their points sorted by tile       (plan.h)
 *   tiled lists    added up one behind the other in a sum for each document             (list.h)
 *   rows           added only where a chunk of 64 documents could still come in         (kernel.h)
 *
 * A chunk is left when its greatest sum and the most that its rows could give (the crests of index.h) do not reach the floor,
 * the k-th best score so far. The lists that give least are not added up at all, as long as together they can't give more than
 * a quarter of what the rows leave below the floor: they are looked up for the few documents that the rest has brought near.
 * Before there are k, the k-th greatest peak of a tile's chunks is the floor. A tile whose terms together can't reach it is
 * passed over. That is MaxScore, with lists and rows as its terms. SEARCH_PRUNED looks up all that it may, SEARCH_EXHAUSTIVE
 * adds up everything; all give the same documents, scores and order: equal scores in the order of ids. */
#pragma once
#include "matcher/query.h"

struct hit {
    int64_t id;
    uint32_t doc; /* number in the index */
    uint32_t score;
};

enum search_mode {
    SEARCH_AUTO,       /* in each tile what costs less */
    SEARCH_PRUNED,     /* always prune */
    SEARCH_EXHAUSTIVE, /* never */
};

/* What must be true of a document at all (still alive, not the enterprise's own, …); NULL lets all pass. Called only for
 * documents that would come among the k best so far. */
typedef bool search_keep(int64_t id, void *user);

/* Scratch for one thread: half a megabyte; the index must outlive it. */
struct searcher *search_new(const struct index *ix);
/* With another kernel than this processor's best (kernel.h). */
struct kernel;
struct searcher *search_new_with(const struct index *ix, const struct kernel *kernel);
void search_free(struct searcher *s);

/* Writes the best k at most to `out`, best first, and returns how many. */
size_t search_top(struct searcher *s, const struct query *query, size_t k,
                  enum search_mode mode, search_keep *keep, void *user, struct hit *out);

uint32_t search_score(const struct query *query, const struct profile *profile);
uint32_t search_score_doc(const struct query *query, const struct index *ix, uint32_t doc);

/* Many prepared needs, turned around: which of them have a term. The queries are read only by standing_new and may go. */
struct standing *standing_new(const struct query *const *queries, uint32_t count);
void standing_free(struct standing *standing);

/* scores[i] is the score of the document for query i; room for `count` of them. Safe from many threads. */
void standing_score(const struct standing *standing, const struct profile *profile,
                    uint32_t *scores);

/* The k best at most without adding up everything: what standing_score and standing_top find, in the same order. Scratch for one thread, 200 KB; the
 * needs must outlive it. */
struct standing_searcher *standing_search_new(const struct standing *standing);
struct standing_searcher *standing_search_new_with(const struct standing *standing,
                                                   const struct kernel *kernel);
void standing_search_free(struct standing_searcher *s);
size_t standing_best(struct standing_searcher *s, const struct profile *profile, size_t k,
                     struct hit *out);

/* The best k at most of those scores as hits (id and doc are the query's number), best first; returns how many. */
size_t standing_top(const uint32_t *scores, uint32_t count, size_t k, struct hit *out);

typedef struct searcher match_searcher;
typedef struct standing match_standing;
typedef struct standing_searcher match_standing_searcher;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_searcher, search_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_standing, standing_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_standing_searcher, standing_search_free)
