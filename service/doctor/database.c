#include "service/doctor/doctor.h"
#include "sql/health.h"
#include "sql/migrate.h"
#include <stdlib.h>

enum { CLOCKS_APART_S = 2 };

static void look_at_schema(struct doctor *doctor)
{
    g_autoptr(GError) why = NULL;
    doctor->schema = migrate_check(doctor->db, &why);
    if (!doctor->schema)
        doctor_addf(doctor, "schema", "%s", why->message);
}

/* The views stand in the database as text: whoever may replace one changes what is counted. */
static void look_at_functions(struct doctor *doctor)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *altered = migrate_function_altered(doctor->db, &why);
    if (!altered)
        doctor_addf(doctor, "not_looked", "%s", why->message);
    else if (*altered)
        doctor_add(doctor, "function_altered", altered);
}

/* The server's clock was read between the two times of ours; one of them is near enough where they agree. */
static void look_at_clocks(struct doctor *doctor)
{
    gint64 before = g_get_real_time() / G_USEC_PER_SEC;
    g_autofree char *text = db_clock(doctor->db, NULL);
    gint64 after = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) clock = text ? g_date_time_new_from_iso8601(text, utc) : NULL;
    gint64 server = clock ? g_date_time_to_unix(clock) : before;
    gint64 apart = server < before ? server - before : server > after ? server - after : 0;
    if (llabs(apart) > CLOCKS_APART_S)
        doctor_addf(doctor, "clock_apart", "the server's is %" G_GINT64_FORMAT " s %s",
                    (gint64)llabs(apart), apart > 0 ? "ahead" : "behind");
}

void doctor_database(struct doctor *doctor)
{
    g_autoptr(GError) why = NULL, reason = NULL;
    doctor->db = app_db_unchecked(doctor->app, &why);
    if (!doctor->db) {
        doctor_addf(doctor, "database_away", "%s", why->message);
        return;
    }
    json_t *faults = health_server(doctor->db, doctor->patience_s, &reason);
    doctor_add_all(doctor, faults, reason);
    look_at_clocks(doctor);
    look_at_schema(doctor);
}

/* What the schema's guards and the records have to say; without the schema there is nothing to ask. */
void doctor_records(struct doctor *doctor)
{
    g_autoptr(GError) why = NULL, reason = NULL;
    if (!doctor->schema)
        return;
    look_at_functions(doctor);
    json_t *faults = health_schema(doctor->db, &why);
    doctor_add_all(doctor, faults, why);
    g_autofree char *now = db_clock(doctor->db, &reason);
    faults = now ? health_state(doctor->db, now, doctor->patience_s, &reason) : NULL;
    doctor_add_all(doctor, faults, reason);
}
