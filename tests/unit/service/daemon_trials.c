/* Test messages: five in a minute for an agency, one of it at a time, two in all. */
#include "service/daemon/trials.h"
#include <criterion/criterion.h>
#include <glib.h>

Test(daemon_trials, an_agency_has_five_in_any_minute)
{
    struct trials *trials = trials_new();
    int64_t now = 1000 * G_USEC_PER_SEC;
    int wait = 0;
    for (int i = 0; i < TRIALS_A_MINUTE; i++) {
        cr_assert(trials_enter(trials, 1, now + i * G_USEC_PER_SEC, &wait), "the %dth", i);
        trials_leave(trials, 1);
    }
    cr_expect_not(trials_enter(trials, 1, now + 10 * G_USEC_PER_SEC, &wait));
    cr_expect_eq(wait, 51, "the first of them leaves the minute in %d s", wait);
    cr_expect(trials_enter(trials, 2, now + 10 * G_USEC_PER_SEC, &wait), "another agency may");
    trials_leave(trials, 2);
    cr_expect(trials_enter(trials, 1, now + 60 * G_USEC_PER_SEC, &wait));
    trials_leave(trials, 1);
    cr_expect_not(trials_enter(trials, 1, now + 60 * G_USEC_PER_SEC, &wait));
    trials_free(trials);
}

Test(daemon_trials, one_of_an_agency_goes_at_a_time_and_two_in_all)
{
    struct trials *trials = trials_new();
    int wait = 0;
    cr_assert(trials_enter(trials, 1, 1, &wait));
    cr_expect_not(trials_enter(trials, 1, 2, &wait));
    cr_expect(trials_enter(trials, 2, 3, &wait));
    cr_expect_not(trials_enter(trials, 3, 4, &wait));
    trials_leave(trials, 1);
    cr_expect(trials_enter(trials, 3, 5, &wait));
    trials_free(trials);
}
