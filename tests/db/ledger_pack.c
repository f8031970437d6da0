/* Rows that a load brings anew stand in the ledger by digests that the loader reckons: they are what the server would reckon, are found
 * again when such a row changes, and what is altered behind the service's back is named. */
#include "sql/canonical.h"
#include "sql/oid.h"
#include "tests/support/loading.h"
#include "tests/support/verified.h"
#include <criterion/criterion.h>
#include <string.h>

static struct db *db;

static const char *finding(void)
{
    return first_finding_in(db);
}

/* loading_open() puts two agencies in behind the ledger's back: it takes them in. */
static void open_with_agencies(void)
{
    db = loading_open();
    testdb_sql(
        "SELECT ledger_append('{\"kind\": \"opened\"}', '[{\"source\": \"agency\", \"ids\": "
        "[]}]', now())");
}

/* ---- The canonical text */

enum { VALUES = 400, NAMES = 6, DEEPEST = 3 };

static const char *const names[NAMES] = {"名称", "a", "\"b\\", "kind_of_it", "\ttab", ""};
static const char *const texts[] = {
    "", "鞋底 \"轻质\"", "a\\b/c", "\x01\x1f\x7f", "第一行\r\n第二行\b\f\t", "😀", "null"};

static json_t *invent(GRand *rand, int depth)
{
    int kind = g_rand_int_range(rand, 0, depth < DEEPEST ? 8 : 6);
    if (kind < 2)
        return json_string(texts[g_rand_int_range(rand, 0, G_N_ELEMENTS(texts))]);
    if (kind == 2)
        return json_integer((json_int_t)g_rand_int(rand) * 2000000000 - 1);
    if (kind == 3)
        return json_null();
    if (kind == 4)
        return json_boolean(g_rand_boolean(rand));
    if (kind == 5)
        return depth && g_rand_int_range(rand, 0, 4) == 0 ? json_real(g_rand_double(rand))
                                                          : json_integer(0);
    json_t *made = kind == 6 ? json_object() : json_array();
    for (int i = g_rand_int_range(rand, 0, NAMES); i > 0; i--)
        if (kind == 6)
            json_object_set_new(made, names[g_rand_int_range(rand, 0, NAMES)],
                                invent(rand, depth + 1));
        else
            json_array_append_new(made, invent(rand, depth + 1));
    return made;
}

/* "$1 -> $2" of the values that are told otherwise than the server tells them; there should be none. */
static json_t *told_otherwise(json_t *pairs)
{
    char *all = json_dumps(pairs, JSON_COMPACT);
    g_autofree char *query =
        g_strdup_printf("SELECT (p ->> 0) || ' -> ' || (p ->> 1) AS pair FROM "
                        "jsonb_array_elements($$%s$$::jsonb) p WHERE "
                        "jsonb_strip_nulls((p ->> 0)::jsonb)::text <> p ->> 1",
                        all);
    free(all);
    return testdb_rows(query);
}

Test(ledger_pack, the_canonical_text_is_the_servers)
{
    const guint32 seed = g_random_int();
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    json_auto_t *pairs = json_array();
    testdb_open();
    for (int n = 0; n < VALUES; n++) {
        json_auto_t *value = invent(rand, 0);
        g_autoptr(GString) here = g_string_new(NULL);
        char *given = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        if (canonical_json(here, value))
            json_array_append_new(pairs, json_pack("[s, s]", given, here->str));
        free(given);
    }
    cr_expect_gt(json_array_size(pairs), VALUES / 2, "most of them are sure");
    json_auto_t *otherwise = told_otherwise(pairs);
    cr_expect_eq(json_array_size(otherwise), 0, "seed %u: %s", seed,
                 json_string_value(json_object_get(json_array_get(otherwise, 0), "pair")));
}

/* Texts are looked through eight bytes at a time: each special character at each place, between bytes above and below it. */
Test(ledger_pack, a_special_character_is_found_wherever_it_stands)
{
    static const struct {
        char c;
        const char *form;
    } specials[] = {
        {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {0x1f, "\\u001f"}, {0x01, "\\u0001"}};
    static const char plain[] = " !\xe9\x9e\x8b#[\x7f\xc3\xa9 ~zZ\xe4\xb8\x80";
    for (size_t s = 0; s < G_N_ELEMENTS(specials); s++)
        for (size_t at = 0; at < sizeof plain; at++) {
            g_autoptr(GString) text = g_string_new(plain), form = g_string_new(NULL);
            g_autofree char *wanted =
                g_strdup_printf("\"%.*s%s%s\"", (int)at, plain, specials[s].form, plain + at);
            g_string_insert_c(text, (gssize)at, specials[s].c);
            cr_expect_eq(canonical_plain(text->str, text->len), at);
            canonical_text(form, text->str, text->len);
            cr_expect_str_eq(form->str, wanted);
        }
    cr_expect_eq(canonical_plain(plain, sizeof plain - 1), sizeof plain - 1);
}

Test(ledger_pack, columns_are_told_as_to_jsonb_tells_them)
{
    static const struct {
        Oid type;
        const char *text, *form; /* NULL: only the server knows */
    } cases[] = {
        {OID_INT8, "-1136779672773903599", "-1136779672773903599"},
        {OID_INT4, "0", "0"},
        {OID_INT4, "-0", NULL},
        {OID_INT8, "007", NULL},
        {OID_INT8, "", NULL},
        {OID_DATE, "2024-02-29", "\"2024-02-29\""},
        {OID_DATE, "2024-2-29", NULL},
        {OID_TIMESTAMPTZ, "2026-01-01 08:00:00.12+00", "\"2026-01-01T08:00:00.12+00:00\""},
        {OID_TIMESTAMPTZ, "2026-01-01 08:00:00+00", "\"2026-01-01T08:00:00+00:00\""},
        {OID_TIMESTAMPTZ, "2026-01-01 08:00:00+08", NULL},
        {OID_TEXT, "鞋\t底", "\"鞋\\t底\""},
        {OID_FLOAT8, "1", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) form = g_string_new(NULL);
        bool sure =
            canonical_of_text(form, cases[i].text, strlen(cases[i].text), cases[i].type);
        cr_expect_eq(sure, cases[i].form != NULL, "%s", cases[i].text);
        if (cases[i].form)
            cr_expect_str_eq(form->str, cases[i].form);
    }
}

/* ---- What is loaded */

static int64_t count(const char *of)
{
    return testdb_int(sql_text("SELECT count(*) FROM %s", of));
}

static void load_three_patents(void)
{
    g_autofree char *lines =
        g_strdup_printf("%s\n%s\n%s\n",
                        row("{'application_number': '%s', 'title': '鞋底', 'legal_status': "
                            "'granted', 'legal_status_date': '2020-01-01', "
                            "'备注': 'a\\tb \\\\ c', 'applicants': ['某厂', '\\\"二\\\" 厂']}",
                            app_number(1)),
                        row("{'application_number': '%s', 'publication_number': '%s', 'title': "
                            "'鞋面', 'abstract': '一种鞋面。'}",
                            app_number(2), pub_number(2, 'A')),
                        row("{'application_number': '%s', 'title': '鞋带'}", app_number(3)));
    expect_counts("three patents", load("patent", 1, lines), 3, 0, 0, 0);
}

Test(ledger_pack, new_rows_are_packed_and_a_change_finds_them_again)
{
    open_with_agencies();
    load_three_patents();
    cr_expect_eq(testdb_int("SELECT sum(rows) FROM ledger_pack"), 11,
                 "3 patents, 4 numbers, 1 status, 3 holdings");
    cr_expect_eq(count("ledger_row WHERE source LIKE 'patent%'"), 0);
    cr_expect_str_eq(finding(), "");
    load("patent", 1, row("{'application_number': '%s', 'title': '系带'}", app_number(3)));
    cr_expect_eq(
        count(
            "ledger_row r JOIN ledger_every_row p ON p.source = 'patent' AND p.key = r.key AND "
            "p.after = r.before AND p.seq < r.seq WHERE r.source = 'patent'"),
        1, "what it was before is what the pack said");
    cr_expect_eq(testdb_int("SELECT sum(rows) FROM ledger_pack"), 11, "packs stay as they are");
    cr_expect_str_eq(finding(), "");
}

Test(ledger_pack, what_only_the_server_can_tell_it_tells)
{
    open_with_agencies();
    g_autofree char *lines = g_strdup_printf(
        "%s\n%s\n",
        row("{'application_number': '%s', 'title': '鞋底', 'extra': {'厚度': 1.50}}",
            app_number(1)),
        row("{'application_number': '%s', 'title': '鞋面'}", app_number(2)));
    json_t *report = load("patent", 1, lines);
    expect_counts("both are new", report, 2, 0, 0, 0);
    cr_expect_eq(count("ledger_row WHERE source LIKE 'patent%'"), 1, "the fraction");
    cr_expect_str_eq(finding(), "", "packed and laid out in one entry");
}

Test(ledger_pack, a_dry_run_keeps_nothing_in_mind)
{
    open_with_agencies();
    loading.dry_run = true;
    load_three_patents();
    cr_expect_eq(count("ledger_pack"), 0);
    loading.dry_run = false;
    load_three_patents();
    cr_expect_eq(testdb_int("SELECT sum(rows) FROM ledger_pack"), 11);
    cr_expect_str_eq(finding(), "");
}

/* ---- What is altered behind the service's back */

static const struct {
    const char *what, *sql, *tables, *found;
} alterations[] = {
    {"a patent's title", "UPDATE patent SET title = '鞋帮' WHERE title = '鞋面'", "patent",
     "was altered"},
    {"a patent's row dropped", "DELETE FROM patent WHERE title = '鞋面'", "patent", "is gone"},
    {"a number led elsewhere",
     "UPDATE patent_alias SET patent_id = (SELECT patent_id FROM patent WHERE title = '鞋面')",
     "patent_alias", "was altered"},
    {"a holding's day", "UPDATE patent_holding SET held_since = held_since - 400",
     "patent_holding", "was altered"},
    {"a status", "UPDATE patent_status SET status = 'expired'", "patent_status", "was altered"},
    {"a digest in a pack",
     "UPDATE ledger_pack SET lines = translate(lines, 'a', 'b') WHERE source = 'patent'",
     "ledger_pack", "entry 3"},
    {"a patent together with its digest",
     "UPDATE patent SET title = '鞋帮' WHERE title = '鞋面'; UPDATE ledger_pack p SET lines = "
     "(SELECT string_agg(concat("
     "'patent', E'\\t', s.patent_id, E'\\t\\t', "
     "encode(sha256(convert_to(jsonb_strip_nulls(to_jsonb(s))::text, 'UTF8')), "
     "'hex'), E'\\n'), '' ORDER BY s.patent_id::text COLLATE \"C\") FROM patent s) WHERE "
     "p.source = 'patent'",
     "patent ledger_pack", "entry 3"},
    {"a pack dropped", "DELETE FROM ledger_pack WHERE source = 'patent_alias'", "ledger_pack",
     "entry 3"},
    {"a pack and its rows dropped",
     "DELETE FROM ledger_pack WHERE source = 'patent_status'; DELETE FROM patent_status",
     "ledger_pack patent_status", "entry 3"},
    {"a pack under another source",
     "UPDATE ledger_pack SET source = 'patents' WHERE source = 'patent'", "ledger_pack",
     "patents"},
    {"a pack under another entry", "UPDATE ledger_pack SET seq = 90 WHERE source = 'patent'",
     "ledger_pack", "entry 3"},
    {"the order in a pack",
     "UPDATE ledger_pack p SET lines = (SELECT string_agg(l.line || E'\\n', '' ORDER BY l.line "
     "DESC) FROM "
     "string_to_table(rtrim(p.lines, E'\\n'), E'\\n') l (line)) WHERE p.source = 'patent'",
     "ledger_pack", "entry 3"},
};

/* Copies the tables away (`back` false), or back. */
static void keep(const char *tables, bool back)
{
    g_auto(GStrv) names_of = g_strsplit(tables, " ", -1);
    for (char **name = names_of; *name; name++)
        testdb_sql(back ? sql_text("DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s; DROP "
                                   "TABLE kept_%s",
                                   *name, *name, *name, *name)
                        : sql_text("CREATE TABLE kept_%s AS SELECT * FROM %s", *name, *name));
}

Test(ledger_pack, what_is_altered_is_named)
{
    open_with_agencies();
    load_three_patents();
    cr_assert_str_eq(finding(), "");
    testdb_sql("SET session_replication_role = replica");
    for (size_t i = 0; i < G_N_ELEMENTS(alterations); i++) {
        keep(alterations[i].tables, false);
        testdb_sql(alterations[i].sql);
        cr_expect(strstr(finding(), alterations[i].found), "%s: '%s' does not name %s",
                  alterations[i].what, finding(), alterations[i].found);
        keep(alterations[i].tables, true);
        cr_assert_str_eq(finding(), "", "%s was put back", alterations[i].what);
    }
}
