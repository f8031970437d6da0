/* What must be true at all before a patent is proposed or pushed. */
#include "service/steps/filter.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *row, *name; /* NULL: may pass */
} rows[] = {
    {"{'enterprise': '岚桥鞋业', 'applicants': ['海丝理工大学'], 'affiliates': []}", NULL},
    {"{'enterprise': '岚桥鞋业', 'legal_status': 'granted'}", NULL},
    {"{'enterprise': '岚桥鞋业', 'legal_status': 'lapsed'}", "right_not_alive"},
    {"{'enterprise': '岚桥鞋业', 'type': 'invention', 'application_date': '2005-06-30'}",
     "right_not_alive"}, /* over on this very day */
    {"{'enterprise': '岚桥鞋业', 'type': 'invention', 'application_date': '2005-07-01'}", NULL},
    {"{'enterprise': '岚桥鞋业', 'type': 'utility_model', 'application_date': '2015-06-30'}",
     "right_not_alive"},
    {"{'enterprise': '岚桥鞋业（晋江）', 'applicants': ['岚桥鞋业(晋江)']}", "own_patent"},
    {"{'enterprise': '岚桥鞋业', 'assignees': ['岚桥鞋业']}", "own_patent"},
    {"{'enterprise': '岚桥鞋业', 'applicants': ['岚桥材料'], 'affiliates': ['岚桥材料']}",
     "affiliate_patent"},
    {"{'enterprise': '岚桥鞋业', 'applicants': ['岚桥材料'], 'affiliate_names': ['岚桥材料']}",
     "affiliate_patent"},
    {"{'enterprise': '岚桥鞋业', 'pushed_before': true}", "already_pushed"},
    {"{'enterprise': '岚桥鞋业', 'stopped': true}", "enterprise_stopped"},
};

Test(filter, every_condition_holds_a_lead_back_by_its_name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdelimit(g_strdup(rows[i].row), "'", '"');
        json_auto_t *row = json_loads(text, 0, NULL);
        cr_assert(row, "%s", rows[i].row);
        const char *name = filter_check_row(row, "2025-06-30");
        cr_expect(g_strcmp0(name, rows[i].name) == 0, "%s: %s", rows[i].row,
                  name ? name : "may pass");
        if (name)
            cr_expect(filter_sentence(name, true) && filter_sentence(name, false), "%s", name);
    }
}

Test(filter, all_conditions_are_told_with_what_is_so)
{
    const struct filter_facts facts = {.today = "2025-06-30",
                                       .legal_status = "lapsed",
                                       .enterprise = "岚桥鞋业",
                                       .pushed_before = true};
    json_auto_t *all = filter_check_all(&facts);
    size_t i, held = 0;
    json_t *one;
    json_array_foreach(all, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "filter")),
                   *zh = json_string_value(json_object_get(one, "zh"));
        bool passed = json_is_true(json_object_get(one, "passed"));
        cr_expect_eq(strcmp(zh, filter_sentence(name, true)) != 0, passed, "%s: %s", name, zh);
        held += !passed;
    }
    cr_expect_eq(i, 5);
    cr_expect_eq(held, 2, "the right, and the push");
}
