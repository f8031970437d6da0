/* JSON: one object a line, or the elements of one array, or objects that take several lines. */
#include "loader/json_line.h"
#include "loader/office_record.h"
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
    if (zero) {
        g_autofree char *at = g_strdup_printf("%zu", (size_t)(zero - text->str) + 1);
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
        if (!reader_is_blank(text->str, text->len))
            return take_line(reader, line, row, refusal);
        reader->skipped++;
    }
}

/* ---- elements that take as many lines as they like */

enum { PEEKED = 64 * 1024 };

/* Where in an element a byte stands. */
struct nesting {
    int depth;
    bool quoted, escaped;
};

/* Goes on by one byte; true when the element ends with it. */
static bool step_over(struct nesting *at, char c)
{
    if (at->quoted) {
        at->quoted = at->escaped || c != '"';
        at->escaped = !at->escaped && c == '\\';
        return false;
    }
    at->quoted = c == '"';
    at->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    return at->depth <= 0 && (c == '}' || c == ']');
}

/* Passes over what parts elements. False: the end, or a failure. */
static bool find_element(struct reader *reader, bool *failed, GError **error)
{
    size_t len;
    const char *text;
    while ((text = bytes_peek(reader->bytes, 4096, &len, error)) != NULL && len > 0) {
        for (size_t i = 0; i < len; i++) {
            reader->next_line += text[i] == '\n';
            bool opens = text[i] == '[' && !reader->inside;
            reader->inside = reader->inside || opens;
            if (opens || g_ascii_isspace(text[i]) || text[i] == ',' || text[i] == ']')
                continue;
            bytes_skip(reader->bytes, i);
            return true;
        }
        bytes_skip(reader->bytes, len);
    }
    *failed = !text;
    return false;
}

/* The element's bytes into record.text; false when it never ends, or is none: its first line then. */
static bool take_element(struct reader *reader, bool *failed, GError **error)
{
    GString *out = reader->record.text;
    struct nesting at = {0};
    size_t len;
    const char *text;
    while ((text = bytes_peek(reader->bytes, PEEKED, &len, error)) != NULL && len > 0 &&
           out->len <= ROW_MAX_BYTES) {
        size_t used = 0;
        bool ends = false;
        while (used < len && !ends) {
            ends = step_over(&at, text[used++]);
            if (at.depth == 0 && !at.quoted && !ends) { /* a plain value: to the next mark */
                char next = used < len ? text[used] : ',';
                ends = next == ',' || next == ']' || next == '\n';
            }
        }
        g_string_append_len(out, text, (gssize)used);
        bytes_skip(reader->bytes, used);
        if (ends)
            return true;
    }
    *failed = !text;
    return false;
}

/* Gives back what came behind the first line. */
static void keep_first_line(struct reader *reader)
{
    GString *text = reader->record.text;
    const char *feed = memchr(text->str, '\n', text->len);
    size_t first = feed ? (size_t)(feed - text->str) + 1 : text->len;
    bytes_put_back(reader->bytes, text->str + first, text->len - first);
    g_string_truncate(text, first);
    reader->next_line += feed != NULL;
    reader->astray = true;
}

/* Behind a broken element: goes to the next line that begins one. */
static bool find_line(struct reader *reader, bool *failed, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (;;) {
        g_string_truncate(line, 0);
        enum bytes_line taken = bytes_take_line(reader->bytes, line, ROW_MAX_BYTES, error);
        *failed = taken == BYTES_FAILED;
        if (taken == BYTES_END || *failed)
            return false;
        size_t blanks = 0;
        while (blanks < line->len && g_ascii_isspace(line->str[blanks]))
            blanks++;
        if (taken == BYTES_LINE && line->str[blanks] == '{')
            break;
        reader->next_line++;
    }
    bytes_put_back(reader->bytes, line->str, line->len);
    reader->astray = false;
    return true;
}

static int64_t count_lines(const GString *text)
{
    int64_t lines = 0;
    for (size_t i = 0; i < text->len; i++)
        lines += text->str[i] == '\n';
    return lines;
}

enum reader_step reader_next_element(struct reader *reader, struct raw_row *row,
                                     struct refusal *refusal, GError **error)
{
    bool failed = false;
    struct problem problem = {0};
    columns_begin_row(reader->columns);
    g_string_truncate(reader->record.text, 0);
    if ((reader->astray && !find_line(reader, &failed, error)) ||
        !find_element(reader, &failed, error))
        return failed ? READER_FAILED : READER_END;
    int64_t line = reader->next_line;
    bool whole = take_element(reader, &failed, error);
    if (failed)
        return READER_FAILED;
    reader->elements++;
    enum reader_step step;
    if (whole) {
        reader->next_line += count_lines(reader->record.text);
        step = take_line(reader, line, row, refusal);
        if (step == READER_ROW && strcmp(reader->plan.kind->name, "patent") == 0)
            office_clean_pdf(row->object);
    } else {
        keep_first_line(reader);
        say(&problem, CODE_BAD_STRUCTURE, SAY_JSON_TRUNCATED, NULL);
        step = bad_line(reader, line, NULL, &problem, row, refusal);
    }
    row->place = reader->elements;
    return step;
}
