/* The rows behind a figure as texts, however many: a cursor whose next rows are made while these are worked on. */
#include "sql/crew.h"
#include "sql/row_text.h"
#include "sql/track.h"
#include <string.h>

enum { PAGE = 500 };

struct track_page {
    PGresult *res;                               /* NULL: not yet, or no longer */
    int agency, counted, columns[TRACK_COLUMNS]; /* where they stand; -1: not there */
    struct row_text *text;                       /* of the first page, for all of them */
};

static const char *const names[] = {
    [TRACK_AGENCY_ID] = "agency_id", [TRACK_KEY] = "key",
    [TRACK_LABEL] = "label",         [TRACK_LITERAL] = "literal",
    [TRACK_REASON] = "reason",       [TRACK_REASONS] = "reasons",
    [TRACK_DETAIL] = "detail",       [TRACK_INVENTED] = "invented",
    [TRACK_LATE] = "late",           [TRACK_UNKNOWN] = "unknown",
    [TRACK_OPEN] = "open",           [TRACK_UNDETERMINED] = "undetermined",
    [TRACK_YEAR] = "year",           [TRACK_PAYEE] = "payee",
    [TRACK_AMOUNT] = "amount",       [TRACK_BASE_FEN] = "base_fen",
    [TRACK_AWARD_FEN] = "award_fen", [TRACK_CONTRACT] = "contract",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == TRACK_COLUMNS);

static void page_take(struct track_page *page, PGresult *res)
{
    PQclear(page->res);
    page->res = res;
    if (!page->text) {
        page->text = row_text_new(res, "agency_id");
        page->agency = PQfnumber(res, "agency");
        page->counted = PQfnumber(res, "counted");
        for (size_t i = 0; i < TRACK_COLUMNS; i++)
            page->columns[i] = PQfnumber(res, names[i]);
    }
}

static void page_clear(struct track_page *page)
{
    PQclear(page->res);
    row_text_free(page->text);
}

const char *track_row_value(const struct track_row *row, enum track_column column)
{
    const PGresult *res = row->page->res;
    int at = row->page->columns[column];
    return at < 0 || PQgetisnull(res, row->at, at) ? NULL : PQgetvalue(res, row->at, at);
}

void track_row_text(const struct track_row *row, const char *const *said, GString *out)
{
    row_text_append(row->page->text, row->page->res, row->at, said, out);
}

/* ---- Reading */

static const char fetch[] = "FETCH 500 FROM evidence";

static bool ask(struct db *db, GError **error)
{
    G_STATIC_ASSERT(PAGE == 500);
    if (PQsendQuery(db->conn, fetch) == 1)
        return true;
    db_fail(db, NULL, "read the evidence", error);
    return false;
}

/* What was asked for. */
static PGresult *answer(struct db *db, GError **error)
{
    PGresult *res = PQgetResult(db->conn), *more;
    while ((more = PQgetResult(db->conn)))
        PQclear(more);
    if (PQresultStatus(res) == PGRES_TUPLES_OK)
        return res;
    db_fail(db, res, "read the evidence", error);
    PQclear(res);
    return NULL;
}

static bool give(const struct track_page *page, track_row_each *each, void *user,
                 GError **error)
{
    bool done = true;
    for (int i = 0; done && i < PQntuples(page->res); i++) {
        const struct track_row row = {.agency = PQgetvalue(page->res, i, page->agency),
                                      .counted =
                                          *PQgetvalue(page->res, i, page->counted) == 't',
                                      .page = page,
                                      .at = i};
        done = each(&row, user, error);
    }
    return done;
}

/* With one page behind the other: `each` runs while the server makes the next. What is asked for first is on its way. */
static bool read_pages(struct db *db, struct track_page *page, track_row_each *each, void *user,
                       GError **error)
{
    bool done = true, more = true;
    while (done && more) {
        PGresult *res = answer(db, error);
        if (!res)
            return false;
        page_take(page, res);
        more = PQntuples(res) == PAGE;
        if (more && !ask(db, error))
            return false;
        done = give(page, each, user, error);
    }
    if (more && !done) /* asked for already */
        PQclear(answer(db, NULL));
    return done;
}

/* ---- Of several agencies */

static bool start(struct db *db, const struct track_query *query, const char *metric,
                  GError **error)
{
    return track_rows_open(db, query, metric, error) && ask(db, error);
}

static bool finish(struct db *db, track_row_each *each, void *user, GError **error)
{
    struct track_page page = {0};
    bool done = read_pages(db, &page, each, user, error);
    page_clear(&page);
    return done && track_rows_close(db, error);
}

/* What members of the crew were asked for and nobody took. */
static void drop(struct crew *crew, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        PQclear(answer(crew_at(crew, (int)(i % (size_t)crew_size(crew))), NULL));
}

bool track_rows_each(struct crew *crew, const struct track_query *queries, size_t count,
                     const char *metric, track_row_each *each, void *user, GError **error)
{
    size_t size = (size_t)crew_size(crew), started = 0;
    for (size_t i = 0; i < count; i++) {
        bool done = true;
        for (; done && started < count && started < i + size; started += done)
            done =
                start(crew_at(crew, (int)(started % size)), &queries[started], metric, error);
        size_t taken = i + done;
        done = done && finish(crew_at(crew, (int)(i % size)), each, user, error);
        if (!done) {
            drop(crew, taken, started);
            return false;
        }
    }
    return true;
}
