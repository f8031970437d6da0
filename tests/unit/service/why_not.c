/* Why a patent is no lead of a need: the first thing that keeps it back. */
#include "service/steps/why_not.h"
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static const struct {
    const char *facts, *because; /* NULL: it was pushed */
} rows[] = {
    {"{'held': true, 'legal_status': 'lapsed', 'lead_state': 'proposed'}", "right_not_alive"},
    {"{'held': true, 'pushed_before': true}", "already_pushed"},
    {"{'held': true, 'pushed_before': true, 'lead_state': 'pushed'}", NULL},
    {"{'held': false}", "not_held"},
    {"{'held': true, 'need_state': 'closed'}", "need_over"},
    {"{'held': true, 'need_valid_to': '2025-06-29'}", "need_over"},
    {"{'held': true, 'need_valid_to': '2025-06-30'}", "not_matched"},
    {"{'held': true, 'lead_state': 'rejected'}", "rejected"},
    {"{'held': true, 'lead_state': 'proposed'}", "not_reviewed"},
    {"{'held': true, 'lead_state': 'accepted'}", "not_pushed_yet"},
    {"{'held': true, 'matched_at': '2025-06-01', 'folded_into': 'CN1'}", "folded"},
    {"{'held': true, 'matched_at': '2025-06-01', 'lead_state': 'superseded'}", "superseded"},
    {"{'held': true, 'matched_at': '2025-06-01'}", "below_others"},
};

Test(why_not, the_first_thing_that_keeps_a_patent_back_is_told_in_both_languages)
{
    static const char *const all[] = {"patent", "need", "lead_state", "fit",
                                      "last",   "best", "folded_into"};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdelimit(g_strdup(rows[i].facts), "'", '"');
        json_auto_t *facts = json_loads(text, 0, NULL);
        cr_assert(facts, "%s", rows[i].facts);
        for (size_t n = 0; n < G_N_ELEMENTS(all); n++) /* a row has every column */
            if (!json_object_get(facts, all[n]))
                json_object_set_new(facts, all[n], json_null());
        json_object_set_new(facts, "enterprise", json_string("岚桥鞋业"));
        json_auto_t *answer = why_not_of(facts, "2025-06-30");
        cr_assert(answer, "%s", rows[i].facts);
        const char *because = json_string_value(json_object_get(answer, "because"));
        cr_expect(g_strcmp0(because, rows[i].because) == 0, "%s: %s", rows[i].facts,
                  because ? because : "pushed");
        cr_expect_eq(json_is_string(json_object_get(answer, "reason")), because != NULL);
        cr_expect_eq(json_is_string(json_object_get(answer, "reason_zh")), because != NULL);
    }
}
