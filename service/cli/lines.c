#include "service/cli/lines.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

bool lines_fail(GError **error, const struct lines *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *line = r->number ? g_strdup_printf(", line %zu", r->number) : g_strdup("");
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s%s: %s", r->path, line, why);
    return false;
}

bool lines_pass_on(GError **error, GError *wrong)
{
    if (wrong)
        g_propagate_error(error, wrong);
    return !wrong;
}

bool lines_open(struct lines *r, const char *path, GError **error)
{
    *r = (struct lines){.path = path, .file = fopen(path, "r")};
    if (r->file)
        return true;
    int code = errno;
    g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(code),
                "could not open file '%s': %s", path, g_strerror(code));
    return false;
}

void lines_close(struct lines *r)
{
    if (r->file)
        fclose(r->file);
    free(r->line);
}

bool lines_next(struct lines *r, GError **error)
{
    ssize_t len;
    while ((len = getline(&r->line, &r->room, r->file)) >= 0) {
        r->number++;
        while (len > 0 && (r->line[len - 1] == '\n' || r->line[len - 1] == '\r'))
            len--;
        r->line[len] = '\0';
        if (!g_utf8_validate(r->line, len, NULL)) /* which refuses NUL too */
            return lines_fail(error, r, "not UTF-8 text");
        if (r->line[strspn(r->line, " \t")] != '\0' && strcmp(r->line, "\xEF\xBB\xBF") != 0)
            return true;
    }
    if (ferror(r->file))
        return lines_fail(error, r, "could not read on: %s", g_strerror(errno));
    return false;
}

bool lines_text(const json_t *row, const char *field, const struct lines *r, const char **out,
                GError **error)
{
    const json_t *value = json_object_get(row, field);
    *out = json_string_value(value);
    return *out || !value || json_is_null(value) ||
           lines_fail(error, r, "%s is not a string", field);
}

bool lines_symbols(const json_t *row, const char *field, const struct lines *r, GArray *out,
                   GError **error)
{
    const json_t *value = json_object_get(row, field), *item;
    const char *symbol = json_string_value(value);
    size_t i;
    if (symbol)
        g_array_append_val(out, symbol);
    else if (value && !json_is_null(value) && !json_is_array(value))
        return lines_fail(error, r, "%s is neither a list nor a string", field);
    json_array_foreach(value, i, item)
    {
        symbol = json_string_value(item);
        if (!symbol)
            return lines_fail(error, r, "%s[%zu] is not a string", field, i);
        g_array_append_val(out, symbol);
    }
    return true;
}

json_t *lines_json(const struct lines *r, GError **error)
{
    json_error_t wrong;
    const char *text =
        r->number == 1 && g_str_has_prefix(r->line, "\xEF\xBB\xBF") ? r->line + 3 : r->line;
    json_t *row = json_loads(text, JSON_DECODE_ANY, &wrong);
    if (!row)
        lines_fail(error, r, "not JSON: %s (column %d)", wrong.text, wrong.column);
    else if (!json_is_object(row))
        lines_fail(error, r, "not a JSON object");
    else
        return row;
    json_decref(row);
    return NULL;
}

bool lines_query(struct lines *r, char **qid, char **text, GError **error)
{
    char *tab = strchr(r->line, '\t');
    if (!tab)
        return lines_fail(error, r, "one column, expected qid and text with a tab between");
    *qid = r->line;
    *text = tab + 1;
    *tab = '\0';
    (*text)[strcspn(*text, "\t")] = '\0';
    return (**qid && !strchr(*qid, ' ')) ||
           lines_fail(error, r, "query id '%s' is empty or has a blank in it", *qid);
}
