#include "service/common/outbound.h"
#include "service/doctor/doctor.h"
#include "sql/endpoint.h"
#include "sql/health.h"
#include <string.h>

enum { CONNECT_MS = 10000 };

static bool wants(const json_t *channels, const char *channel)
{
    for (size_t i = 0; i < json_array_size(channels); i++)
        if (g_str_equal(
                json_string_value(json_object_get(json_array_get(channels, i), "channel")),
                channel))
            return true;
    return false;
}

static void look_at_mail(struct doctor *doctor, const json_t *channels)
{
    g_autofree char *relay = app_setting(doctor->app, "smtp_url"),
                    *from = app_setting(doctor->app, "mail_from");
    if (wants(channels, "email") && (!relay || !from))
        doctor_addf(doctor, "mail_unset", "%s is not set", relay ? "mail_from" : "smtp_url");
}

static void look_at_links(struct doctor *doctor, const json_t *channels)
{
    g_autofree char *front = app_setting(doctor->app, "public_url");
    if (!front && (wants(channels, "email") || wants(channels, "wecom") ||
                   wants(channels, "dingtalk") || wants(channels, "feishu")))
        doctor_add(doctor, "link_unset", "public_url is not set");
}

/* ---- Connecting, without sending anything */

static void try_to_connect(struct doctor *doctor, CURL *easy, const char *shown,
                           const struct outbound *outbound)
{
    char problem[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    if (outbound && outbound_was_refused(outbound))
        doctor_addf(doctor, "unreachable", "%s leads into a private network", shown);
    else if (code != CURLE_OK)
        doctor_addf(doctor, "unreachable", "%s: %s", shown,
                    *problem ? problem : curl_easy_strerror(code));
}

static void try_relay(struct doctor *doctor, CURL *easy)
{
    g_autofree char *relay = app_setting(doctor->app, "smtp_url"),
                    *ca = app_setting(doctor->app, "smtp_authorities"),
                    *user = app_setting(doctor->app, "smtp_user"),
                    *password = app_setting(doctor->app, "smtp_password"),
                    *plain = app_setting(doctor->app, "smtp_plain");
    if (!relay)
        return;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, relay);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (ca)
        curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
    if (user)
        curl_easy_setopt(easy, CURLOPT_USERNAME, user);
    if (password)
        curl_easy_setopt(easy, CURLOPT_PASSWORD, password);
    try_to_connect(doctor, easy, relay, NULL);
}

static void try_endpoint(struct doctor *doctor, CURL *easy, const char *url)
{
    struct outbound outbound;
    g_autofree char *allowed = app_setting(doctor->app, "allow_private"),
                    *ca = app_setting(doctor->app, "ca_file"), *shown = outbound_url_mask(url);
    if (g_str_has_prefix(url, "mailto:"))
        return;
    curl_easy_reset(easy);
    outbound_guard(easy, &outbound, url, allowed);
    if (ca)
        curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
    try_to_connect(doctor, easy, shown, &outbound);
}

/* Every place once, however many endpoints lead there. */
static void try_endpoints(struct doctor *doctor, CURL *easy)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    json_auto_t *list = NULL;
    if (db_begin(doctor->db, DB_READONLY, 0, NULL)) {
        list = endpoint_list(doctor->db, 0, NULL);
        db_rollback(doctor->db);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        const char *url = json_string_value(json_object_get(row, "url"));
        if (json_is_null(json_object_get(row, "disabled_at")) &&
            g_hash_table_add(seen, outbound_url_mask(url)))
            try_endpoint(doctor, easy, url);
    }
}

void doctor_channels(struct doctor *doctor)
{
    json_auto_t *channels = doctor->schema ? health_channels(doctor->db, NULL) : NULL;
    look_at_mail(doctor, channels);
    look_at_links(doctor, channels);
    CURL *easy = doctor->connect ? curl_easy_init() : NULL;
    if (!easy)
        return;
    try_relay(doctor, easy);
    if (doctor->schema)
        try_endpoints(doctor, easy);
    curl_easy_cleanup(easy);
}
