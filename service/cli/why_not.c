#include "service/cli/why_not.h"
#include "service/steps/why_not.h"
#include "sql/page.h"
#include "sql/show.h"
#include <stdio.h>

static bool is_id(const char *name)
{
    return *name && strspn(name, "0123456789") == strlen(name);
}

static bool find_need(struct db *db, int agency_id, const char *name, int64_t *out,
                      GError **error)
{
    GError *why = NULL;
    json_auto_t *found = show_record(db, "need", name, agency_id, &why);
    const char *id =
        json_string_value(json_object_get(json_object_get(found, "links"), "need_id"));
    if (!id && is_id(name) && g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND)) {
        g_clear_error(&why);
        id = name;
    }
    if (!id) {
        g_propagate_error(error, why);
        return false;
    }
    *out = g_ascii_strtoll(id, NULL, 10);
    return true;
}

static const char *text_of(const json_t *answer, const char *name)
{
    return json_string_value(json_object_get(answer, name));
}

static void print_fits(const json_t *answer, bool chinese)
{
    const json_t *fit = json_object_get(answer, "fit"),
                 *least = json_object_get(answer, "least_fit");
    if (json_is_number(fit))
        printf(chinese ? "  契合度 %.0f%%\n" : "  its fit: %.0f%%\n",
               100 * json_number_value(fit));
    if (json_is_number(least))
        printf(chinese ? "  该需求最后一条线索的契合度 %.0f%%\n"
                       : "  fit of the need's last lead: %.0f%%\n",
               100 * json_number_value(least));
}

static void print_answer(const json_t *answer, bool chinese)
{
    const char *reason = text_of(answer, chinese ? "reason_zh" : "reason"),
               *folded = text_of(answer, "folded_into");
    puts(reason ? reason : chinese ? "已推送" : "it was pushed");
    if (folded)
        printf(chinese ? "  见 %s\n" : "  see %s\n", folded);
    print_fits(answer, chinese);
}

bool why_not_run(struct app *app, int agency_id, int64_t patent_id, const char *need,
                 GError **error)
{
    struct lead_id id = {.patent_id = patent_id};
    g_autofree char *today = app_today();
    if (!db_begin(app->db, DB_SERVICE, agency_id, error))
        return false;
    json_auto_t *facts = find_need(app->db, agency_id, need, &id.need_id, error)
                             ? page_lead_facts(app->db, &id, error)
                             : NULL;
    db_rollback(app->db); /* it only read */
    if (!facts)
        return false;
    json_auto_t *answer = why_not_of(facts, today);
    if (app->json)
        app_print_json(json_incref(answer));
    else
        print_answer(answer, app->chinese);
    return true;
}
