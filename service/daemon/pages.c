#include "service/daemon/tracking.h"
#include "service/http/journal.h"
#include "service/track/figures.h"
#include "service/track/words.h"
#include "sql/lead.h"
#include <string.h>

/* The pages are the officials' view, every agency's records: as long as there is no sign-in, being bound to this machine is
 * what guards them. */
enum { LEADS_LOOKED_AT = 20000 };

static const char *const policies[] = {"jinjiang-2023-6", "successor-template", NULL};

/* ---- The database: lost with a restart of its server, found again with the next request */

typedef json_t *(*reader)(struct daemon *daemon, struct db *db, const void *wanted,
                          GError **error);

static bool is_lost(const GError *error)
{
    return g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT);
}

static json_t *read_once(struct daemon *daemon, reader read, const void *wanted, GError **error)
{
    g_autoptr(GError) why = NULL;
    struct db *db = pool_take(daemon->pool, error);
    if (!db)
        return NULL;
    json_t *rows = read(daemon, db, wanted, &why);
    db_rollback(db);
    pool_give(daemon->pool, db, is_lost(why));
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return rows;
}

/* What pages can say of an error of ours. */
static void tell_page(GError *why, GError **error)
{
    if (is_lost(why) || g_error_matches(why, SQL_ERROR, SQL_ERROR_AGAIN))
        g_set_error_literal(error, PAGE_ERROR, PAGE_ERROR_UNAVAILABLE, why->message);
    else if (g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND) ||
             g_error_matches(why, PACK_ERROR, PACK_ERROR_NOT_FOUND))
        g_set_error_literal(error, PAGE_ERROR, PAGE_ERROR_NOT_FOUND, why->message);
    else
        g_propagate_error(error, g_error_copy(why));
}

static json_t *read_rows(struct daemon *daemon, reader read, const void *wanted, GError **error)
{
    g_autoptr(GError) why = NULL;
    json_t *rows = read_once(daemon, read, wanted, &why);
    if (!rows && is_lost(why)) { /* it may have been lost long ago */
        g_clear_error(&why);
        rows = read_once(daemon, read, wanted, &why);
    }
    if (!rows)
        tell_page(why, error);
    return rows;
}

/* ---- What the pages ask for */

static json_t *read_figures(struct daemon *daemon, struct db *db, const void *wanted,
                            GError **error)
{
    const struct page_evidence of = {.policy = wanted};
    return tracking_figures(daemon, db, &of, error);
}

static json_t *figures(const char *policy, void *user, GError **error)
{
    return read_rows(user, read_figures, policy, error);
}

static json_t *read_evidence(struct daemon *daemon, struct db *db, const void *wanted,
                             GError **error)
{
    return tracking_evidence(daemon, db, wanted, error);
}

/* "2026-03-01" or a time of it: what both GLib and PostgreSQL read. */
static bool is_moment(const char *text)
{
    g_autofree char *day = g_strndup(text, strlen("2026-03-01"));
    g_autofree char *moment =
        figures_is_day(day) ? figures_moment(text, "Asia/Shanghai", NULL) : NULL;
    return moment != NULL;
}

static json_t *evidence(const struct page_evidence *wanted, void *user, GError **error)
{
    if (wanted->as_of && !figures_is_day(wanted->as_of)) {
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_WRONG,
                    "as-of is no day; expected 2025-06-30");
        return NULL;
    }
    if (wanted->known_at && !is_moment(wanted->known_at)) {
        g_set_error(error, PAGE_ERROR, PAGE_ERROR_WRONG,
                    "known is no moment; expected 2025-06-30T10:00:00+08:00");
        return NULL;
    }
    g_autofree char *known_at =
        wanted->known_at ? figures_moment(wanted->known_at, "Asia/Shanghai", NULL) : NULL;
    struct page_evidence read = *wanted;
    read.known_at = known_at;
    return read_rows(user, read_evidence, &read, error);
}

/* ---- The newest leads */

struct dated {
    gint64 at;
    json_t *lead;
};

static gint64 moment_of(const json_t *lead)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    const char *text = json_string_value(json_object_get(lead, "proposed_at"));
    g_autoptr(GDateTime) at = text ? g_date_time_new_from_iso8601(text, utc) : NULL;
    return at ? g_date_time_to_unix(at) * G_USEC_PER_SEC + g_date_time_get_microsecond(at) : 0;
}

static int newest_first(const void *a, const void *b)
{
    gint64 one = ((const struct dated *)a)->at, other = ((const struct dated *)b)->at;
    return one > other ? -1 : one < other;
}

/* The list is by fit, and stays so among those of one moment: the sort is stable. */
static json_t *newest_of(json_t *leads, int limit)
{
    g_autoptr(GArray) dated = g_array_new(FALSE, FALSE, sizeof(struct dated));
    json_t *newest = json_array();
    for (size_t i = 0; i < json_array_size(leads); i++) {
        json_t *lead = json_array_get(leads, i);
        struct dated one = {.at = moment_of(lead), .lead = lead};
        if (g_strcmp0(json_string_value(json_object_get(lead, "state")), "superseded") != 0)
            g_array_append_val(dated, one);
    }
    g_array_sort(dated, newest_first);
    for (guint i = 0; i < dated->len && i < (guint)limit; i++)
        json_array_append(newest, g_array_index(dated, struct dated, i).lead);
    return newest;
}

static json_t *read_leads(struct daemon *daemon, struct db *db, const void *wanted,
                          GError **error)
{
    const struct lead_filter all = {.limit = LEADS_LOOKED_AT};
    (void)daemon;
    json_auto_t *leads =
        db_begin(db, DB_READONLY, 0, error) ? lead_list(db, &all, error) : NULL;
    return leads ? newest_of(leads, *(const int *)wanted) : NULL;
}

static json_t *leads(int limit, void *user, GError **error)
{
    return read_rows(user, read_leads, &limit, error);
}

static json_t *read_nothing(struct daemon *daemon, struct db *db, const void *wanted,
                            GError **error)
{
    g_autofree char *clock = db_clock(db, error);
    (void)daemon, (void)wanted;
    return clock ? json_true() : NULL;
}

static bool ready(void *user, GError **error)
{
    return read_rows(user, read_nothing, NULL, error) != NULL;
}

static void tell_log(const char *path, const GError *error, void *user)
{
    (void)path, (void)user;                                    /* a path may hold names */
    if (!g_error_matches(error, SQL_ERROR, SQL_ERROR_CONNECT)) /* the pool says that */
        journal_say("error", "a page could not be shown", NULL, error->message);
}

struct page_source tracking_pages(struct daemon *daemon)
{
    return (struct page_source){.policies = policies,
                                .figures = figures,
                                .evidence = evidence,
                                .leads = leads,
                                .word = track_word,
                                .ready = ready,
                                .log = tell_log,
                                .user = daemon};
}
