/* matched_road.c - matching as somebody sees it who stands at the end of the road (road.c): what is new, why a pair fits, near-twins. */
#include "tests/flow/figures.h"
#include "tests/flow/road.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

TestSuite(matched_road, .init = program_begin, .fini = program_end, .timeout = 300);

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

Test(matched_road, after_one_new_patent_match_weighs_just_that_patent)
{
    road_files();
    road_play(false);
    run_to(0, "--agency QH01 load patent '%s' --held-since 2026-03-01",
           in_folder("new_patent.jsonl"));
    json_t *report = ask("--agency QH01 match");
    expect_members("match", report, "{'patents': 15, 'needs': 9, 'compared': 9}");
    cr_expect_gt(number_of(report, "proposed"), 0);
    cr_expect_gt(number_of(json_object_get(report, "held_back"), "enterprise_stopped"), 0,
                 "胶序 wants no more");
    json_t *leads = ask("--agency QH01 leads --need XQ-05 --state all");
    for (size_t i = 0; i < json_array_size(leads); i++)
        cr_expect_str_neq(
            json_string_value(json_object_get(json_array_get(leads, i), "patent")),
            "CN202419831638.0", "it was proposed to an enterprise that said stop");
    expect_members("match again", ask("--agency QH01 match"),
                   "{'searched': 0, 'compared': 0, 'proposed': 0, 'superseded': 0}");
    expect_members("the other agency", ask("--agency QH02 match"),
                   "{'searched': 0, 'compared': 0, 'proposed': 0}");
}

/* Bytes and characters mark the same words. */
static void expect_marks(const json_t *whole, const char *name)
{
    const char *text = json_string_value(json_object_get(whole, name));
    const json_t *spans = json_object_get(json_object_get(whole, "spans"), name);
    cr_assert_gt(json_array_size(spans), 0, "%s", name);
    for (size_t i = 0; i < json_array_size(spans); i++) {
        const json_t *span = json_array_get(spans, i);
        size_t start = (size_t)number_of(span, "start"), len = (size_t)number_of(span, "len");
        glong from = (glong)number_of(span, "char_start");
        cr_assert_leq(start + len, strlen(text), "%s", name);
        g_autofree char *bytes = g_strndup(text + start, len),
                        *chars = g_utf8_substring(text, from,
                                                  from + (glong)number_of(span, "char_len"));
        cr_expect_str_eq(bytes, chars, "%s: %s", name, text);
    }
}

/* Both lists of one pair sum to its score, the lead's own; what is marked lies within the texts. */
Test(matched_road, a_pair_is_explained_to_the_last_point)
{
    road_files();
    road_play(false);
    json_t *whole = ask("--agency QH01 match --explain CN202219830104.7 XQ-01");
    const json_t *terms = json_object_get(whole, "terms"),
                 *reasons = json_object_get(whole, "reasons");
    json_int_t of_terms = 0, of_reasons = 0, missing = 0;
    for (size_t i = 0; i < json_array_size(terms); i++) {
        const json_t *term = json_array_get(terms, i);
        cr_expect_eq(number_of(term, "points"),
                     number_of(term, "weight") * number_of(term, "impact"));
        of_terms += number_of(term, "points");
        missing += number_of(term, "impact") == 0;
    }
    for (size_t i = 0; i < json_array_size(reasons); i++)
        of_reasons += number_of(json_array_get(reasons, i), "points");
    cr_expect_eq(of_terms, number_of(whole, "score"));
    cr_expect_eq(of_reasons, number_of(whole, "score"));
    cr_expect_eq(testdb_int("SELECT l.score FROM lead l JOIN need n USING (need_id) JOIN "
                            "patent_alias a USING (patent_id) "
                            "WHERE n.source_id = 'XQ-01' AND a.number LIKE '%202219830104%'"),
                 number_of(whole, "score"));
    cr_expect_gt(missing, 0, "no need says only what a patent has");
    expect_marks(whole, "title");
    expect_marks(whole, "abstract");
    expect_marks(whole, "need");
    cr_expect_eq(json_array_size(json_object_get(whole, "filters")), 5);
    run_to(1, "--agency QH01 match --explain CN202219830104.7 XQ-99");
    run_to(2, "--agency QH01 match --explain CN202219830104.7");
    run_to(2, "--agency QH01 match --all --explain CN202219830104.7 XQ-01");
    const struct said *said = run_to(0, "--agency QH01 match --explain CN202219830104.7 XQ-01");
    cr_expect(strstr(said->out, "【") && strstr(said->out, "in the need, not in the patent"),
              "%s", said->out);
    json_t *why = ask("--agency QH01 match --why-not CN202219830104.7 XQ-01");
    cr_expect_str_eq(json_string_value(json_object_get(why, "state")), "pushed");
    run_to(1, "--agency QH01 match --why-not CN202219830104.7 XQ-99");
    run_to(2, "--agency QH01 match --why-not CN202219830104.7");
}

/* Two of one family are one lead. Two that say the same: of one applicant one is a lead and the other is shown with it; of two applicants both are leads. */
Test(matched_road, near_twins_of_one_applicant_are_one_lead)
{
    static const char row[] =
        "{\"publication_number\": \"%s\", \"title\": \"超临界发泡鞋中底的制备方法\", "
        "\"abstract\": \"将热塑性聚酯弹性体预型坯"
        "以超临界氮气浸渍后分段泄压，得到轻质发泡鞋中底，长期压缩后不塌陷、不起皱。\", "
        "\"applicants\": [\"%s\"], "
        "\"ipc\": [\"A43B13/04\"], \"application_date\": \"2024-04-07\", \"legal_status\": "
        "\"granted\", "
        "\"legal_status_date\": \"2025-05-10\"}\n";
    g_autoptr(GString) rows = g_string_new(NULL);
    int folded = 0, listed = 0;
    road_files();
    road_play(false);
    g_string_append_printf(rows, row, "CN119830204B", "海屿理工大学");
    g_string_append_printf(rows, row, "CN119830205B", "海屿理工大学");
    g_string_append_printf(rows, row, "CN119830206B", "另一所大学");
    /* Of one family, though neither text nor owner is the same. */
    g_string_append(
        rows, "{\"publication_number\": \"CN119830307B\", \"title\": "
              "\"超临界发泡鞋中底减重不塌陷的结构\", \"applicants\": [\"甲\"], \"family\": "
              "[\"CN119830308B\"], \"legal_status\": \"granted\"}\n"
              "{\"publication_number\": \"CN119830308B\", \"title\": "
              "\"鞋中底，经超临界发泡，轻\", \"applicants\": [\"乙\"], \"family\": "
              "[\"CN119830307B\"], \"legal_status\": \"granted\"}\n");
    write_file(in_folder("twins.jsonl"), rows->str);
    run_to(0, "--agency QH01 load patent '%s' --held-since 2026-03-01",
           in_folder("twins.jsonl"));
    run_to(0, "--agency QH01 match");
    json_t *leads = ask("--agency QH01 leads --need XQ-01");
    for (size_t i = 0; i < json_array_size(leads); i++) {
        const json_t *lead = json_array_get(leads, i), *twins = json_object_get(lead, "twins");
        const char *patent = json_string_value(json_object_get(lead, "patent"));
        if (!g_str_has_prefix(patent, "CN11983020"))
            continue;
        listed++;
        folded += (int)json_array_size(twins);
        cr_expect_eq(json_array_size(twins), g_str_has_prefix(patent, "CN119830206") ? 0 : 1,
                     "%s", patent);
    }
    cr_expect_eq(listed, 2);
    cr_expect_eq(folded, 1);
    cr_expect_eq(
        testdb_int(
            "SELECT count(*) FROM lead JOIN patent USING (patent_id) JOIN need USING "
            "(need_id) WHERE source_id = 'XQ-01' AND publication_number LIKE "
            "'CN11983030%' AND jsonb_array_length(twins) = 1 AND NOT EXISTS (SELECT FROM "
            "lead l JOIN patent p USING (patent_id) WHERE l.need_id = need.need_id AND "
            "p.publication_number LIKE 'CN11983030%' AND p.patent_id <> "
            "patent.patent_id)"),
        1, "one of the family is a lead, with the other");
    cr_expect(strstr(run_to(0, "--agency QH01 leads --need XQ-01")->out,
                     "of its family, or nearly the same"));
    expect_members("match again", ask("--agency QH01 match"), "{'searched': 0, 'proposed': 0}");
}
