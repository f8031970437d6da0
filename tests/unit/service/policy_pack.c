/* Policy packs: each mistake is named with its path; the packs that ship have none, and are what the text says. */
#include "service/track/pack.h"
#include "service/track/pack_check.h"
#include "service/track/schema.h"
#include <criterion/criterion.h>
#include <string.h>

static json_t *shipped(void)
{
    g_autoptr(pack_t) pack = pack_open(NULL, "jinjiang-2023-6", NULL);
    cr_assert(pack);
    return json_deep_copy(pack->root);
}

/* Follows "clauses.3.award" through objects and arrays. */
static json_t *at_path(json_t *root, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, ".", -1);
    for (char **step = steps; *step && **step; step++)
        root = json_is_array(root)
                   ? json_array_get(root, (size_t)g_ascii_strtoull(*step, NULL, 10))
                   : json_object_get(root, *step);
    return root;
}

/* A member is set, or taken away where the value is NULL; then the mistakes, one a line. */
static char *mistakes_with(const char *path, const char *member, const char *value)
{
    json_t *root = shipped(), *at = at_path(root, path);
    cr_assert(at, "no place %s", path);
    if (value)
        json_object_set_new(at, member, json_loads(value, JSON_DECODE_ANY, NULL));
    else
        json_object_del(at, member);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    pack_check(root, errors);
    g_ptr_array_add(errors, NULL);
    char *text = g_strjoinv("\n", (char **)errors->pdata);
    json_decref(root);
    return text;
}

#define FACTS                                                                                  \
    "patent, enterprise, expert, institution, need, push, declared_push, deal, open_licence, " \
    "loan, sale, event, navigation_project, attorney, case, client, platform_review"

/* A name that nothing bears would silently ask for nothing: a typo in accepted_kinds would count every need. */
Test(policy_pack, each_mistake_is_named_with_its_path)
{
    static const struct {
        const char *path, *member, *value, *mistakes;
    } rows[] = {
        {"", "id", "\"Jinjiang 6\"", "id: expected a name of small letters, digits and dashes"},
        {"", "version", NULL, "version: is missing; expected a whole number above 0"},
        {"", "surprise", "1", "surprise: there is no member of this name here"},
        {"window", "valid_from", "\"31.7.2023\"",
         "window.valid_from: expected a day, as 2023-01-01"},
        {"window", "to", "\"2022-12-31\"", "window.to: lies before window.from"},
        {"window", "to", "\"2023-07-30\"", "window.to: lies before window.valid_from"},
        {"", "four_eyes", "[\"need\", \"deals\"]",
         "four_eyes[1]: expected one of " FACTS ", parameter"},
        {"papers", "deals", "[]", "papers.deals: there is no member of this name here"},
        {"papers", "deal", "[{\"paper\": \"contract\"}]",
         "papers.deal[0].name: is missing; expected {zh, en}"},
        {"parameters.accepted_kinds", "value", "[\"needs\"]",
         "parameters.accepted_kinds.value[0]: expected one of " FACTS},
        {"clauses.3.parameters.purchase_modes", "value", "[\"assigment\"]",
         "clauses[3].parameters.purchase_modes.value[0]: expected one of assignment, "
         "exclusive_licence, sole_licence, ordinary_licence, open_licence"},
        {"clauses.8.parameters.push_accepting_channels", "value", "[\"mail\"]",
         "clauses[8].parameters.push_accepting_channels.value[0]: expected one of webhook, "
         "email, wecom, dingtalk, feishu"},
        {"clauses.6.award", "payee", "\"enterprise\"",
         "clauses[6].award: payee: the rows of 'loans' name no enterprise"},
        {"clauses.1.award.tiers.1", "fen", "2000000",
         "clauses[1].award: tiers[1].fen: must be above the tier before"},
        {"", "clauses", "[]", "clauses: expected a list of clauses"},
        {"clauses.0", "wording", NULL,
         "clauses[0].wording: is missing; expected the clause's own words"},
        {"clauses.0.items.1", "threshold", "20.5",
         "clauses[0].items[1].threshold: expected a whole number above 0"},
        {"clauses.1.items.0", "name", "\"sales\"",
         "clauses[1].items[0].name: expected {zh, en}"},
        {"clauses.0.parameters.condition", "value", "{\"all\": [\"stuff\"]}",
         "clauses[0].parameters.condition.value: 'stuff' is none of the clause's metrics"},
        {"clauses.0.parameters.condition", "value", "{\"none\": []}",
         "clauses[0].parameters.condition.value.none: there is no member of this name here"},
        {"clauses.0.award.parts.1", "after", "\"sales\"",
         "clauses[0].award: parts[1].after: 'sales' is none of the clause's metrics"},
        {"clauses.1.award.tiers.1", "from", "100000000",
         "clauses[1].award: tiers[1].from: must be above the tier before"},
        {"clauses.1.award.tiers.0", "from", "5",
         "clauses[1].award: tiers[0].from: must be the threshold of the first item"},
        {"clauses.2", "numbers", NULL,
         "clauses[2]: numbers: attorneys read service_years and contract_years"},
        {"clauses.3.award", "rate_ppm", "0.06",
         "clauses[3].award.rate_ppm: expected parts per million, 60000 for 6%"},
        {"clauses.3.award", "rate_ppm", NULL,
         "clauses[3].award: rate_ppm is missing; an award of the kind rate has it"},
        {"clauses.3.parameters", "mixed_contract", NULL,
         "clauses[3]: parameters.mixed_contract is missing; it is read by purchases"},
        {"clauses.3.parameters.purchase_modes", "reason", NULL,
         "clauses[3].parameters.purchase_modes.reason: is missing; expected {zh, en}"},
        {"clauses.6.items.0", "comparison_parameter", "\"loan_totals\"",
         "clauses[6].items[0]: comparison_parameter: there is no parameter 'loan_totals'"},
        {"clauses.6.items.0", "metric", "\"sales\"",
         "clauses[6].items[0]: metric: 'sales' stands in this pack already\n"
         "clauses[6].award: metric: 'loans' is none of the clause's metrics"},
        {"clauses.7.parameters.event_standard", "value", "{\"attendance\": 100}",
         "clauses[7].parameters.event_standard.value.days: is missing; expected a whole number "
         "from 0 on"},
        {"clauses.8", "amount_fen", NULL,
         "clauses[8]: amount_fen is missing; an award of the kind once has it"},
        {"clauses.8", "id", "\"4.1\"", "clauses[8]: id: '4.1' stands in this pack already"},
        {"parameters", "rounding", NULL, NULL},
        {"operating_procedures", "overrides", "{\"rounding\": \"up\"}",
         "operating_procedures.overrides.rounding: expected half_away, half_even or down"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *mistakes = mistakes_with(rows[i].path, rows[i].member, rows[i].value);
        if (rows[i].mistakes)
            cr_expect_str_eq(mistakes, rows[i].mistakes, "row %zu: %s", i, mistakes);
        else /* said of every clause */
            cr_expect(strstr(mistakes, "clauses[9]: parameters.rounding is missing"), "row %zu",
                      i);
    }
}

Test(policy_pack, every_mistake_is_named_not_the_first_alone)
{
    json_t *root = json_loads("{\"id\": 7, \"clauses\": [{\"items\": [{}]}]}", 0, NULL);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    pack_check(root, errors);
    cr_expect_geq(errors->len, 20, "%u", errors->len);
    json_decref(root);
}

Test(policy_pack, the_packs_that_ship_have_no_mistake)
{
    static const char *const ids[] = {"jinjiang-2023-6", "successor-template", "example-city"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(pack_t) pack = pack_open(NULL, ids[i], &error);
        cr_expect(pack, "%s: %s", ids[i], error ? error->message : "");
    }
}

/* The numbers of the text, clause by clause. */
Test(policy_pack, the_shipped_numbers_are_those_of_the_text)
{
    static const struct {
        const char *path;
        json_int_t number;
    } rows[] = {
        {"clauses.0.items.1.threshold", 20},
        {"clauses.0.items.2.threshold", 15},
        {"clauses.0.items.3.threshold", 2},
        {"clauses.0.award.parts.0.fen", 20000000},
        {"clauses.0.award.parts.1.fen", 30000000},
        {"clauses.1.award.tiers.0.from", 100000000},
        {"clauses.1.award.tiers.0.fen", 2000000},
        {"clauses.1.award.tiers.1.from", 300000000},
        {"clauses.1.award.tiers.1.fen", 10000000},
        {"clauses.1.award.tiers.2.from", 500000000},
        {"clauses.1.award.tiers.2.fen", 25000000},
        {"clauses.2.award.each_fen", 500000},
        {"clauses.2.numbers.contract_years", 3},
        {"clauses.3.award.rate_ppm", 60000},
        {"clauses.3.award.cap_fen", 100000000},
        {"clauses.4.items.0.threshold", 50},
        {"clauses.4.items.1.threshold", 800000000},
        {"clauses.4.award.rate_ppm", 20000},
        {"clauses.4.award.cap_fen", 20000000},
        {"clauses.5.award.each_fen", 5000000},
        {"clauses.6.items.0.threshold", 5000000000},
        {"clauses.6.award.rate_ppm", 1000},
        {"clauses.6.award.cap_fen", 20000000},
        {"clauses.7.award.each_fen", 5000000},
        {"clauses.8.amount_fen", 50000000},
        {"clauses.9.items.1.threshold", 300},
        {"clauses.9.items.2.threshold", 200},
        {"clauses.9.amount_fen", 10000000},
        {"clauses.10.amount_fen", 50000000},
    };
    json_t *root = shipped();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(json_integer_value(at_path(root, rows[i].path)), rows[i].number, "%s",
                     rows[i].path);
    json_decref(root);
}

Test(policy_pack, another_citys_pack_has_other_numbers_and_one_clause_less)
{
    g_autoptr(pack_t) own = pack_open(NULL, "jinjiang-2023-6", NULL);
    g_autoptr(pack_t) other = pack_open(NULL, "example-city", NULL);
    cr_expect_eq(json_array_size(json_object_get(own->root, "clauses")), 11);
    cr_expect_eq(json_array_size(json_object_get(other->root, "clauses")), 10);
    cr_expect_null(pack_clause(other, "4.2"));
    cr_expect_null(pack_clause_of(other, "platform_reviews"));
    cr_expect_not_null(pack_clause_of(other, "patents"));
}

Test(policy_pack, a_day_is_a_day_that_there_was)
{
    static const struct {
        const char *text;
        bool is;
    } rows[] = {{"2024-02-29", true},   {"2023-02-29", false}, {"2024-2-9", false},
                {"2024-02-29 ", false}, {"", false},           {"20240229", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(schema_is_day(rows[i].text), rows[i].is, "'%s'", rows[i].text);
}
