/* When a threshold will be met, from four values and two days. */
#include "service/track/forecast.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static const struct {
    const char *what;
    json_int_t value, threshold, before[3];
    const char *deadline, *expected;
} cases[] = {
    {"4 a week for all three",
     104,
     120,
     {88, 56, 0},
     "2025-12-31",
     "{'earliest': '2025-07-28', 'latest': '2025-07-28', 'weekly_needed': 0.7, "
     "'after_deadline': false, 'note': null}"},
    {"one that slows down",
     100,
     110,
     {98, 88, 74},
     "2025-12-31",
     "{'earliest': '2025-09-08', 'latest': '2025-11-17', 'weekly_needed': 0.4, "
     "'after_deadline': false, 'note': null}"},
    {"nothing four weeks ago: nobody knows",
     50,
     100,
     {0, 0, 0},
     "2025-12-31",
     "{'earliest': null, 'latest': null, 'weekly_needed': 2.0, 'after_deadline': false, "
     "'note': 'too_little_data'}"},
    {"a record of eight weeks knows four",
     50,
     60,
     {46, 0, 0},
     NULL,
     "{'earliest': '2025-09-08', 'latest': '2025-09-08', 'weekly_needed': null, "
     "'after_deadline': false, 'note': null}"},
    {"it stands still",
     50,
     60,
     {50, 50, 50},
     "2025-12-31",
     "{'earliest': null, 'latest': null, 'weekly_needed': 0.4, 'after_deadline': false, "
     "'note': "
     "'standing_still'}"},
    {"it shrinks",
     50,
     60,
     {52, 55, 0},
     "2025-12-31",
     "{'earliest': null, 'latest': null, 'weekly_needed': 0.4, 'after_deadline': false, "
     "'note': "
     "'standing_still'}"},
    {"one pace leads nowhere: no latest day",
     50,
     60,
     {50, 38, 0},
     "2025-09-07",
     "{'earliest': '2025-09-08', 'latest': null, 'weekly_needed': 1.1, 'after_deadline': true, "
     "'note': null}"},
    {"not in a hundred years",
     50,
     100000,
     {49, 0, 0},
     "2025-12-31",
     "{'earliest': null, 'latest': null, 'weekly_needed': 3802.5, 'after_deadline': false, "
     "'note': "
     "'too_far'}"},
    {"on the last day no week is left",
     50,
     60,
     {46, 0, 0},
     "2025-06-30",
     "{'earliest': '2025-09-08', 'latest': '2025-09-08', 'weekly_needed': null, "
     "'after_deadline': true, 'note': null}"},
    {"the deadline itself is in time",
     50,
     60,
     {46, 0, 0},
     "2025-09-08",
     "{'earliest': '2025-09-08', 'latest': '2025-09-08', 'weekly_needed': 1.0, "
     "'after_deadline': false, 'note': null}"},
};

Test(track_forecast, days_follow_from_the_paces)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_t *made = forecast_of(cases[i].value, cases[i].threshold, cases[i].before,
                                   "2025-06-30", cases[i].deadline);
        g_autofree char *json = g_strdelimit(g_strdup(cases[i].expected), "'", '"');
        json_t *expected = json_loads(json, 0, NULL);
        json_object_del(made, "paces");
        char *said = json_dumps(made, 0);
        cr_expect(json_equal(made, expected), "%s: %s", cases[i].what, said);
        free(said);
        json_decref(made);
        json_decref(expected);
    }
}
