#include "sql/scheme.h"
#include "sql/copy.h"
#include "sql/internal.h"

bool scheme_store(struct db *db, const json_t *symbols, const char *now, int64_t *fresh,
                  int64_t *changed, GError **error)
{
    char *text = json_dumps(symbols, JSON_COMPACT);
    const char *const values[] = {text, now};
    g_autoptr(PGresult) res =
        db_run(db, sql_scheme_store, 2, values, "store the classification", error);
    free(text);
    for (int i = 0; res && i < PQntuples(res); i++)
        *(*PQgetvalue(res, i, 0) == 't' ? fresh : changed) += 1;
    return res != NULL;
}

bool scheme_is_there(struct db *db, bool *out, GError **error)
{
    int64_t there;
    if (!db_number(db, sql_scheme_there, 0, NULL, "look for a classification", &there, error))
        return false;
    *out = there > 0;
    return true;
}

json_t *scheme_living(struct db *db, const json_t *symbols, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    copy_array_literal(list, symbols);
    const char *const values[] = {list->str};
    g_autoptr(PGresult) res = db_run(db, sql_scheme_living, 1, values,
                                     "look symbols up in the classification", error);
    if (!res)
        return NULL;
    json_t *out = json_array();
    for (int i = 0; i < PQntuples(res); i++)
        json_array_append_new(out, json_string(PQgetvalue(res, i, 0)));
    return out;
}

json_t *scheme_titles(struct db *db, const json_t *symbols, GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    copy_array_literal(list, symbols);
    const char *const values[] = {list->str};
    g_autoptr(PGresult) res =
        db_run(db, sql_scheme_titles, 1, values, "look up what classes are called", error);
    if (!res)
        return NULL;
    json_t *out = json_object();
    for (int i = 0; i < PQntuples(res); i++)
        json_object_set_new(out, PQgetvalue(res, i, 0), json_string(PQgetvalue(res, i, 1)));
    return out;
}
