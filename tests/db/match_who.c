/* Who can help: by what they say of themselves, and by patents of theirs that a person can check. */
#include "service/steps/who.h"
#include "tests/support/loading.h"
#include <criterion/criterion.h>
#include <string.h>

static GError *error;
static struct db *db;

static const char *const titles[] = {"超临界发泡鞋底材料", "防水透气面料", "陶瓷釉料的烧制"};

static void given_world(void)
{
    db = loading_open();
    load("enterprise", 1,
         row("{'uscc':'%s','name':'甲鞋业有限公司','division_code':'350582','products':['"
             "发泡鞋底','跑鞋']}\n"
             "{'uscc':'%s','name':'乙陶瓷有限公司','division_code':'350582','products':['釉料',"
             "'瓷砖']}\n"
             "{'uscc':'%s','name':'丙研究有限公司','division_code':'350582','products':['检测']"
             "}",
             uscc(1), uscc(2), uscc(3)));
    load("need", 1,
         row("{'source_id':'XQ-1','enterprise_uscc':'%s','title':'轻质发泡鞋底','text':'"
             "需要超临界发泡的轻质鞋底','valid_from':'2025-01-01'}",
             uscc(1)));
    for (int i = 0; i < 3; i++)
        load(
            "patent", 1,
            row("{'application_number':'%s','title':'%s','abstract':'本发明公开了%s','"
                "applicants':['海丝大学'],"
                "'inventors':['林知序'],'agent_institution':'砺知事务所','ipc':['A43B 13/04']}",
                app_number(i + 1), titles[i], titles[i]));
    load("patent", 1,
         row("{'application_number':'%s','title':'超临界发泡的鞋垫','abstract':'"
             "公开了超临界发泡鞋垫','applicants':['丙研究有限公司']}",
             app_number(9)));
    load("expert", 1,
         "{\"name\":\"林知序\",\"employer\":\"海丝大学\",\"consent_date\":\"2025-01-01\","
         "\"fields\":[\"高分子发泡\","
         "\"鞋底材料\"]}\n"
         "{\"name\":\"郑一字\",\"employer\":\"海丝大学\",\"consent_date\":\"2025-01-01\","
         "\"fields\":[\"要不要的\"]}\n"
         "{\"name\":\"陈漱石\",\"employer\":\"海丝大学\",\"consent_date\":\"2025-01-01\","
         "\"fields\":[\"陶瓷烧制\"]}");
    load("institution", 1,
         row("{'uscc':'%s','name':'砺知事务所','kind':'patent_agency','services':['专利代理']}",
             uscc(7)));
}

static json_t *found(enum who_kind kind, const char *need, int64_t patent)
{
    struct match_options options = {.agency_id = 1, .today = "2025-06-30", .k = 10};
    json_t *out = NULL;
    cr_assert(who_find(db, &options, kind, need, patent, &out, &error), "%s",
              error ? error->message : "");
    return out;
}

static const json_t *item_at(const json_t *answer, size_t i)
{
    return json_array_get(json_object_get(answer, "items"), i);
}

static const char *name_at(const json_t *answer, size_t i)
{
    const char *name = json_string_value(json_object_get(item_at(answer, i), "name"));
    return name ? name : "";
}

static int64_t patent_id(const char *title)
{
    return testdb_int(sql_text("SELECT patent_id FROM patent WHERE title = '%s'", title));
}

/* Points of reasons and evidence are the score, to the last one. */
static void expect_sums(const json_t *answer)
{
    static const char *const lists[] = {"reasons", "evidence"};
    for (size_t i = 0; item_at(answer, i); i++) {
        json_int_t sum = 0;
        for (size_t l = 0; l < G_N_ELEMENTS(lists); l++) {
            const json_t *list = json_object_get(item_at(answer, i), lists[l]);
            for (size_t k = 0; k < json_array_size(list); k++)
                sum += json_integer_value(json_object_get(json_array_get(list, k), "points"));
        }
        cr_expect_eq(sum, json_integer_value(json_object_get(item_at(answer, i), "score")),
                     "%s", name_at(answer, i));
    }
}

static bool has_evidence(const json_t *item, const char *what, const char *title)
{
    const json_t *list = json_object_get(item, "evidence");
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *piece = json_array_get(list, k);
        if (g_strcmp0(json_string_value(json_object_get(piece, "what")), what) == 0 &&
            g_strcmp0(json_string_value(json_object_get(piece, "title")), title) == 0)
            return true;
    }
    return false;
}

Test(who, experts_for_a_need_come_with_their_fields_and_inventions)
{
    given_world();
    json_auto_t *answer = found(WHO_EXPERTS, "XQ-1", 0);
    cr_expect(g_str_has_prefix(name_at(answer, 0), "林知序"), "%s", name_at(answer, 0));
    cr_expect(has_evidence(item_at(answer, 0), "invented", titles[0]));
    expect_sums(answer);
    for (size_t i = 0; item_at(answer, i); i++)
        cr_expect_not(g_str_has_prefix(name_at(answer, i), "郑一字"), "for the sake of 的");
}

Test(who, a_reason_tells_when_a_person_can_see_what_is_meant)
{
    static const struct {
        const char *kind, *text;
        bool tells;
    } cases[] = {{"term", "鞋底", true},    {"term", "的", false},   {"term", "r", false},
                 {"class", "A43B", true},   {"class", "C08", false}, {"class", "C", false},
                 {"class", "A43B 13", true}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *reason =
            json_pack("{s:s, s:s}", "kind", cases[i].kind, "text", cases[i].text);
        cr_expect_eq(who_reason_tells(reason), cases[i].tells, "%s", cases[i].text);
    }
}

Test(who, institutions_are_found_by_the_patents_they_acted_for)
{
    given_world();
    json_auto_t *answer = found(WHO_INSTITUTIONS, "XQ-1", 0);
    cr_expect_str_eq(name_at(answer, 0), "砺知事务所");
    cr_expect(has_evidence(item_at(answer, 0), "acted_for", titles[0]));
    expect_sums(answer);
}

Test(who, enterprises_for_a_patent_by_products_and_patents_of_their_own_but_not_its_owner)
{
    given_world();
    json_auto_t *answer = found(WHO_ENTERPRISES, NULL, patent_id(titles[0]));
    cr_expect_eq(json_array_size(json_object_get(answer, "items")), 2,
                 "who shares nothing is not there");
    for (size_t i = 0; i < 2; i++)
        cr_expect(strcmp(name_at(answer, i), "甲鞋业有限公司") == 0 ||
                  has_evidence(item_at(answer, i), "owns", "超临界发泡的鞋垫"));
    expect_sums(answer);
    json_auto_t *own = found(WHO_ENTERPRISES, NULL, patent_id("超临界发泡的鞋垫"));
    for (size_t i = 0; item_at(own, i); i++)
        cr_expect_str_neq(name_at(own, i), "丙研究有限公司", "its owner");
}

Test(who, what_is_not_there_is_named)
{
    given_world();
    struct match_options options = {.agency_id = 1, .today = "2025-06-30", .k = 10};
    json_t *out = NULL;
    cr_expect_not(who_find(db, &options, WHO_EXPERTS, "XQ-9", 0, &out, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_NOT_FOUND));
    g_clear_error(&error);
    cr_expect_not(who_find(db, &options, WHO_EXPERTS, NULL, 12345, &out, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_NOT_FOUND));
    g_clear_error(&error);
    cr_expect_not(who_find(db, &options, WHO_ENTERPRISES, "XQ-1", 0, &out, &error));
    cr_expect(g_error_matches(error, SQL_ERROR, SQL_ERROR_STATE));
}
