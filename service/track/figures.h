/* figures.h - how far each agency has come under a policy: the document of `track --json`, and the rows behind a number.
 *
 * As of a day (what is true of it) and known at a moment (what had been recorded by then). When the policy has ended, the
 * default day is its last one; 4.2 shows that day whatever later day is asked. The pack is kept under its version first, and
 * needs are compared before they are counted. */
#pragma once
#include "service/track/pack.h"
#include "sql/db.h"
#include "sql/track.h"

struct figures_request {
    const char *as_of;    /* NULL: today, or the policy's last day when it has ended */
    const char *known_at; /* NULL: now; else as figures_moment() gives it */
    const char *today;    /* "2026-03-01", in the pack's time zone */
    int agency_id;        /* 0: every agency */
    bool
        keep; /* read figures that were kept and still hold, and keep those counted now: sql/kept.h */
};

/* {policy, version, digest, signed_off: {by, at} or null, name, issued, in_force (today), template, banner, as_of, known_at, window: {from, valid_from, to, ended}, decided, clauses, choices}.
 * `decided`: what officials decided on the pack's parameters and these figures used, [{clause, name, value, by, reason, effective, at, late}].
 * One entry of `clauses` per clause and agency. Beyond INTERFACE: name and definition of each item, `open` of needs, and
 * `undetermined`: what only the bureau knows and nobody recorded. The caller owns it. */
json_t *figures_document(struct db *db, const struct pack *pack,
                         const struct figures_request *request, GError **error);

/* The same head, with `metric` and `rows`: every row behind a metric, counted or left out with the reason. `limit` 0: all. */
json_t *figures_evidence(struct db *db, const struct pack *pack,
                         const struct figures_request *request, const char *metric, int limit,
                         GError **error);

/* A page of these rows, by agency and key; counted alone where that costs little, else all of them once, and kept (sql/rows.h), so that
 * the next page costs little. `known_at` of the
 * answer, given with the request for the next page, lets its rows be of the same moment. */
enum figures_show { FIGURES_ALL, FIGURES_COUNTED, FIGURES_LEFT_OUT };
struct figures_page_wish {
    const char *metric;
    int after_agency; /* agency and key of the last row of the page before; 0 and "": the first page */
    const char *after_key;
    enum figures_show show;
    int limit;
};
/* {known_at, rows, more: true where others follow}. */
json_t *figures_page(struct db *db, const struct pack *pack,
                     const struct figures_request *request,
                     const struct figures_page_wish *wish, GError **error);

/* What a metric counts on one day and not on another: {before_known_at, known_at, rows: [{agency_id, agency, key, label, whose, invented,
 * change: "came" or "went", before, after: {counted, reasons, detail} or null where that day has no such row}], more: true where others
 * follow; on the first page also came, went: how many of each}. By agency and key; both moments, given with the requests for the next page,
 * let its rows be of the same. */
struct figures_changes_wish {
    const char *metric;
    int after_agency; /* as above */
    const char *after_key;
    int limit;
};
json_t *figures_changes(struct db *db, const struct pack *pack,
                        const struct figures_request *before,
                        const struct figures_request *after,
                        const struct figures_changes_wish *wish, GError **error);

/* The rows of figures_evidence() one after the other, however many, in a transaction that stays open meanwhile: `each` does
 * nothing with the database, and answers false with error to end. The figures have been asked for before. */
typedef bool figures_row(const json_t *row, void *user, GError **error);
bool figures_each(struct db *db, const struct pack *pack, const struct figures_request *request,
                  const char *metric, figures_row *each, void *user, GError **error);

/* Rows and the figures that they come to, of one and the same state of the database, each row read once: begun, then every metric's
 * rows, then the figures. In one transaction, which stays open until figures_end(); between these calls the session may be used to read. */
typedef struct figures_whole figures_whole_t;
struct figures_whole *figures_begin(struct db *db, const struct pack *pack,
                                    const struct figures_request *request, GError **error);
/* figures_document() without `clauses` and `choices`; borrowed. */
const json_t *figures_head(const struct figures_whole *whole);
/* Every row of a metric by agency and key: track_rows_each(). */
bool figures_rows(struct figures_whole *whole, const char *metric, track_row_each *each,
                  void *user, GError **error);
/* What figures_document() answers; borrowed. What no rows were read of is counted. */
const json_t *figures_shown(struct figures_whole *whole, GError **error);
void figures_end(struct figures_whole *whole);

/* A moment as somebody writes it, for `known_at`: "2025-06-30" is the end of that day, "2025-06-30T10:00[:00]" a time in the
 * zone, or with its own offset or Z. NULL and PACK_ERROR_FORMAT when it can't be read. The caller frees. */
char *figures_moment(const char *text, const char *zone, GError **error);

/* True when text is a day, "2025-06-30". */
bool figures_is_day(const char *text);
