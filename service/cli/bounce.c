#include "service/push/bounce.h"
#include "service/cli/commands.h"
#include "service/daemon/sending.h"
#include <errno.h>
#include <stdio.h>

static const char usage[] =
    "patbridge bounce [--to ADDRESS] [FILE…]\n\n"
    "Reads what mail servers say of pushes that went out as mail: each FILE (or the standard "
    "input) is one mail as it came.\n"
    "A push that could not be delivered is `bounced` from then on and a dead letter (`push "
    "--dead`, `push --replay`); a mailbox that\n"
    "does not exist gets nothing more. A report of a delay is noted in `push --log`. The same "
    "report again changes nothing.\n"
    "--to is the address that the mail came to, b+TOKEN@ the setting bounce_domain; without it "
    "the mail's own header, or the mail that\n"
    "it gives back, must name the push. What is no report is refused, with the reason.";

enum { STEP = 65536 };

static bool read_all(const char *name, GString *out, GError **error)
{
    bool is_input = !name || g_str_equal(name, "-");
    FILE *file = is_input ? stdin : fopen(name, "rb");
    char *piece = g_malloc(STEP);
    size_t len;
    while (file && out->len <= BOUNCE_BYTES_MOST && (len = fread(piece, 1, STEP, file)) > 0)
        g_string_append_len(out, piece, (gssize)len);
    g_free(piece);
    bool good = file && !ferror(file);
    if (!good)
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED, "could not read '%s': %s",
                    is_input ? "the standard input" : name, g_strerror(errno));
    if (file && !is_input)
        fclose(file);
    return good;
}

static void say(const struct app *app, const json_t *report)
{
    const char *enterprise = json_string_value(json_object_get(report, "enterprise")),
               *outcome = json_string_value(json_object_get(report, "outcome")),
               *said = json_string_value(json_object_get(report, "said")),
               *status = json_string_value(json_object_get(report, "status"));
    bool chinese = app->chinese, failed = g_str_equal(outcome, "bounced");
    if (g_str_equal(outcome, "none")) {
        printf(chinese ? "%s：邮件已送达或转交，无需记录\n"
                       : "%s: the mail arrived or was passed on; nothing to record\n",
               enterprise);
        return;
    }
    printf("%s%s%s (%s%s%s)%s%s\n", enterprise, chinese ? "：" : ": ",
           failed
               ? (chinese ? "邮件被退回" : "the mail was given back")
               : (chinese ? "邮件延迟，对方仍在尝试" : "the mail is delayed, and still tried"),
           status, said ? " " : "", said ? said : "",
           json_is_true(json_object_get(report, "recorded")) ? ""
           : chinese                                         ? "，早已记录"
                                                             : ", known already",
           !json_is_true(json_object_get(report, "endpoint_off")) ? ""
           : chinese ? "；该邮箱不存在，已停用"
                     : "; there is no such mailbox: it was turned off");
}

/* One mail in one transaction. NULL: not taken. */
static json_t *take(struct app *app, const struct seal_key *key, const char *name,
                    const char *to, GError **error)
{
    int agency_id;
    json_t *report = NULL;
    g_autoptr(GString) mail = g_string_new(NULL);
    if (!read_all(name, mail, error) || !app_db(app, error) ||
        !app_agency_or_all(app, &agency_id, error) ||
        !db_begin(app->db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return NULL;
    if (bounce_take(app->db, key, mail->str, mail->len, to, &report, error) &&
        db_commit(app->db, error))
        return report;
    db_rollback(app->db);
    json_decref(report);
    return NULL;
}

static bool is_of_the_mail(const GError *why)
{
    return g_error_matches(why, BOUNCE_ERROR, BOUNCE_ERROR_MAIL) ||
           g_error_matches(why, SQL_ERROR, SQL_ERROR_NOT_FOUND);
}

/* Every mail is read; those that are refused are named. */
static int take_each(struct app *app, const struct seal_key *key, char **names, const char *to,
                     json_t *reports, GError **error)
{
    int code = APP_DONE;
    for (char **name = names; *name; name++) {
        g_autoptr(GError) why = NULL;
        json_t *report = take(app, key, *name, to, &why);
        if (report && !app->json)
            say(app, report);
        if (report)
            json_array_append_new(reports, report);
        else if (is_of_the_mail(why)) {
            fprintf(stderr, "patbridge: %s: %s\n", *name, why->message);
            code = APP_SOME_REFUSED;
        } else {
            g_propagate_error(error, g_steal_pointer(&why));
            return APP_FAILED;
        }
    }
    return code;
}

int command_bounce(struct app *app, int argc, char **argv, GError **error)
{
    static char input[] = "-";
    char *alone[] = {input, NULL};
    g_autofree char *to = NULL;
    struct seal_key key;
    const GOptionEntry entries[] = {{"to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!app_options(&argc, &argv, entries, usage, error) || !sending_key(app, &key, error))
        return APP_FAILED;
    json_auto_t *reports = json_array();
    int code = take_each(app, &key, argc > 1 ? argv + 1 : alone, to, reports, error);
    seal_key_clear(&key);
    if (app->json && code != APP_FAILED)
        app_print_json(json_pack("{s:O}", "reports", reports));
    return code;
}
