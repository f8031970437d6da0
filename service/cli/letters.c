#include "service/cli/letters.h"
#include "sql/outbox.h"
#include <stdio.h>

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static int list_dead(struct app *app, const json_t *dead)
{
    size_t i;
    json_t *row;
    if (app->json) {
        app_print_json(json_deep_copy(dead));
        return APP_DONE;
    }
    json_array_foreach(dead, i, row)
        printf("%s\t%s\t%d\t%d\t%s\n", text_of(row, "outbox_id"), text_of(row, "finished_at"),
               (int)json_integer_value(json_object_get(row, "attempts")),
               (int)json_integer_value(json_object_get(row, "status")),
               text_of(row, "error") ? text_of(row, "error") : "");
    printf(app->chinese ? "死信 %zu 条\n" : "%zu dead letters\n", json_array_size(dead));
    return APP_DONE;
}

static int replay(struct app *app, const json_t *dead, GError **error)
{
    g_autofree char *now = db_clock(app->db, error);
    int back = 0, refused = 0;
    for (size_t i = 0; now && i < json_array_size(dead); i++) {
        g_autoptr(GError) why = NULL;
        if (outbox_replay(app->db, json_array_get(dead, i), now, &why)) {
            back++;
        } else if (g_error_matches(why, SQL_ERROR, SQL_ERROR_STATE)) {
            refused++;
            fprintf(stderr, "patbridge: %s\n", why->message);
        } else {
            g_propagate_error(error, g_steal_pointer(&why));
            return APP_FAILED;
        }
    }
    if (!now || !db_commit(app->db, error))
        return APP_FAILED;
    if (app->json)
        app_print_json(json_pack("{s:i, s:i}", "replayed", back, "refused", refused));
    else
        printf(app->chinese ? "重新排队 %d 条，未能重排 %d 条\n" : "put back %d, refused %d\n",
               back, refused);
    return refused ? APP_SOME_REFUSED : APP_DONE;
}

static bool read_ids(char **ids, json_t *wanted, GError **error)
{
    for (; ids && *ids; ids++) {
        if (!g_ascii_string_to_unsigned(*ids, 10, 1, G_MAXINT64, NULL, NULL))
            return app_wrong_use(error, "'%s' is no outbox id; patbridge push --log lists them",
                                 *ids);
        json_array_append_new(wanted, json_string(*ids));
    }
    return true;
}

static int print_log(struct app *app, const json_t *rows)
{
    size_t i;
    json_t *row;
    if (app->json) {
        app_print_json(json_deep_copy(rows));
        return APP_DONE;
    }
    json_array_foreach(rows, i, row) printf(
        "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", text_of(row, "started_at"), text_of(row, "outbox_id"),
        text_of(row, "uscc"), text_of(row, "channel"), text_of(row, "outcome"),
        (int)json_integer_value(json_object_get(row, "status")), text_of(row, "error"));
    return APP_DONE;
}

/* Rows of what is asked for, or NULL. */
static json_t *read_rows(struct app *app, const struct letters_asked *asked, int agency_id,
                         const json_t *ids, GError **error)
{
    if (asked->log)
        return outbox_log(app->db,
                          &(struct outbox_question){.agency_id = agency_id,
                                                    .since = asked->since,
                                                    .uscc = asked->uscc,
                                                    .limit = asked->limit},
                          error);
    if (asked->dead)
        return outbox_dead(app->db, agency_id, NULL, 0, error);
    return outbox_replayable(app->db, agency_id, json_array_size(ids) ? ids : NULL,
                             asked->since, error);
}

int letters_run(struct app *app, const struct letters_asked *asked, GError **error)
{
    int agency_id;
    json_auto_t *ids = json_array();
    if (!read_ids(asked->ids, ids, error) || !app_db(app, error) ||
        !app_agency_or_all(app, &agency_id, error) || !db_begin(app->db, DB_ACROSS, 0, error))
        return APP_FAILED;
    json_auto_t *rows = read_rows(app, asked, agency_id, ids, error);
    int code = !rows           ? APP_FAILED
               : asked->log    ? print_log(app, rows)
               : asked->replay ? replay(app, rows, error)
                               : list_dead(app, rows);
    db_rollback(app->db);
    if (code != APP_FAILED && json_array_size(rows) < json_array_size(ids)) {
        g_set_error(error, APP_ERROR, APP_ERROR_FAILED,
                    "%zu of the ids named are none, or still wait",
                    json_array_size(ids) - json_array_size(rows));
        code = APP_FAILED;
    }
    return code;
}
