#include "service/common/zone.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *zones; /* name (owned) -> GTimeZone (owned) */

static GTimeZone *read_zone(const char *name)
{
    GTimeZone *zone = g_time_zone_new_identifier(name);
    if (zone)
        g_hash_table_insert(zones, g_strdup(name), zone);
    return zone;
}

GTimeZone *zone_named(const char *name)
{
    pthread_mutex_lock(&lock);
    if (!zones)
        zones = g_hash_table_new(g_str_hash, g_str_equal);
    GTimeZone *zone = g_hash_table_lookup(zones, name);
    if (!zone)
        zone = read_zone(name);
    pthread_mutex_unlock(&lock);
    return zone;
}

GTimeZone *zone_china(void)
{
    GTimeZone *zone = zone_named("Asia/Shanghai");
    return zone ? zone : zone_named("+08:00");
}
