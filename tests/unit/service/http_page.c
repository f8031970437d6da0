#include "service/http/figures_view.h"
#include "service/http/page.h"
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

/* ---- A source that needs no database */

static const char hostile[] = "<script>alert(\\\"x\\\")</script>'\\\"&";

static const char document_text[] =
    "{\"policy\": \"p-1\", \"version\": 1, \"digest\": \"0123456789abcdef\", \"name\": "
    "{\"zh\": \"办法 %1$s\", \"en\": "
    "\"Measures %1$s\"}, \"issued\": {\"number\": \"〔2023〕6号\"}, \"template\": true, "
    "\"banner\": {\"zh\": \"模板 %1$s\", "
    "\"en\": \"TEMPLATE\"}, \"as_of\": \"2025-12-31\", \"known_at\": "
    "\"2026-03-01T08:00:00.000000Z\", \"window\": "
    "{\"from\": \"2023-01-01\", \"to\": \"2025-12-31\", \"ended\": true}, \"choices\": "
    "{\"4.2\": {}}, \"clauses\": "
    "[{\"id\": \"4.2\", \"name\": {\"zh\": \"库\", \"en\": \"base\"}, \"agency\": \"JJ01\", "
    "\"agency_name\": \"机构%1$s\", "
    "\"agency_invented\": true, \"as_of\": \"2025-12-31\", \"template\": true, \"state\": "
    "\"not_met\", \"amount_fen\": 0, "
    "\"award_fen\": 50000000, \"undetermined\": [], \"items\": [{\"metric\": \"needs\", "
    "\"name\": {\"zh\": \"需求\", "
    "\"en\": \"needs\"}, \"value\": 12, \"threshold\": 1000, \"met\": false, \"missing\": 988, "
    "\"literal\": 13, "
    "\"left_out\": {\"near_duplicate\": 3}, \"invented\": 11, \"late\": 2, \"unknown\": 1, "
    "\"open\": 9, \"definition\": "
    "{\"zh\": \"口\", \"en\": \"what\"}}]}]}";

static const char leads_text[] =
    "[{\"lead\": \"-17-42\", \"state\": \"proposed\", \"rank\": 1, \"score\": 300, \"fit\": "
    "0.62, \"probability\": 0.35, "
    "\"reasons\": [{\"text\": \"%1$s\", \"kind\": \"term\", \"points\": 200}, {\"text\": "
    "\"A43B\", \"kind\": \"class\", "
    "\"points\": 100}], \"patent\": \"CN1\", \"patent_title\": \"%1$s\", \"need\": \"XQ-1\", "
    "\"need_title\": \"%1$s\", "
    "\"enterprise\": \"%1$s\", \"agency\": \"JJ01\", \"proposed_at\": \"2026-03-01 "
    "08:00:00+00\", \"invented\": true}]";

static const char rows_text[] = "[{\"agency_id\": 1, \"agency\": \"JJ01\", \"key\": "
                                "\"键/&%1$s\", \"label\": \"%1$s\", \"whose\": \"%1$s\", "
                                "\"claimed_date\": \"2024-02-01\", \"recorded_at\": "
                                "\"2024-03-01T04:00:00Z\", \"batch\": \"7\", \"documents\": "
                                "[{\"file\": \"%1$s\"}], \"counted\": false, \"literal\": "
                                "true, \"reason\": \"near_duplicate\", \"reasons\": "
                                "[\"near_duplicate\"], \"detail\": {\"state\": \"%1$s\", "
                                "\"jaccard\": 0.5}, \"invented\": true, \"late\": true, "
                                "\"unknown\": false}]";

static json_t *filled(const char *format)
{
    g_auto(GStrv) parts = g_strsplit(format, "%1$s", 0);
    g_autofree char *text = g_strjoinv(hostile, parts);
    json_error_t why;
    json_t *json = json_loads(text, 0, &why);
    cr_assert(json, "%s", why.text);
    return json;
}

static struct {
    int code; /* of PAGE_ERROR; -1: none; -2: of another domain */
    struct page_evidence asked;
    char key[64];
    int logged;
} source_state;

static bool fails(GError **error)
{
    if (source_state.code == -1)
        return false;
    if (source_state.code == -2)
        g_set_error(error, g_quark_from_string("other"), 1, "password of db.internal");
    else
        g_set_error(error, PAGE_ERROR, source_state.code, "because");
    return true;
}

static json_t *give_figures(const char *policy, void *user, GError **error)
{
    (void)policy, (void)user;
    return fails(error) ? NULL : filled(document_text);
}

static json_t *give_evidence(const struct page_evidence *wanted, void *user, GError **error)
{
    (void)user;
    source_state.asked = *wanted;
    g_strlcpy(source_state.key, wanted->after_key, sizeof source_state.key);
    if (fails(error))
        return NULL;
    json_t *document = filled(document_text);
    json_object_set_new(document, "rows", filled(rows_text));
    json_object_set_new(document, "more", json_true());
    return document;
}

static json_t *give_leads(int limit, void *user, GError **error)
{
    (void)limit, (void)user;
    return fails(error) ? NULL : filled(leads_text);
}

static const char *same_word(const char *code, bool chinese)
{
    (void)chinese;
    return code;
}

static bool give_ready(void *user, GError **error)
{
    (void)user;
    return !fails(error);
}

static void count_log(const char *path, const GError *error, void *user)
{
    (void)path, (void)error, (void)user;
    source_state.logged++;
}

static struct page_source source = {.policies = (const char *const[]){"p-1", "p-2", NULL},
                                    .figures = give_figures,
                                    .evidence = give_evidence,
                                    .leads = give_leads,
                                    .word = same_word,
                                    .ready = give_ready,
                                    .log = count_log};

static void ask(struct answer *answer, const char *method, const char *path, const char *accept,
                const char *name, const char *value)
{
    g_autoptr(GHashTable) args = g_hash_table_new(g_str_hash, g_str_equal);
    const struct request request = {
        .method = method, .target = path, .path = path, .accept = accept, .args = args};
    if (name)
        g_hash_table_insert(args, (gpointer)(uintptr_t)name, (gpointer)(uintptr_t)value);
    *answer = (struct answer){0};
    page_answer(&request, answer, &source);
    cr_assert(answer->body && answer->type, "%s", path);
}

static void start(void)
{
    source_state.code = -1;
}

TestSuite(http_page, .init = start);

/* ---- What is where */

Test(http_page, every_address_answers_as_the_table_of_routes_has_it)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *type;
    } rows[] = {
        {"GET", "/", 200, "text/html; charset=utf-8"},
        {"HEAD", "/", 200, "text/html; charset=utf-8"},
        {"GET", "/evidence/p-1/needs", 200, "text/html; charset=utf-8"},
        {"GET", "/style.css", 200, "text/css; charset=utf-8"},
        {"GET", "/icon.svg", 200, "image/svg+xml"},
        {"GET", "/healthz", 200, "application/json"},
        {"GET", "/readyz", 200, "application/json"},
        {"GET", "/nothing", 404, "application/problem+json"},
        {"GET", "/healthz/", 404, "application/problem+json"},
        {"GET", "//", 404, "application/problem+json"},
        {"GET", "/../etc/passwd", 404, "application/problem+json"},
        {"GET", "/evidence", 404, "application/problem+json"},
        {"GET", "/evidence/", 404, "application/problem+json"},
        {"GET", "/evidence/p-1", 404, "application/problem+json"},
        {"GET", "/evidence/p-1/needs/", 404, "application/problem+json"},
        {"GET", "/evidence/p-3/needs", 404, "application/problem+json"},
        {"POST", "/", 405, "application/problem+json"},
        {"DELETE", "/evidence/p-1/needs", 405, "application/problem+json"},
        {"OPTIONS", "/healthz", 405, "application/problem+json"},
        {"POST", "/nothing", 404, "application/problem+json"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct answer answer;
        ask(&answer, rows[i].method, rows[i].path, NULL, NULL, NULL);
        cr_expect_eq(answer.status, rows[i].status, "%s %s: %d", rows[i].method, rows[i].path,
                     answer.status);
        cr_expect_str_eq(answer.type, rows[i].type, "%s %s", rows[i].method, rows[i].path);
        cr_expect_eq(answer.allow != NULL, rows[i].status == 405, "%s %s", rows[i].method,
                     rows[i].path);
        answer_clear(&answer);
    }
}

Test(http_page, an_argument_that_can_not_be_understood_is_refused)
{
    static const struct {
        const char *name, *value;
        int status;
    } rows[] = {
        {"show", "counted", 200}, {"show", "left-out", 200}, {"show", "all", 400},
        {"after", "1.XQ-1", 200}, {"after", "", 400},        {"after", "1", 400},
        {"after", "1.", 400},     {"after", "x.1", 400},     {"after", "1234567890.x", 400},
        {"after", "-1.x", 400},   {"after", "1.\xff", 400},  {"other", "x", 200}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct answer answer;
        ask(&answer, "GET", "/evidence/p-1/needs", NULL, rows[i].name, rows[i].value);
        cr_expect_eq(answer.status, rows[i].status, "%s=%s: %d", rows[i].name, rows[i].value,
                     answer.status);
        answer_clear(&answer);
    }
}

Test(http_page, a_cursor_is_an_agency_and_a_key_that_may_hold_anything)
{
    struct answer answer;
    ask(&answer, "GET", "/evidence/p-1/needs", NULL, "after", "12.林知序/海丝.理工");
    cr_expect_eq(source_state.asked.after_agency, 12);
    cr_expect_str_eq(source_state.key, "林知序/海丝.理工");
    answer_clear(&answer);
}

/* ---- What a reader sees */

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

Test(http_page, no_name_becomes_markup_and_nothing_runs)
{
    static const char *const paths[] = {"/", "/evidence/p-1/needs"};
    static const char *const never[] = {
        "<script", "alert(\"", " onclick", "javascript:", "style=\"", "<iframe", "=&quot;"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        struct answer answer;
        ask(&answer, "GET", paths[i], "text/html", NULL, NULL);
        cr_expect_gt(count_of(answer.body->str, "&lt;script&gt;alert("), 3, "%s", paths[i]);
        for (size_t n = 0; n < G_N_ELEMENTS(never); n++)
            cr_expect_not(strstr(answer.body->str, never[n]), "%s has %s", paths[i], never[n]);
        answer_clear(&answer);
    }
}

Test(http_page, every_link_is_relative)
{
    static const char *const paths[] = {"/", "/evidence/p-1/needs", "/nothing/at/all"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        struct answer answer;
        ask(&answer, "GET", paths[i], "text/html", NULL, NULL);
        cr_expect_gt(count_of(answer.body->str, "href=\""), 3, "%s", paths[i]);
        cr_expect_not(strstr(answer.body->str, "href=\"/") ||
                          strstr(answer.body->str, "src=\"/") ||
                          strstr(answer.body->str, "://"),
                      "%s", paths[i]);
        const char *style = i == 0 ? "href=\"style.css\"" : "href=\"../../style.css\"";
        cr_expect(strstr(answer.body->str, style), "%s", paths[i]);
        answer_clear(&answer);
    }
}

Test(http_page, the_first_page_shows_numbers_marks_reasons_and_what_a_probability_is)
{
    static const char *const wanted[] = {
        "模板，未生效",
        "政策已结束",
        "class=\"banner template\"",
        "虚构 11",
        "虚构</span>",
        ">12 ",
        "1,000",
        "988",
        "near_duplicate 3",
        "先验，未学习",
        "sum = score</span> <strong>300</strong>",
        "62%",
        "35%",
        "href=\"evidence/p-1/needs?agency=JJ01&amp;as-of=2025-12-31&amp;known=2026",
        "known=2026-03-01T08%3A00%3A00.000000Z\"",
    };
    struct answer answer;
    ask(&answer, "GET", "/", "text/html", NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        cr_expect(strstr(answer.body->str, wanted[i]), "%s", wanted[i]);
    cr_expect_eq(count_of(answer.body->str, "<section class=\"policy"), 2);
    answer_clear(&answer);
}

Test(http_page, a_day_before_the_end_is_not_called_the_last_one)
{
    static const struct {
        const char *as_of, *said;
    } rows[] = {{"2025-12-31", "以下是其最后一天的数"},
                {"2026-03-01", "以下是其最后一天的数"},
                {"2025-12-30", "以下不是其最后一天的数，而是所问之日的"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *document = filled(document_text);
        GString *out = g_string_new(NULL);
        json_object_set_new(document, "as_of", json_string(rows[i].as_of));
        figures_view_head(out, document, 1);
        cr_expect(strstr(out->str, rows[i].said), "%s: %s", rows[i].as_of, out->str);
        g_string_free(out, TRUE);
        json_decref(document);
    }
}

Test(http_page, the_link_to_the_next_page_keeps_day_moment_and_filter)
{
    struct answer answer;
    ask(&answer, "GET", "/evidence/p-1/needs", "text/html", "show", "left-out");
    cr_expect(
        strstr(answer.body->str,
               "rel=\"next\" href=\"?as-of=2025-12-31&amp;known=2026-03-01T08%3A00%3A00.000000Z"
               "&amp;show=left-out&amp;after=1.%E9%94%AE%2F%26%3Cscript%3E"));
    answer_clear(&answer);
}

/* ---- When it can't be shown */

Test(http_page, a_failure_has_its_status_and_keeps_its_secrets)
{
    static const struct {
        int code, status, logged;
    } rows[] = {{PAGE_ERROR_NOT_FOUND, 404, 0},
                {PAGE_ERROR_WRONG, 400, 0},
                {PAGE_ERROR_UNAVAILABLE, 503, 1},
                {-2, 500, 1}};
    static const char *const paths[] = {"/", "/evidence/p-1/needs", "/readyz"};
    for (size_t i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(paths) * 2; i++) {
        size_t row = i % G_N_ELEMENTS(rows),
               path = i / G_N_ELEMENTS(rows) % G_N_ELEMENTS(paths);
        bool page = i >= G_N_ELEMENTS(rows) * G_N_ELEMENTS(paths);
        struct answer answer;
        source_state.code = rows[row].code;
        source_state.logged = 0;
        ask(&answer, "GET", paths[path], page ? "text/html,*/*" : "*/*", NULL, NULL);
        cr_expect_eq(answer.status, rows[row].status, "%s: %d", paths[path], answer.status);
        cr_expect_eq(answer.retry_after_s > 0, answer.status == 503, "%s", paths[path]);
        cr_expect_eq(source_state.logged, rows[row].logged, "%s %d", paths[path],
                     answer.status);
        cr_expect_eq(g_str_has_prefix(answer.type, "text/html"), page, "%s", paths[path]);
        cr_expect_not(strstr(answer.body->str, "password"), "%s", paths[path]);
        answer_clear(&answer);
    }
}

Test(http_page, alive_does_not_depend_on_the_database)
{
    struct answer answer;
    source_state.code = PAGE_ERROR_UNAVAILABLE;
    ask(&answer, "GET", "/healthz", NULL, NULL, NULL);
    cr_expect_eq(answer.status, 200);
    answer_clear(&answer);
}
