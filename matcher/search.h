/* search.h - both directions of matching, with the same integer score (query.h):
 *
 *   need -> patents       search_top          the k best documents of an index
 *   patent -> needs       standing_score      one document's profile against many prepared needs at once
 *   one pair              search_score, search_score_doc
 *
 * What a matching step does: build one index over all patents, prepare each need with query_new. A new need: search_top. A
 * changed patent: profile_new, then standing_score over all standing needs. As long as all come from one index, a pair has
 * one score, by whichever road it was found. A score of 0 is no match and is never returned.
 *
 * search_top goes tile by tile (index.h). In a tile it either adds up everything (exhaustive), or it prunes (MaxScore): terms
 * whose greatest possible contributions together can't lift a document over the k-th best so far are not walked; they are
 * only looked up for documents that the others have brought near. Both give the same documents, scores and order: equal
 * scores in the order of ids. */
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

/* Scratch for one thread: 64 KB and a little; the index must outlive it. */
struct searcher *search_new(const struct index *ix);
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

/* The best k at most of those scores as hits (id and doc are the query's number), best first; returns how many. */
size_t standing_top(const uint32_t *scores, uint32_t count, size_t k, struct hit *out);

typedef struct searcher match_searcher;
typedef struct standing match_standing;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_searcher, search_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_standing, standing_free)
