/* The rows behind a figure as texts, however many: a cursor whose next rows are made while these are worked on. */
#include "sql/row_text.h"
#include "sql/track.h"
#include <string.h>

enum { PAGE = 2000 };

struct track_page {
    PGresult *res; /* NULL: not yet, or no longer */
    int agency, counted;
    struct row_text *text; /* of the first page, for all of them */
};

static void page_take(struct track_page *page, PGresult *res)
{
    PQclear(page->res);
    page->res = res;
    if (!page->text) {
        page->text = row_text_new(res, "agency_id");
        page->agency = PQfnumber(res, "agency");
        page->counted = PQfnumber(res, "counted");
    }
}

static void page_clear(struct track_page *page)
{
    PQclear(page->res);
    row_text_free(page->text);
}

const char *track_row_value(const struct track_row *row, const char *column)
{
    const PGresult *res = row->page->res;
    int at = PQfnumber(res, column);
    return at < 0 || PQgetisnull(res, row->at, at) ? NULL : PQgetvalue(res, row->at, at);
}

void track_row_text(const struct track_row *row, const char *const *said, GString *out)
{
    row_text_append(row->page->text, row->page->res, row->at, said, out);
}

/* ---- Reading */

static const char fetch[] = "FETCH 2000 FROM evidence";

static bool ask(struct db *db, GError **error)
{
    G_STATIC_ASSERT(PAGE == 2000);
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

/* With one page behind the other: `each` runs while the server makes the next. */
static bool read_pages(struct db *db, struct track_page *page, track_row_each *each, void *user,
                       GError **error)
{
    bool done = ask(db, error), more = done;
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

bool track_rows_each(struct db *db, const struct track_query *query, const char *metric,
                     track_row_each *each, void *user, GError **error)
{
    struct track_page page = {0};
    bool done = track_rows_open(db, query, metric, error) &&
                read_pages(db, &page, each, user, error);
    page_clear(&page);
    return done && track_rows_close(db, error);
}
