/* JSON Lines: one object a line. */
#include "loader/json_line.h"
#include "loader/reader_internal.h"
#include "loader/sentences.h"
#include <string.h>

/* The key that stands before a place in a JSON text: `"title": "...`. Best effort, for messages; NULL when there is none.
 * Caller frees. */
static char *key_before(const char *text, size_t place)
{
    const char *colon = NULL, *end, *begin;
    for (size_t i = place; i > 1 && !colon; i--)
        if (text[i - 1] == ':' && (text[i - 2] == '"' || text[i - 2] == ' '))
            colon = text + i - 1;
    if (!colon)
        return NULL;
    end = g_strrstr_len(text, colon - text, "\"");
    begin = end ? g_strrstr_len(text, end - text, "\"") : NULL;
    return begin ? g_utf8_make_valid(begin + 1, end - begin - 1) : NULL;
}

/* Where jansson quotes the text near which it stopped: `… near '"title"'`. */
static char *key_near(const char *message)
{
    const char *near = strstr(message, " near '\"");
    const char *end = near ? strrchr(near, '"') : NULL;
    const char *begin = near ? strchr(near, '"') : NULL;
    return begin && end > begin ? g_strndup(begin + 1, (gsize)(end - begin - 1)) : NULL;
}

/* What jansson says, in our words. */
static void say_json(const json_error_t *wrong, const char *key, struct problem *problem)
{
    switch (json_error_code(wrong)) {
    case json_error_stack_overflow:
        say(problem, CODE_BAD_STRUCTURE, SAY_JSON_DEEP, "2048", NULL);
        return;
    case json_error_duplicate_key:
        say(problem, CODE_BAD_STRUCTURE, SAY_JSON_DUPLICATE, key ? key : "?", NULL);
        return;
    case json_error_numeric_overflow:
        say(problem, CODE_BAD_VALUE, SAY_JSON_NUMBER, NULL);
        return;
    case json_error_premature_end_of_input:
        say(problem, CODE_BAD_STRUCTURE, SAY_JSON_TRUNCATED, NULL);
        return;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        say(problem, CODE_BAD_ENCODING, SAY_JSON_NUL, NULL);
        return;
    default:
        say(problem, CODE_BAD_STRUCTURE, SAY_JSON_BROKEN, wrong->text, NULL);
    }
}

static const char *json_type_word(const json_t *json, bool chinese)
{
    static const char *const en[] = {"object", "array", "text",  "number",
                                     "number", "true",  "false", "null"};
    static const char *const zh[] = {"对象", "数组", "文本",  "数字",
                                     "数字", "true", "false", "null"};
    return chinese ? zh[json_typeof(json)] : en[json_typeof(json)];
}

static enum reader_step bad_line(struct reader *reader, int64_t line, const char *column,
                                 struct problem *problem, struct raw_row *row,
                                 struct refusal *refusal)
{
    const GString *text = reader->record.text;
    return reader_bad_row(reader, line, column, NULL, text->str, text->len, problem, row,
                          refusal);
}

/* The line as UTF-8, or NULL with the reason. */
static char *line_convert(struct reader *reader, struct problem *problem, char **column)
{
    const GString *text = reader->record.text;
    size_t wrong = 0;
    const char *zero = memchr(text->str, '\0', text->len);
    g_autofree char *at = g_strdup_printf("%zu", zero ? (size_t)(zero - text->str) + 1 : 0);
    if (zero) {
        say(problem, CODE_BAD_ENCODING, SAY_ROW_NUL, at, NULL);
        return NULL;
    }
    char *utf8 = charset_convert(reader->charset, text->str, text->len, &wrong);
    if (utf8)
        return utf8;
    g_autofree char *byte = reader_wrong_byte(text->str, text->len, wrong);
    say(problem, CODE_BAD_ENCODING, SAY_ROW_ENCODING, charset_name(reader->charset), byte,
        NULL);
    *column = key_before(text->str, wrong);
    return NULL;
}

static enum reader_step take_line(struct reader *reader, int64_t line, struct raw_row *row,
                                  struct refusal *refusal)
{
    struct problem problem = {0};
    json_error_t wrong;
    g_autofree char *column = NULL;
    g_autofree char *utf8 = line_convert(reader, &problem, &column);
    if (!utf8)
        return bad_line(reader, line, column, &problem, row, refusal);
    json_decref(reader->object);
    reader->object = json_line_read(utf8);
    if (!reader->object)
        reader->object = json_loads(utf8, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
    if (!reader->object) {
        bool twice = json_error_code(&wrong) == json_error_duplicate_key;
        bool number = json_error_code(&wrong) == json_error_numeric_overflow;
        size_t place = MIN((size_t)MAX(wrong.position, 0), strlen(utf8));
        column = twice ? key_near(wrong.text) : number ? key_before(utf8, place) : NULL;
        say_json(&wrong, column, &problem);
        return bad_line(reader, line, column, &problem, row, refusal);
    }
    if (!json_is_object(reader->object)) {
        say(&problem, CODE_BAD_STRUCTURE, SAY_JSON_NOT_OBJECT,
            json_type_word(reader->object, false), json_type_word(reader->object, true), NULL);
        return bad_line(reader, line, NULL, &problem, row, refusal);
    }
    *row = (struct raw_row){.line = line, .object = reader->object};
    return READER_ROW;
}

static bool line_is_blank(const GString *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (!g_ascii_isspace(text->str[i]))
            return false;
    return true;
}

enum reader_step reader_next_json(struct reader *reader, struct raw_row *row,
                                  struct refusal *refusal, GError **error)
{
    struct problem problem = {0};
    columns_begin_row(reader->columns);
    for (;;) {
        GString *text = reader->record.text;
        g_string_truncate(text, 0);
        enum bytes_line taken = bytes_take_line(reader->bytes, text, ROW_MAX_BYTES, error);
        int64_t line = reader->next_line++;
        if (taken == BYTES_END || taken == BYTES_FAILED)
            return taken == BYTES_END ? READER_END : READER_FAILED;
        if (taken == BYTES_TOO_LONG) {
            say(&problem, CODE_TOO_LONG, SAY_ROW_LONG, "64", NULL);
            return bad_line(reader, line, NULL, &problem, row, refusal);
        }
        if (!line_is_blank(text))
            return take_line(reader, line, row, refusal);
        reader->skipped++;
    }
}
