/* track.h - the figures of a policy's clauses, and the rows behind them.
 *
 * A figure is a count over the rows of one SQL function per metric (sql/views/3..-metric_*.sql): counted and left out come
 * from the same rows. Rules that reach across agencies need every agency's rows: read in a DB_READONLY transaction, and let
 * agency_id choose whose rows are answered. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct track_query {
    const char *pack;     /* JSON object: what the pack says, see sql/views/300-metric.sql */
    const char *as_of;    /* "2025-12-31" */
    const char *known_at; /* any spelling of a moment that PostgreSQL reads */
    int agency_id;        /* 0: every agency */
};

/* Begins a transaction in DB_READONLY, all of whose statements see one and the same state, set up for counting. */
bool track_begin(struct db *db, GError **error);

/* Sets any transaction up for counting. */
bool track_settle(struct db *db, GError **error);

/* [{agency_id, code, name, zone_settled_date, zone_left_date, invented}], by code. */
json_t *track_agencies(struct db *db, const struct track_query *query, GError **error);

/* Whether a metric is one of the base database (4.2). */
bool track_is_base(const char *metric);

/* One metric to be counted, and its rows: of the base database [{metric, agency_id, value, literal, left_out: {reason: n}, invented, late,
 * unknown, open, contracts: of deals those counted}], one for each agency that has candidates; of the others sums of what they are, whose
 * columns are said in sql/queries/track-clauses.sql. */
struct track_count {
    const char *metric;
    int place;          /* numbers the clauses */
    const json_t *pack; /* what it reads, an object as in track_query */
    const char *as_of;
    json_t *rows; /* the caller's */
};
/* Counts all of them as known at a moment, of one agency or (0) every one's. Of a large database by two sessions at once, which see what the
 * open transaction of the one sees. */
bool track_count_all(struct db *db, const char *known_at, int agency_id,
                     struct track_count *all, size_t count, GError **error);

/* [id]: of the contracts of these agencies those between parties one of which lists the other among its affiliates, or which are one. Whoever
 * asks for the rows of several metrics of contracts says so as the pack's "linked": else each finds it out. */
struct crew;
json_t *track_linked(struct crew *crew, const char *known_at, const int *agencies, size_t count,
                     GError **error);

/* [{place, agency_id, contract}]: the contracts that each clause counts. `asked` is [{place, metric, pack, day}]. */
json_t *track_contracts(struct db *db, json_t *asked, const struct track_query *query,
                        GError **error);

/* At most `limit` of a metric's rows after the one with agency and key `after_…` (0 and "": from the first), by agency and
 * key; the columns are said in sql/queries/metric-needs.sql. SQL_ERROR_NOT_FOUND when there is no such metric. */
json_t *track_evidence(struct db *db, const struct track_query *query, const char *metric,
                       int after_agency, const char *after_key, int limit, GError **error);

/* Whether the next rows of a metric can be counted without the others; then they are, of one agency: at most `limit` behind the key
 * `after_key`, as track_evidence() answers them; `show`: as in rows.h. JSON null where so few are shown that many would be looked at. */
bool track_pages(const char *metric);
json_t *track_page(struct db *db, const struct track_query *query, const char *metric,
                   const char *after_key, const char *show, int limit, GError **error);

/* The same rows, all of them, by a cursor: opened once in a transaction, then read until a page is empty. */
bool track_rows_open(struct db *db, const struct track_query *query, const char *metric,
                     GError **error);
json_t *track_rows_next(struct db *db, int limit, GError **error);
bool track_rows_close(struct db *db, GError **error);

/* The same rows one after the other, in a transaction that is open: each as it is read, for a short time. `agency_id` is left out of
 * its text; `said` is {column, text, …, NULL}: texts that stand in place of columns' own. */
struct track_row {
    const char *agency; /* its code */
    bool counted;
    const struct track_page *page;
    int at;
};
/* A column's text; NULL where there is none. Those from TRACK_UNDETERMINED on are of the metrics of track_clauses(). */
enum track_column {
    TRACK_AGENCY_ID,
    TRACK_KEY,
    TRACK_LABEL,
    TRACK_LITERAL,
    TRACK_REASON,
    TRACK_REASONS,
    TRACK_DETAIL,
    TRACK_INVENTED,
    TRACK_LATE,
    TRACK_UNKNOWN,
    TRACK_OPEN,
    TRACK_UNDETERMINED,
    TRACK_YEAR,
    TRACK_PAYEE,
    TRACK_AMOUNT,
    TRACK_BASE_FEN,
    TRACK_AWARD_FEN,
    TRACK_CONTRACT,
    TRACK_COLUMNS
};
const char *track_row_value(const struct track_row *row, enum track_column column);
/* Appends the row as JSON, compact and sorted by names. */
void track_row_text(const struct track_row *row, const char *const *said, GString *out);
/* Calls `each` until it answers false with error: the rows of the queries, in their order. The next rows are made while these are worked
 * on, those of the next queries by the other sessions of the crew (crew.h): `each` does nothing with them. */
typedef bool track_row_each(const struct track_row *row, void *user, GError **error);
bool track_rows_each(struct crew *crew, const struct track_query *queries, size_t count,
                     const char *metric, track_row_each *each, void *user, GError **error);

/* Writes a metric's rows into a set of rows.h. */
bool track_rows_keep(struct db *db, const struct track_query *query, const char *metric,
                     const char *set, GError **error);

/* The statement of a metric's rows (queries/metric-NAME.sql), or NULL. */
const char *track_rows_query(const char *metric);

/* The names of all metrics, NULL-ended; those of the base database first, in the order in which the clause names them. */
const char *const *track_metrics(void);

/* `moment` in the form that figures show, "2026-03-01T08:00:00.123456Z". The caller frees. */
char *track_moment(struct db *db, const char *moment, GError **error);

/* Compares needs of one enterprise, at whichever agency, where one has changed since the change `since` (0: all), and keeps
 * the pairs that are alike by at least half. In a transaction of its own; safe to run again at any time. `last`, where it is
 * not NULL, gets the last change looked at. */
bool track_compare_needs(struct db *db, int64_t since, int64_t *last, GError **error);

/* The same of what has changed since this was last called. */
bool track_compare_new(struct db *db, GError **error);

/* [[need, other, need_seq, other_seq, jaccard]] of needs whose text at that moment is not today's, for the pack's "pairs". */
json_t *track_past_pairs(struct db *db, const char *known_at, GError **error);

/* The first pair that is kept and is not what the texts say, {need, other}; JSON null when all are. Inside a transaction. */
json_t *track_pair_altered(struct db *db, GError **error);
