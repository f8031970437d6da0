#include "sql/agencies.h"
#include "sql/internal.h"

json_t *agencies_list(struct db *db, GError **error)
{
    return db_rows(db, sql_agencies_list, 0, NULL, "list the agencies", error);
}

static bool not_found(json_t *agencies, const char *code, GError **error)
{
    size_t count = json_array_size(agencies);
    g_autoptr(GString) codes = g_string_new(NULL);
    for (size_t i = 0; i < MIN(count, 10); i++)
        g_string_append_printf(
            codes, "%s%s", i ? ", " : "",
            json_string_value(json_object_get(json_array_get(agencies, i), "code")));
    if (!count)
        g_set_error(
            error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
            "there is no agency yet; add one with `patbridge agency add CODE --name NAME`");
    else if (code)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND, "no agency '%s'; there are: %s",
                    code, codes->str);
    else
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "several agencies: say which by --agency (%s)", codes->str);
    return false;
}

bool agencies_find(struct db *db, const char *code, int *agency_id, GError **error)
{
    json_t *agencies = agencies_list(db, error);
    if (!agencies)
        return false;
    const json_t *found = NULL;
    size_t count = json_array_size(agencies);
    for (size_t i = 0; i < count && !found; i++) {
        const json_t *agency = json_array_get(agencies, i);
        if (code ? g_str_equal(code, json_string_value(json_object_get(agency, "code")))
                 : count == 1)
            found = agency;
    }
    if (found)
        *agency_id = (int)g_ascii_strtoll(
            json_string_value(json_object_get(found, "agency_id")), NULL, 10);
    bool answer = found ? true : not_found(agencies, code, error);
    json_decref(agencies);
    return answer;
}
