#include "sql/kept.h"
#include "sql/crew.h"
#include "sql/internal.h"
#include "sql/migrate.h"

char *kept_name(const char *metric, const json_t *values, const char *as_of, int agency_id)
{
    char *text = json_dumps(values, JSON_COMPACT | JSON_SORT_KEYS);
    g_autofree char *all = g_strdup_printf("%s\n%s\n%d\n%s\n%s", metric, as_of, agency_id,
                                           migrate_views_digest(), text);
    free(text);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all, -1);
}

/* ---- What a transaction changed */

void kept_note(struct db *db, const char *source)
{
    if (!db->noted)
        db->noted = json_array();
    json_array_append_new(db->noted,
                          json_pack("{s:s, s:[], s:b}", "source", source, "ids", "moved", 1));
}

void kept_note_ids(struct db *db, const char *source, json_t *ids)
{
    if (!db->noted)
        db->noted = json_array();
    json_array_append_new(db->noted, json_pack("{s:s, s:o}", "source", source, "ids", ids));
}

bool kept_flush(struct db *db, GError **error)
{
    if (!db->noted && !db->touched)
        return true;
    json_auto_t *all = db->noted ? json_copy(db->noted) : json_array();
    if (db->touched)
        json_array_extend(all, db->touched);
    char *changes = json_dumps(all, JSON_COMPACT);
    char *about = db->about ? json_dumps(db->about, JSON_COMPACT) : g_strdup("{}");
    g_autofree char *agency = g_strdup_printf("%d", db->agency_id);
    const char *const values[] = {changes, about, agency};
    bool done = db_do(db, sql_kept_note, 3, values, "note what was changed", error);
    free(changes);
    free(about);
    return done;
}

/* ---- What is kept */

/* A list of texts without quotes as PostgreSQL writes it. */
static char *list_of(const json_t *names)
{
    g_autoptr(GString) list = g_string_new("{");
    for (size_t i = 0; i < json_array_size(names); i++)
        g_string_append_printf(list, "%s%s", i ? "," : "",
                               json_string_value(json_array_get(names, i)));
    g_string_append_c(list, '}');
    return g_strdup(list->str);
}

json_t *kept_fresh(struct db *db, const json_t *names, GError **error)
{
    g_autofree char *list = list_of(names);
    const char *const values[] = {list};
    json_auto_t *rows = db_rows(db, sql_kept_fresh, 1, values, "read kept figures", error);
    if (!rows)
        return NULL;
    json_t *fresh = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_object_set(fresh, json_string_value(json_object_get(row, "what")), row);
    }
    return fresh;
}

bool kept_can_mend(const char *metric)
{
    static const char *const metrics[] = {"patents",       "pushes",    "needs",
                                          "deals",         "purchases", "transactions",
                                          "introductions", "licences",  NULL};
    return g_strv_contains(metrics, metric);
}

/* Takes the rows of one answer. */
static json_t *mended_of(json_t *rows)
{
    json_t *figure = json_object_get(json_array_get(rows, 0), "figure");
    figure = figure ? json_incref(figure) : json_null();
    json_decref(rows);
    return figure;
}

bool kept_mended(struct db *db, const char *const *names, size_t count, const char *known_at,
                 json_t **figures, GError **error)
{
    g_autofree struct crew_question *questions = g_new0(struct crew_question, count + 1);
    g_autofree const char **values = g_new0(const char *, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        values[2 * i] = names[i];
        values[2 * i + 1] = known_at;
        questions[i] = (struct crew_question){
            .sql = sql_kept_mended, .count = 2, .values = values + 2 * i};
    }
    struct crew *crew = crew_for(db, count);
    bool done = crew_ask(crew, questions, count, "bring kept figures up to date", error);
    crew_free(crew);
    for (size_t i = 0; i < count; i++)
        figures[i] = mended_of(questions[i].rows);
    return done;
}

char *kept_state(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_kept_snapshot, 0, NULL, "read which state this is", error);
    return res ? g_strdup(PQgetvalue(res, 0, 0)) : NULL;
}

static bool add_and_prune(struct db *db, const json_t *figures, int agency_id,
                          const char *state, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    char *text = json_dumps(figures, JSON_COMPACT);
    const char *const values[] = {text, agency, state, now}, *const moment[] = {now};
    bool done = now && db_do(db, sql_kept_add, 4, values, "keep figures", error) &&
                db_do(db, sql_kept_prune, 1, moment, "forget old figures", error) &&
                db_do(db, sql_kept_prune_changes, 1, moment, "forget old changes", error);
    free(text);
    return done;
}

bool kept_add(struct db *db, const json_t *figures, int agency_id, const char *state,
              GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (add_and_prune(db, figures, agency_id, state, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *kept_altered(struct db *db, GError **error)
{
    json_auto_t *rows =
        db_rows(db, sql_kept_altered, 0, NULL, "count kept figures once more", error);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}
