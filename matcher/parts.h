/* parts.h - several indexes searched as one: a large one out of a file and a small one of what changed since, or the n ranges
 * of ids that patents are divided by.
 *
 * Weights, impacts and so scores come from the sums of all counts: ids, order and scores are those of one index of all their
 * documents. A document that is deleted, or taken from an older part because a later one has it anew, is no longer found from
 * the next search on; the counts still know it until its part is built again. With d of N documents gone, no df is wrong by
 * more than d: build anew at a tenth. */
#pragma once
#include "matcher/search.h"

struct parts;

/* Takes the indexes, oldest first; all under one weighing. MATCHER_ERROR_INPUT: under different ones, or none; then they are
 * gone, too. Where two have one id, the later one's holds. */
struct parts *parts_new(struct index *const *indexes, uint32_t count, GError **error);
void parts_free(struct parts *parts);

/* False: no part has it (any more). Not while somebody searches. */
bool parts_delete(struct parts *parts, int64_t id);

/* What is to become of parts that others search meanwhile: everything that takes time is done when it is made ready, and putting it in
 * place costs a bit for each document that is taken out, and some pointers. */
struct parts_change {
    struct index
        *added; /* a later part; NULL: none. It is taken, whether that succeeds or not */
    bool
        replaces_last; /* … in place of the last one. What that had anew stays taken from earlier parts */
    const int64_t *deleted; /* ids */
    size_t deleted_count;
    const struct index_totals *others; /* as in parts_set_others; NULL: as before */
};
struct parts_ready;
/* MATCHER_ERROR_INPUT: the added part is under another weighing. Nothing else may change the parts until it is put. */
struct parts_ready *parts_prepare(const struct parts *parts, const struct parts_change *change,
                                  GError **error);
/* Not while somebody searches. Once at most. */
void parts_put(struct parts *parts, struct parts_ready *ready);
/* What was not put, or what it has replaced. Before the parts. */
void parts_ready_free(struct parts_ready *ready);

uint32_t parts_count(const struct parts *parts);
const struct index *parts_at(const struct parts *parts, uint32_t i);
size_t parts_bytes(const struct parts *parts);

/* Totals of the parts here; of all, where others hold parts too (NULL: nobody does). Weights and impacts follow from the sum of both.
 * Not while somebody searches. */
struct index_totals parts_totals(const struct parts *parts);
void parts_set_others(struct parts *parts, const struct index_totals *others);
struct index_totals parts_others(const struct parts *parts);

/* A term's docs, repeat, in_text and in_both over the parts here. */
struct index_term parts_counts(const struct parts *parts, uint64_t hash);
/* Documents that have a term, over all parts; the deleted among them. */
uint32_t parts_term_docs(const struct parts *parts, uint64_t hash);

uint32_t parts_docs(const struct parts *parts);    /* without the deleted */
uint32_t parts_deleted(const struct parts *parts); /* that counts still know */

/* Where a document is: its index, and its number there; NULL: nowhere. */
const struct index *parts_find(const struct parts *parts, int64_t id, uint32_t *doc);

struct query *parts_query(const struct parts *parts, const char *text,
                          const char *const *classes, size_t class_count);

/* Scratch for one thread, for the parts as they are now; they must outlive the searches. hits[].doc is the number in the index that parts_find names. */
struct parts_searcher *parts_search_new(const struct parts *parts);
void parts_search_free(struct parts_searcher *s);
size_t parts_search_top(struct parts_searcher *s, const struct query *query, size_t k,
                        enum search_mode mode, search_keep *keep, void *user, struct hit *out);

typedef struct parts match_parts;
typedef struct parts_searcher match_parts_searcher;
typedef struct parts_ready match_parts_ready;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_parts, parts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_parts_searcher, parts_search_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_parts_ready, parts_ready_free)
