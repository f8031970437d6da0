/* applications.c - the application file of a clause, over HTTP. */
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/tracking.h"
#include "service/track/application.h"
#include "sql/agencies.h"
#include <glib/gstdio.h>
#include <string.h>

struct wanted {
    const char *clause, *policy, *as_of, *lang, *format;
    bool is_pdf;
};

static bool wrong(GError **error, const char *text)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

static bool read_wanted(const struct call *call, struct wanted *out, GError **error)
{
    if (!leads_text(call, "clause", true, &out->clause, error) ||
        !leads_text(call, "policy", false, &out->policy, error) ||
        !leads_text(call, "as_of", false, &out->as_of, error) ||
        !leads_text(call, "lang", false, &out->lang, error) ||
        !leads_text(call, "format", false, &out->format, error))
        return false;
    out->is_pdf = g_strcmp0(out->format, "pdf") == 0;
    if (out->format && !out->is_pdf && !g_str_equal(out->format, "xlsx"))
        return wrong(error, "format: xlsx or pdf");
    if (out->as_of && !figures_is_day(out->as_of))
        return wrong(error, "as_of is no day; expected 2025-06-30");
    return call->agency_id || wrong(error, "say whose application it is: agency=CODE");
}

static const json_t *find_clause(const json_t *document, const char *id)
{
    size_t i;
    json_t *clause;
    json_array_foreach(
        json_object_get(document, "clauses"), i,
        clause) if (g_str_equal(json_string_value(json_object_get(clause, "id")), id) &&
                    json_array_size(json_object_get(clause, "items")) > 0) return clause;
    return NULL;
}

static bool send_file(struct call *call, const struct wanted *wanted, const char *path,
                      GError **error)
{
    char *bytes = NULL;
    gsize len;
    if (!g_file_get_contents(path, &bytes, &len, error))
        return false;
    struct answer *answer = call->answer;
    answer_clear(answer);
    answer->status = 200;
    answer->type = wanted->is_pdf
                       ? "application/pdf"
                       : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    answer->disposition = g_strdup_printf("attachment; filename=application-%s.%s",
                                          wanted->clause, wanted->is_pdf ? "pdf" : "xlsx");
    answer->body = g_string_new_len(bytes, (gssize)len);
    g_free(bytes);
    return true;
}

static bool write_and_send(struct call *call, const struct wanted *wanted,
                           const struct workbook_wish *wish, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *folder = g_dir_make_tmp("patbridge-XXXXXX", error);
    if (!folder)
        return false;
    g_autofree char *path =
        g_build_filename(folder, wanted->is_pdf ? "file.pdf" : "file.xlsx", NULL);
    bool done = application_write(path, wish, &why) && send_file(call, wanted, path, &why);
    g_unlink(path);
    g_rmdir(folder);
    if (g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
        g_set_error(error, API_ERROR, API_CONFLICT,
                    "LibreOffice is not installed here: ask for a workbook");
    else if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return done;
}

static bool make(struct call *call, const struct wanted *wanted, const struct pack *pack,
                 const struct sign_key *key, GError **error)
{
    g_autofree char *today = app_today();
    struct figures_request request = {
        .as_of = wanted->as_of, .today = today, .agency_id = call->agency_id};
    struct application made = {0};
    if (!application_begin(call->db, pack, &request, key, &made, error))
        return false;
    const struct workbook_wish wish = {.db = call->db,
                                       .pack = pack,
                                       .document = made.document,
                                       .clause = find_clause(made.document, wanted->clause),
                                       .snapshot = made.shown,
                                       .papers = made.papers,
                                       .agency_id = call->agency_id,
                                       .chinese = g_strcmp0(wanted->lang, "en") != 0};
    bool done = wish.clause && write_and_send(call, wanted, &wish, error);
    application_clear(&made);
    if (!wish.clause)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no clause '%s' with figures",
                    wanted->clause);
    return done;
}

/* A clause that is not there is found out before a snapshot is taken, which stays. */
static bool check_clause(const struct wanted *wanted, const struct pack *pack, GError **error)
{
    if (pack_clause(pack, wanted->clause))
        return true;
    g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no clause '%s'", wanted->clause);
    return false;
}

bool applications_make(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    struct wanted wanted = {0};
    g_auto(sign_key_t) key = {0};
    g_autofree char *file = app_setting(daemon->app, "sign_key");
    g_autofree char *folder = app_setting(daemon->app, "policies");
    if (!read_wanted(call, &wanted, error))
        return false;
    g_autoptr(pack_t) pack = pack_open(folder, wanted.policy, error);
    return pack && check_clause(&wanted, pack, error) &&
           sign_key_load(file ? file : "var/sign.key", &key, error) &&
           make(call, &wanted, pack, &key, error);
}
