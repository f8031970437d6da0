/* page.h - lists, a page at a time: each page begins behind the last row of the one before (a keyset), so that rows which come or
 * go meanwhile neither repeat nor hide others. In the caller's transaction; every answer is an array that the caller owns, with
 * the columns that the query's file names. `after` is the last row of the page before as it was answered, or NULL. */
#pragma once
#include "sql/db.h"
#include "sql/lead.h"
#include <jansson.h>

struct page {
    int agency_id; /* 0: every one that the transaction sees */
    const json_t *after;
    int limit;
};

/* [{record_id, agency, record}] by id. `filters`: {column: text}, and what api_records (views) names besides. */
json_t *page_records(struct db *db, const char *kind, const struct page *page,
                     const json_t *filters, GError **error);
/* Whether any patent has a number that begins so, in normal form. */
bool page_begins(struct db *db, const char *number, bool *out, GError **error);
/* Whether an agency holds a record of a register. */
bool page_is_held(struct db *db, const char *kind, const char *record_id, int agency_id,
                  bool *out, GError **error);

/* {leads, pushes, answers, deals, documents, follow_ups} of a record, the newest of each: linked.sql. */
json_t *page_linked(struct db *db, const char *kind, const char *record_id, const char *key,
                    const struct page *page, GError **error);

/* Best first. Each of the texts may be NULL; `patent` is a number without check character. */
json_t *page_leads(struct db *db, const struct page *page, const char *state, const char *need,
                   const char *patent, GError **error);
/* Newest first. `enterprise_id` 0 and NULL texts: every one; `push_id` this one alone. */
json_t *page_pushes(struct db *db, const struct page *page, int64_t enterprise_id,
                    const char *uscc, const char *push_id, GError **error);
json_t *page_feedback(struct db *db, const struct page *page, int64_t enterprise_id,
                      const char *answer, GError **error);
/* Of every kind and key where these are NULL. */
json_t *page_decisions(struct db *db, const struct page *page, const char *kind,
                       const char *key, GError **error);

/* Loads, the latest first. `batch_id` 0: all; kind NULL: of every one. */
json_t *page_batches(struct db *db, const struct page *page, const char *kind, int64_t batch_id,
                     GError **error);
/* Rows that a load refused, in the order of its file. */
json_t *page_refused(struct db *db, const struct page *page, int64_t batch_id, GError **error);

/* One of them: {kind, record, settled_at}; SQL_ERROR_NOT_FOUND. */
json_t *page_refused_one(struct db *db, int64_t batch_id, int64_t place, GError **error);
/* It waits no longer: it came in by that batch, or (0) was set aside. */
bool page_refused_settle(struct db *db, int64_t batch_id, int64_t place, const char *by,
                         int64_t by_batch, GError **error);
/* What waits for an agency (0: for all of them): the row of today.sql. */
json_t *page_today(struct db *db, int agency_id, const char *today, int days, GError **error);

/* Texts of JSON documents of some leads, beside their ids; NULL where there is none. `texts` has `count` places; the caller
 * frees each. */
bool page_lead_texts(struct db *db, const struct lead_id *ids, size_t count, char **texts,
                     GError **error);
/* The facts of lead-facts.sql, or NULL and SQL_ERROR_NOT_FOUND. */
json_t *page_lead_facts(struct db *db, const struct lead_id *id, GError **error);
/* Whether the need is of the enterprise. */
bool page_is_needs(struct db *db, int64_t need_id, int64_t enterprise_id, bool *out,
                   GError **error);

/* {name: number} of what would be too dear to count whenever /metrics is asked: the step statistics keeps it. */
json_t *page_gauges(struct db *db, GError **error);
/* [{name, labels, value}] for /metrics. */
json_t *page_metrics(struct db *db, GError **error);
