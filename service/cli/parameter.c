#include "service/cli/parameter.h"
#include "service/cli/policy.h"
#include "sql/parameter.h"
#include "sql/policy.h"
#include <stdio.h>
#include <string.h>

/* JSON, or a word that needs no quotes. */
static json_t *value_of(const char *text)
{
    json_t *value =
        text ? json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL) : NULL;
    return value || !text ? value : json_string(text);
}

static bool check(const struct pack *pack, const struct parameter_decision *decision,
                  GError **error)
{
    g_autoptr(GError) why = NULL;
    if (pack_check_decision(pack, decision->clause, decision->name, decision->value, &why))
        return true;
    return app_wrong_use(error, "%s", why->message);
}

static int print_done(const struct app *app, const struct parameter_decision *decision,
                      bool waits)
{
    if (app->json) {
        app_print_json(
            json_pack("{s:s, s:s, s:s, s:s, s:O?, s:s, s:s, s:b}", "policy", decision->policy,
                      "clause", decision->clause, "parameter", decision->name, "verdict",
                      decision->value ? "set" : "withdraw", "value", decision->value, "by",
                      decision->by, "effective", decision->effective, "waiting", (int)waits));
        return APP_DONE;
    }
    char *value = decision->value ? json_dumps(decision->value, JSON_COMPACT | JSON_ENCODE_ANY |
                                                                    JSON_REAL_PRECISION(12))
                                  : NULL;
    printf("%s %s%s%s", decision->policy, decision->clause, *decision->clause ? "/" : "",
           decision->name);
    if (value)
        printf(" = %s", value);
    else
        printf("%s", app->chinese ? "：恢复政策包所定" : ": as the pack says");
    printf(app->chinese ? "，自 %s 起%s\n" : ", from %s on%s\n", decision->effective,
           !waits         ? ""
           : app->chinese ? "（待另一名审核员确认）"
                          : " (waiting for a second official)");
    free(value);
    return APP_DONE;
}

static int decide(struct app *app, const struct pack *pack,
                  const struct parameter_decision *decision, GError **error)
{
    bool waits = false;
    struct db *db = app_db(app, error);
    if (!db || !policy_store(db, pack->id, pack->version, pack->text, pack->digest, error) ||
        !parameter_decide(db, decision, &waits, error))
        return APP_FAILED;
    return print_done(app, decision, waits);
}

int parameter_run(struct app *app, const struct parameter_wish *wish, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, wish->policy, error);
    if (!pack)
        return APP_FAILED;
    const char *slash = strrchr(wish->place, '/');
    g_autofree char *clause = g_strndup(wish->place, slash ? (gsize)(slash - wish->place) : 0);
    json_auto_t *value = value_of(wish->value);
    const struct parameter_decision decision = {.policy = pack->id,
                                                .version = pack->version,
                                                .clause = clause,
                                                .name = slash ? slash + 1 : wish->place,
                                                .value = value,
                                                .by = wish->by,
                                                .os_user = g_get_user_name(),
                                                .reason = wish->reason,
                                                .effective = wish->effective,
                                                .four_eyes =
                                                    pack_asks_four_eyes(pack, "parameter")};
    return check(pack, &decision, error) ? decide(app, pack, &decision, error) : APP_FAILED;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static void print_row(const json_t *row)
{
    char *value = json_dumps(json_object_get(row, "value"),
                             JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    bool set = g_str_equal(text_of(row, "verdict"), "set");
    printf("%s  %-8s  %s%s%s%s%s  %s  %s  %s\n", text_of(row, "at"), text_of(row, "state"),
           text_of(row, "clause"), *text_of(row, "clause") ? "/" : "",
           text_of(row, "parameter"), set ? " = " : " withdrawn", set ? value : "",
           text_of(row, "effective"), text_of(row, "by"), text_of(row, "reason"));
    free(value);
}

int parameter_print(struct app *app, const char *policy, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, policy, error);
    struct db *db = pack ? app_db(app, error) : NULL;
    json_t *rows = db ? parameter_list(db, pack->id, error) : NULL;
    if (!rows)
        return APP_FAILED;
    if (app->json) {
        app_print_json(json_pack("{s:s, s:o}", "policy", pack->id, "decisions", rows));
        return APP_DONE;
    }
    for (size_t i = 0; i < json_array_size(rows); i++)
        print_row(json_array_get(rows, i));
    json_decref(rows);
    return APP_DONE;
}
