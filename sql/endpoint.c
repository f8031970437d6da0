#include "sql/endpoint.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include "sql/notice.h"

bool endpoint_enterprise(struct db *db, const char *uscc, int64_t *out, GError **error)
{
    const char *const values[] = {uscc};
    g_autofree char *what =
        g_strdup_printf("find an enterprise with the credit code '%s'", uscc);
    return db_number(db, sql_endpoint_enterprise, 1, values, what, out, error);
}

/* bytea as text, "\\x00ff…". */
static char *hex_of(const unsigned char *bytes, size_t len)
{
    GString *text = g_string_new("\\x");
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

bool endpoint_add(struct db *db, const struct endpoint *endpoint, const char *now, int64_t *id,
                  GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", endpoint->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, endpoint->enterprise_id);
    g_autofree char *sealed = hex_of(endpoint->sealed, endpoint->sealed_len);
    const char *const values[] = {agency,        enterprise, endpoint->channel,
                                  endpoint->url, sealed,     now};
    notice_tell(db, "endpoint");
    return db_number(db, sql_endpoint_add, 6, values, "add an endpoint", id, error);
}

json_t *endpoint_list(struct db *db, int agency_id, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {agency};
    return db_rows(db, sql_endpoint_list, 1, values, "list endpoints", error);
}

bool endpoint_disable(struct db *db, const char *endpoint_id, const char *now,
                      const char *reason, GError **error)
{
    const char *const values[] = {endpoint_id, now, reason};
    return db_do(db, sql_endpoint_disable, 3, values, "turn an endpoint off", error);
}

bool endpoint_remove(struct db *db, const struct endpoint *which, const char *now,
                     GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", which->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, which->enterprise_id);
    const char *const values[] = {agency, enterprise, which->channel, now};
    g_autoptr(PGresult) res =
        db_run(db, sql_endpoint_remove, 4, values, "remove an endpoint", error);
    if (!res)
        return false;
    if (PQntuples(res) > 0)
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                "could not remove the %s: the enterprise has none in use", which->channel);
    return false;
}

bool endpoint_on(struct db *db, const struct endpoint *which, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", which->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, which->enterprise_id);
    const char *const values[] = {agency, enterprise, which->channel};
    notice_tell(db, "endpoint");
    g_autoptr(PGresult) res =
        db_run(db, sql_endpoint_on, 3, values, "turn an endpoint on", error);
    if (res && PQntuples(res) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_STATE,
                    "could not turn the %s on: one is in use, or there never was one",
                    which->channel);
    return res && PQntuples(res) > 0;
}

json_t *endpoint_trial(struct db *db, const struct endpoint *which, const char *now,
                       int pace_ms, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", which->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, which->enterprise_id);
    g_autofree char *pace = g_strdup_printf("%d", pace_ms);
    const char *const values[] = {agency, enterprise, which->channel, now, pace};
    json_auto_t *rows =
        db_rows(db, sql_endpoint_trial, 5, values, "look for the endpoint to test", error);
    if (rows && json_array_size(rows) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "the enterprise has no %s to test",
                    which->channel);
    return rows ? json_incref(json_array_get(rows, 0)) : NULL;
}

void endpoint_say(struct db *db, int agency_id, const char *uscc, const char *channel,
                  const char *what)
{
    g_autofree char *subject =
        uscc ? g_strdup_printf("%s of %s", channel, uscc) : g_strdup(channel);
    ledger_say(db, &(struct ledger_about){.kind = "channel",
                                          .agency_id = agency_id,
                                          .subject = subject,
                                          .reason = what,
                                          .always = true});
}

bool endpoint_roll(struct db *db, const struct endpoint *which, const char *until,
                   GError **error)
{
    int64_t id;
    g_autofree char *agency = g_strdup_printf("%d", which->agency_id);
    g_autofree char *enterprise = g_strdup_printf("%" G_GINT64_FORMAT, which->enterprise_id);
    g_autofree char *sealed = hex_of(which->sealed, which->sealed_len);
    const char *const values[] = {agency, enterprise, which->channel, sealed, until};
    return db_number(db, sql_endpoint_roll, 5, values, "give an endpoint a new secret", &id,
                     error);
}

bool endpoint_forget(struct db *db, const char *now, GError **error)
{
    const char *const values[] = {now};
    return db_do(db, sql_endpoint_forget, 1, values, "forget old secrets", error);
}
