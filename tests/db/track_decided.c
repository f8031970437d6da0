/* What officials decide on a pack's parameters: figures that were kept follow, and say so; pages of rows follow, too. */
#include "service/track/figures.h"
#include "sql/kept.h"
#include "sql/parameter.h"
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

static struct db *db;
static struct pack *pack;

static void open_all(void)
{
    g_autoptr(GError) error = NULL;
    db = trackdb_open();
    pack = pack_open(NULL, "jinjiang-2023-6", &error);
    cr_assert(pack, "%s", error ? error->message : "");
    for (const char *const *name = (const char *const[]){"陈科", "王科", NULL}; *name; name++)
        givef("account", "{'name': '%s', 'role': 'official', 'agency_id': null}", *name);
    give("account", "{'name': '李员', 'role': 'agency_clerk'}");
    for (int n = 1; n <= 5; n++) {
        givef("need", "{'need_id': %d, 'source_id': 'N%d', 'title': '甲', 'text': '%s'}", n, n,
              n == 1   ? "一二三四五六七八"
              : n == 2 ? "甲乙丙丁戊己庚辛壬癸"
              : n == 3 ? "寻求轻质耐磨的鞋底材料"
              : n == 4 ? "防锈的伞骨部件以及连接方式"
                       : "抗菌净水滤膜的规模化制备工艺");
        givef("decision", "{'kind': 'need', 'key': 'N%d'}", n);
    }
}

static void close_all(void)
{
    pack_free(pack);
    db_close(db);
}

static const struct figures_request now = {.today = "2026-03-01", .agency_id = 1, .keep = true};

/* The figure of needs, kept where it may be. *decided gets the list that the document names. */
static json_int_t needs(json_t **decided)
{
    g_autoptr(GError) error = NULL;
    json_auto_t *document = figures_document(db, pack, &now, &error);
    cr_assert(document, "%s", error ? error->message : "");
    if (decided)
        *decided = json_incref(json_object_get(document, "decided"));
    json_t *clauses = json_object_get(document, "clauses");
    for (size_t c = 0; c < json_array_size(clauses); c++) {
        json_t *items = json_object_get(json_array_get(clauses, c), "items");
        for (size_t i = 0; i < json_array_size(items); i++)
            if (g_str_equal(
                    json_string_value(json_object_get(json_array_get(items, i), "metric")),
                    "needs"))
                return json_integer_value(json_object_get(json_array_get(items, i), "value"));
    }
    return -1;
}

/* "" or why not; *waits as parameter_decide() says. */
static const char *decide(const char *by, const char *value, bool four_eyes, bool *waits)
{
    static char *why;
    g_autoptr(GError) error = NULL;
    json_auto_t *set = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    const struct parameter_decision decision = {.policy = pack->id,
                                                .version = pack->version,
                                                .clause = "4.2",
                                                .name = "need_text_min",
                                                .value = set,
                                                .by = by,
                                                .os_user = "os",
                                                .reason = "商议",
                                                .effective = "2025-06-30",
                                                .four_eyes = four_eyes};
    g_clear_pointer(&why, g_free);
    parameter_decide(db, &decision, waits, &error);
    why = g_strdup(error ? error->message : "");
    return why;
}

Test(track_decided, kept_figures_follow_a_decision_and_say_so)
{
    bool waits;
    json_t *decided;
    open_all();
    cr_expect_eq(needs(NULL), 4);
    cr_expect_eq(needs(&decided), 4);
    cr_expect_eq(json_array_size(decided), 0);
    json_decref(decided);
    cr_expect_str_eq(decide("陈科", "8", false, &waits), "");
    cr_expect(!waits);
    cr_expect_eq(needs(&decided), 5);
    const json_t *one = json_array_get(decided, 0);
    cr_expect_eq(json_array_size(decided), 1);
    cr_expect_str_eq(json_string_value(json_object_get(one, "by")), "陈科");
    cr_expect_eq(json_integer_value(json_object_get(one, "value")), 8);
    cr_expect(json_is_true(json_object_get(one, "late")));
    json_decref(decided);
    cr_expect_str_eq(decide("王科", NULL, false, &waits), "");
    cr_expect_eq(needs(&decided), 4);
    cr_expect_eq(json_array_size(decided), 0);
    json_decref(decided);
    cr_expect_eq(testdb_int("SELECT count(*) FROM ledger_row WHERE source = "
                            "'parameter_decision'"),
                 2);
    close_all();
}

Test(track_decided, the_choices_show_who_decided_and_what_the_pack_says)
{
    bool waits;
    g_autoptr(GError) error = NULL;
    open_all();
    decide("陈科", "8", false, &waits);
    json_auto_t *document = figures_document(db, pack, &now, &error);
    json_t *choices = json_object_get(json_object_get(document, "choices"), "4.2");
    json_t *choice = json_object_get(choices, "need_text_min");
    cr_expect_eq(json_integer_value(json_object_get(choice, "value")), 8);
    json_t *shown = json_object_get(choice, "decided");
    cr_expect_eq(json_integer_value(json_object_get(shown, "pack_value")), 10);
    cr_expect_str_eq(json_string_value(json_object_get(shown, "by")), "陈科");
    close_all();
}

Test(track_decided, two_officials_decide_where_the_pack_asks_for_it)
{
    bool waits;
    open_all();
    cr_expect_str_eq(decide("陈科", "8", true, &waits), "");
    cr_expect(waits);
    cr_expect_str_eq(decide("陈科", "8", true, &waits), "");
    cr_expect(waits, "the same official is no second one");
    cr_expect_str_eq(decide("王科", "9", true, &waits), "");
    cr_expect(waits, "another value is another proposal");
    cr_expect_eq(needs(NULL), 4);
    cr_expect_str_eq(decide("王科", "8", true, &waits), "");
    cr_expect(!waits);
    cr_expect_eq(needs(NULL), 5);
    cr_expect_str_eq(decide("陈科", "9", true, &waits), "");
    cr_expect(waits, "what was proposed before the last decision is over");
    close_all();
}

Test(track_decided, nobody_else_decides)
{
    bool waits;
    open_all();
    cr_expect(*decide("李员", "8", false, &waits));
    cr_expect(*decide("无人", "8", false, &waits));
    cr_expect_eq(testdb_int("SELECT count(*) FROM parameter_decision"), 0);
    close_all();
}

/* ---- Pages of rows */

/* The keys of all rows, page after page, with blanks between; *known_at as the pages have it (NULL before: now). */
static char *all_keys(const char *metric, enum figures_show show, int limit, char **known_at)
{
    g_autoptr(GString) keys = g_string_new(NULL);
    g_autofree char *after = g_strdup("");
    struct figures_request request = now;
    request.agency_id = 0;
    for (int agency = 0;;) {
        g_autoptr(GError) error = NULL;
        request.known_at = *known_at;
        const struct figures_page_wish wish = {metric, agency, after, show, limit};
        json_auto_t *page = figures_page(db, pack, &request, &wish, &error);
        cr_assert(page, "%s", error ? error->message : "");
        json_t *rows = json_object_get(page, "rows");
        cr_assert_leq(json_array_size(rows), (size_t)limit);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            json_t *row = json_array_get(rows, i);
            agency = (int)json_integer_value(json_object_get(row, "agency_id"));
            g_free(after);
            after = g_strdup(json_string_value(json_object_get(row, "key")));
            g_string_append_printf(keys, "%d/%s%s ", agency, after,
                                   json_is_true(json_object_get(row, "counted")) ? "+" : "-");
        }
        g_free(*known_at);
        *known_at = g_strdup(json_string_value(json_object_get(page, "known_at")));
        if (!json_is_true(json_object_get(page, "more")))
            return g_strdup(keys->str);
    }
}

static void expect_pages_of(const char *metric, const char *what, enum figures_show show,
                            const char *known_at, const char *wanted)
{
    for (int limit = 1; limit <= 7; limit += 3) {
        g_autofree char *moment = g_strdup(known_at);
        g_autofree char *keys = all_keys(metric, show, limit, &moment);
        cr_expect_str_eq(keys, wanted, "%s, %d a page: %s", what, limit, keys);
    }
}

static void expect_pages(const char *what, enum figures_show show, const char *known_at,
                         const char *wanted)
{
    expect_pages_of("needs", what, show, known_at, wanted);
}

Test(track_decided, pages_follow_every_change_and_a_moment_stays_what_it_was)
{
    bool waits;
    open_all();
    give("agency", "{'agency_id': 2, 'code': 'JJ02'}");
    give("need", "{'need_id': 9, 'agency_id': 2, 'source_id': 'M1', 'text': "
                 "'汽车座椅用的透气面料及其制造方法'}");
    expect_pages("as it is", FIGURES_ALL, NULL, "1/N1- 1/N2+ 1/N3+ 1/N4+ 1/N5+ 2/M1- ");
    expect_pages("counted", FIGURES_COUNTED, NULL, "1/N2+ 1/N3+ 1/N4+ 1/N5+ ");
    expect_pages("left out", FIGURES_LEFT_OUT, NULL, "1/N1- 2/M1- ");
    g_autofree char *before = NULL;
    g_autofree char *keys = all_keys("needs", FIGURES_ALL, 10, &before);
    decide("陈科", "8", false, &waits);
    expect_pages("decided", FIGURES_ALL, NULL, "1/N1+ 1/N2+ 1/N3+ 1/N4+ 1/N5+ 2/M1- ");
    expect_pages("before that", FIGURES_ALL, before, keys);
    close_all();
}

static void expect_loans(const char *what, const char *wanted)
{
    expect_pages_of("loans", what, FIGURES_COUNTED, NULL, wanted);
}

/* Rows of what is counted whole are kept. By the program's own verbs a change is noted in its transaction; kept rows that it bears on are
 * counted anew. */
Test(track_decided, pages_are_counted_once_until_something_bears_on_them)
{
    open_all();
    for (int n = 1; n <= 3; n++)
        givef("loan", "{'loan_id': %d, 'contract_number': 'L%d'}", 600 + n, n);
    expect_loans("first", "1/L1+ 1/L2+ 1/L3+ ");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_rows"), 1);
    testdb_sql("INSERT INTO decision (decision_id, agency_id, kind, key, verdict, decided_by, "
               "os_user, reason, effective, decided_at) OVERRIDING SYSTEM VALUE VALUES (99, 1, "
               "'loan', 'L2', 'reject', '陈科', "
               "'os', '不实', '2025-01-01', clock_timestamp()); INSERT INTO track_change "
               "(xid, source, kind, agency_id, noted_at) VALUES (pg_current_xact_id(), "
               "'decision', 'loan', 1, now())");
    expect_loans("rejected", "1/L1+ 1/L3+ ");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_rows"), 2);
    testdb_sql("INSERT INTO track_change (xid, source, agency_id, noted_at) VALUES "
               "(pg_current_xact_id(), 'sale', 1, now())");
    expect_loans("a sale", "1/L1+ 1/L3+ ");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_rows"), 2, "it does not bear on loans");
    testdb_sql("UPDATE track_rows SET kept_at = kept_at - interval '2 hours'; UPDATE "
               "track_rows SET snapshot = NULL");
    expect_loans("forgotten", "1/L1+ 1/L3+ ");
    cr_expect_eq(testdb_int("SELECT count(*) FROM track_rows"), 1);
    cr_expect_eq(testdb_int("SELECT count(DISTINCT rows_id) FROM track_row"), 1);
    close_all();
}
