/* Several sessions that count at once see one state, whatever is committed meanwhile, and count what one does. */
#include "service/track/figures.h"
#include "sql/crew.h"
#include "sql/track.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

enum { SESSIONS = 3, QUESTIONS = 7 };

static void add_patent(int n)
{
    givef("patent", "{'patent_id': %d, 'application_number': 'CN20201000000%d.1'}", n, n);
    givef("patent_holding", "{'patent_id': %d}", n);
}

static json_int_t first_number(const json_t *rows)
{
    return json_integer_value(json_object_get(json_array_get(rows, 0), "n"));
}

Test(track_crew, they_see_what_the_first_sees)
{
    g_autoptr(GError) error = NULL;
    struct db *db = trackdb_open();
    add_patent(1);
    cr_assert(track_begin(db, &error));
    struct crew_question first = {.sql = "SELECT count(*) AS n FROM patent_holding"};
    struct crew *crew = crew_new(db, 1);
    cr_assert(crew_ask(crew, &first, 1, "count", &error), "%s", error ? error->message : "");
    crew_free(crew);
    add_patent(2); /* committed by another session */
    crew = crew_new(db, SESSIONS);
    cr_expect_eq(crew_size(crew), SESSIONS);
    struct crew_question all[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++)
        all[i] = (struct crew_question){
            .sql = "SELECT count(*) AS n, pg_sleep(0.01)::text FROM patent_holding"};
    cr_assert(crew_ask(crew, all, QUESTIONS, "count", &error), "%s",
              error ? error->message : "");
    for (int i = 0; i < QUESTIONS; i++) {
        cr_expect_eq(first_number(all[i].rows), 1, "question %d", i);
        json_decref(all[i].rows);
    }
    cr_expect_eq(first_number(first.rows), 1);
    json_decref(first.rows);
    crew_free(crew);
    db_rollback(db);
    db_close(db);
}

Test(track_crew, one_that_fails_leaves_the_session_in_use)
{
    g_autoptr(GError) error = NULL;
    struct db *db = trackdb_open();
    cr_assert(track_begin(db, &error));
    struct crew *crew = crew_new(db, SESSIONS);
    struct crew_question all[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++)
        all[i] = (struct crew_question){.sql = i == 2 ? "SELECT 1 / 0" : "SELECT 1 AS n"};
    cr_expect_not(crew_ask(crew, all, QUESTIONS, "count", &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_VALUE), "%s", error->message);
    for (int i = 0; i < QUESTIONS; i++)
        json_decref(all[i].rows);
    crew_free(crew);
    db_rollback(db);
    g_clear_error(&error);
    cr_expect(track_begin(db, &error), "%s", error ? error->message : "");
    db_rollback(db);
    db_close(db);
}

static char *counted(struct db *db, const struct pack *pack, bool keep)
{
    g_autoptr(GError) error = NULL;
    const struct figures_request request = {
        .today = "2026-03-01", .agency_id = 1, .keep = keep};
    json_auto_t *document = figures_document(db, pack, &request, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return json_dumps(json_object_get(document, "clauses"), JSON_COMPACT | JSON_SORT_KEYS);
}

Test(track_crew, two_count_what_one_does)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    for (int n = 1; n <= 5; n++)
        add_patent(n);
    give("deal", "{'deal_id': 400, 'contract_number': 'HT-1', 'rights': [{'type': 'invention', "
                 "'number': 'CN202010000001.1'}], 'buyer': {'name': '岚桥鞋业', 'uscc': "
                 "'U100'}}");
    char *one = counted(db, pack, false);
    testdb_sql("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'push'::regclass");
    for (int keep = 0; keep <= 1; keep++) {
        char *two = counted(db, pack, keep);
        cr_expect_str_eq(two, one);
        free(two);
    }
    free(one);
    db_close(db);
}
