/* Tests of service/common/zone.h. */
#include "service/common/zone.h"
#include <criterion/criterion.h>
#include <pthread.h>

static void *ask_for_china(void *user)
{
    (void)user;
    return zone_china();
}

Test(zone, is_read_once_whoever_asks)
{
    pthread_t threads[8];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, ask_for_china, NULL), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        void *zone = NULL;
        pthread_join(threads[i], &zone);
        cr_expect_eq(zone, zone_china());
    }
}

Test(zone, of_china_is_eight_hours_ahead)
{
    GTimeZone *zone = zone_china();
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, 1764028800);
    cr_expect_eq(g_time_zone_get_offset(zone, interval), 8 * 3600);
}

Test(zone, of_no_such_name_is_none)
{
    cr_expect_null(zone_named("Asia/Nowhere"));
    cr_expect_not_null(zone_named("+08:00"));
}
