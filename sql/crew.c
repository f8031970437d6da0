#include "sql/crew.h"
#include "sql/internal.h"
#include "sql/track.h"
#include <poll.h>

enum {
    CREW_MOST = 8,
    COUNTING = 2,
    FEW = 3 /* questions that are not worth a second session */
};

struct crew {
    struct db *members[CREW_MOST]; /* the first is the caller's */
    int size;
};

static struct db *open_member(const struct db *db, const char *state)
{
    struct db *member = db_beside(db, NULL);
    if (member && db_begin_same(member, state, NULL) && track_settle(member, NULL))
        return member;
    db_close(member);
    return NULL;
}

/* What can't be opened is done without: the answers are the same. */
struct crew *crew_new(struct db *db, int count)
{
    struct crew *crew = g_new0(struct crew, 1);
    crew->members[crew->size++] = db;
    g_autofree char *state = count > 1 ? db_export_state(db, NULL) : NULL;
    struct db *member;
    while (state && crew->size < MIN(count, CREW_MOST) && (member = open_member(db, state)))
        crew->members[crew->size++] = member;
    return crew;
}

static bool is_large(struct db *db)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_track_large, 0, NULL, "see how much is recorded", NULL);
    return res && PQntuples(res) == 1 && *PQgetvalue(res, 0, 0) == 't';
}

struct crew *crew_for(struct db *db, size_t count)
{
    return crew_new(db, count > FEW && is_large(db) ? COUNTING : 1);
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    for (int i = 1; i < crew->size; i++) {
        db_rollback(crew->members[i]); /* it only read */
        db_close(crew->members[i]);
    }
    g_free(crew);
}

int crew_size(const struct crew *crew)
{
    return crew->size;
}

struct db *crew_at(const struct crew *crew, int at)
{
    return crew->members[at];
}

/* ---- Asking */

/* What is on its way. */
struct asking {
    struct crew *crew;
    struct crew_question *asked[CREW_MOST]; /* of each member; NULL: it has nothing to do */
    const char *what;
};

static bool send(struct asking *asking, int at, struct crew_question *question, GError **error)
{
    struct db *member = asking->crew->members[at];
    asking->asked[at] = question;
    if (PQsendQueryParams(member->conn, question->sql, question->count, NULL, question->values,
                          NULL, NULL, 0) == 1)
        return true;
    db_fail(member, NULL, asking->what, error);
    return false;
}

static bool take(struct asking *asking, int at, GError **error)
{
    struct db *member = asking->crew->members[at];
    g_autoptr(PGresult) res = PQgetResult(member->conn);
    PGresult *more;
    while ((more = PQgetResult(member->conn)))
        PQclear(more);
    bool done = PQresultStatus(res) == PGRES_TUPLES_OK;
    if (done)
        asking->asked[at]->rows = db_rows_of(res);
    else
        db_fail(member, res, asking->what, error);
    asking->asked[at] = NULL;
    return done;
}

/* Waits until one of them says something, and takes whole answers. */
static bool wait_for_some(struct asking *asking, GError **error)
{
    struct pollfd files[CREW_MOST];
    for (int i = 0; i < asking->crew->size; i++)
        files[i] = (struct pollfd){
            .fd = asking->asked[i] ? PQsocket(asking->crew->members[i]->conn) : -1,
            .events = POLLIN};
    if (poll(files, (nfds_t)asking->crew->size, -1) < 0)
        return true; /* interrupted */
    bool done = true;
    for (int i = 0; done && i < asking->crew->size; i++) {
        PGconn *conn = asking->crew->members[i]->conn;
        if (files[i].revents && (PQconsumeInput(conn) != 1 || !PQisBusy(conn)))
            done = take(asking, i, error);
    }
    return done;
}

static bool is_asking(const struct asking *asking)
{
    for (int i = 0; i < asking->crew->size; i++)
        if (asking->asked[i])
            return true;
    return false;
}

bool crew_ask(struct crew *crew, struct crew_question *questions, size_t count,
              const char *what, GError **error)
{
    struct asking asking = {.crew = crew, .what = what};
    bool done = true;
    for (size_t next = 0; done && (next < count || is_asking(&asking));) {
        for (int i = 0; done && i < crew->size && next < count; i++)
            if (!asking.asked[i])
                done = send(&asking, i, &questions[next++], error);
        done = done && wait_for_some(&asking, error);
    }
    for (int i = 0; i < crew->size; i++)
        if (asking.asked[i]) /* whose answer nobody wants */
            take(&asking, i, NULL);
    return done;
}
