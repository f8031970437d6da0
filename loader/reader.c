/* Opening a file, recognising what it is, and what both formats share. */
#include "loader/reader.h"
#include "loader/names.h"
#include "loader/reader_internal.h"
#include "loader/sentences.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(loader - error, loader_error)

/* Files that are no text, by their first bytes, and what to do about them. */
static const struct {
    const char *bytes;
    size_t len;
    const char *what;
} magic[] = {
    {"PK\x03\x04", 4,
     "it is a ZIP archive, such as an Excel workbook; save the sheet as CSV UTF-8"},
    {"\xd0\xcf\x11\xe0", 4, "it is an old Excel or Word file; save the sheet as CSV UTF-8"},
    {"%PDF", 4, "it is a PDF; a table is needed"},
    {"\x1f\x8b", 2, "it is compressed (gzip); unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, "it is compressed (zstd); unpack it first"},
    {"Rar!", 4, "it is a RAR archive; unpack it first"},
    {"<?xml", 5, "it is XML; a table or JSON Lines is needed"},
    {"<html", 5, "it is a web page; a table is needed"},
    {"<!DOCTYPE", 9, "it is a web page; a table is needed"},
};

static bool format_fail(GError **error, const char *why)
{
    g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT, why);
    return false;
}

/* First byte that is not blank; '\0' when there is none. */
static char first_byte(const char *sample, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isspace(sample[i]))
            return sample[i];
    return '\0';
}

static bool check_magic(const char *sample, size_t len, GError **error)
{
    size_t zeros = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(magic); i++)
        if (len >= magic[i].len && memcmp(sample, magic[i].bytes, magic[i].len) == 0)
            return format_fail(error, magic[i].what);
    for (size_t i = 0; i < len; i++)
        zeros += sample[i] == '\0';
    if (len > 16 && zeros > len / 5)
        return format_fail(
            error,
            "it is no text file (or UTF-16 without a byte order mark); save it as UTF-8");
    return true;
}

static bool name_ends(const char *name, const char *const *endings)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (; *endings; endings++)
        if (g_str_has_suffix(lower, *endings))
            return true;
    return false;
}

static enum reader_format guess_format(const char *name, const char *sample, size_t len)
{
    static const char *const json[] = {".jsonl", ".ndjson", ".json", NULL};
    static const char *const csv[] = {".csv", NULL};
    static const char *const tsv[] = {".tsv", ".tab", NULL};
    if (name_ends(name, json))
        return READER_JSON_LINES;
    if (name_ends(name, csv))
        return READER_CSV;
    if (name_ends(name, tsv))
        return READER_TSV;
    return first_byte(sample, len) == '{' ? READER_JSON_LINES : READER_CSV;
}

/* The separator that stands most often, outside quotation marks, in one of the first lines. */
static char guess_delimiter(const char *sample, size_t len)
{
    static const char marks[] = ",\t;";
    size_t count[3] = {0, 0, 0}, best[3] = {0, 0, 0};
    bool quoted = false;
    int lines = 0;
    for (size_t i = 0; i < len && lines < HEADER_ROWS; i++) {
        quoted = quoted != (sample[i] == '"');
        const char *mark = sample[i] != '\0' && !quoted ? strchr(marks, sample[i]) : NULL;
        if (mark) {
            count[mark - marks]++;
            best[mark - marks] = MAX(best[mark - marks], count[mark - marks]);
        }
        if (sample[i] != '\n' || quoted)
            continue;
        memset(count, 0, sizeof count);
        lines++;
    }
    int winner = best[1] > best[0] ? 1 : 0;
    return marks[best[2] > best[winner] ? 2 : winner];
}

static bool guess_lines(struct reader *reader, const char *sample, size_t len)
{
    bool feeds = memchr(sample, '\n', len) != NULL, returns = memchr(sample, '\r', len) != NULL;
    if (!feeds && returns && reader->format != READER_JSON_LINES)
        bytes_lines_end_with_cr(reader->bytes);
    return true;
}

/* Format, encoding and header. */
static bool recognise(struct reader *reader, GError **error)
{
    size_t len;
    const char *sample = bytes_peek(reader->bytes, SAMPLE_BYTES, &len, error);
    if (!sample || !check_magic(sample, len, error))
        return false;
    const char *marked = bytes_marked(reader->bytes);
    reader->empty =
        first_byte(sample, len) == '\0' && len < SAMPLE_BYTES && !memchr(sample, '\0', len);
    reader->format = guess_format(reader->name, sample, len);
    if (reader->format == READER_JSON_LINES && first_byte(sample, len) == '[')
        return format_fail(error, "it is one JSON array; JSON Lines has one object a line, "
                                  "without commas between them");
    reader->charset = marked ? charset_new("UTF-8") : charset_guess(sample, len, error);
    if (!reader->charset || !guess_lines(reader, sample, len))
        return false;
    reader->delimiter = reader->format == READER_TSV ? '\t' : guess_delimiter(sample, len);
    if (reader->format == READER_CSV && reader->delimiter == '\t')
        reader->format = READER_TSV;
    return reader->empty || reader->format == READER_JSON_LINES ||
           reader_find_header(reader, error);
}

struct reader *reader_open_fd(int fd, const char *name, const struct plan *plan, GError **error)
{
    g_autoptr(reader_t) reader = g_new0(struct reader, 1);
    reader->plan = *plan;
    reader->name = g_strdup(name);
    reader->bytes = bytes_new(fd);
    reader->columns = columns_new(plan->kind, plan->mapping);
    reader->next_line = 1;
    reader->headers = g_ptr_array_new_with_free_func(g_free);
    reader->by_place = g_ptr_array_new();
    reader->values = g_ptr_array_new_with_free_func(g_free);
    reader->record.text = g_string_new(NULL);
    cells_init(&reader->cells);
    if (recognise(reader, error))
        return g_steal_pointer(&reader);
    g_prefix_error(error, "could not read file '%s': ", name);
    return NULL;
}

struct reader *reader_open(const char *path, const struct plan *plan, GError **error)
{
    struct stat about;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
                                    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int why = errno;
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        close(fd);
        fd = -1;
        why = EISDIR;
    }
    if (fd < 0) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s",
                    path, g_strerror(why));
        return NULL;
    }
    return reader_open_fd(fd, path, plan, error);
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    bytes_free(reader->bytes);
    charset_free(reader->charset);
    columns_free(reader->columns);
    g_ptr_array_free(reader->headers, TRUE);
    g_ptr_array_free(reader->by_place, TRUE);
    g_ptr_array_free(reader->values, TRUE);
    g_string_free(reader->record.text, TRUE);
    cells_clear(&reader->cells);
    json_decref(reader->object);
    g_free(reader->text);
    g_free(reader->name);
    g_free(reader);
}

enum reader_step reader_next(struct reader *reader, struct raw_row *row,
                             struct refusal *refusal, GError **error)
{
    *row = (struct raw_row){0};
    if (reader->empty)
        return READER_END;
    enum reader_step step = reader->format == READER_JSON_LINES
                                ? reader_next_json(reader, row, refusal, error)
                                : reader_next_csv(reader, row, refusal, error);
    reader->read += step == READER_ROW || step == READER_BAD_ROW;
    if (step == READER_FAILED)
        g_prefix_error(error, "could not read file '%s': ", reader->name);
    return step;
}

char *reader_wrong_byte(const char *text, size_t len, size_t wrong)
{
    unsigned byte = wrong < len ? (unsigned char)text[wrong] : 0;
    return g_strdup_printf("0x%02X @ %zu", byte, wrong + 1);
}

enum reader_step reader_bad_row(struct reader *reader, int64_t line, const char *column,
                                const char *value, const char *text, size_t len,
                                struct problem *problem, struct raw_row *row,
                                struct refusal *refusal)
{
    size_t kept = text ? MIN(len, (size_t)RAW_TEXT_BYTES) : 0;
    g_autofree char *cut = g_malloc0(kept + 1);
    for (size_t i = 0; i < kept; i++)
        cut[i] = text[i] == '\0' ? '?' : text[i];
    g_free(reader->text);
    reader->text = g_utf8_make_valid(cut, -1);
    g_strchomp(reader->text);
    *row = (struct raw_row){.line = line, .text = reader->text};
    refusal_set(refusal, line, column, value, problem);
    return READER_BAD_ROW;
}

enum reader_format reader_format(const struct reader *reader)
{
    return reader->format;
}

const char *reader_encoding(const struct reader *reader)
{
    const char *marked = bytes_marked(reader->bytes);
    return marked ? marked : reader->charset ? charset_name(reader->charset) : "UTF-8";
}

const char *const *reader_headers(const struct reader *reader, size_t *count)
{
    *count = reader->headers->len;
    return (const char *const *)reader->headers->pdata;
}

const char *reader_header_of(const struct reader *reader, const char *field)
{
    for (guint i = 0; reader->by_place && i < reader->by_place->len; i++) {
        const struct column *column = reader->by_place->pdata[i];
        if (column && column->field && g_str_equal(column->field->name, field))
            return column->header;
    }
    return field;
}

int64_t reader_read(const struct reader *reader)
{
    return reader->read;
}

int64_t reader_skipped(const struct reader *reader)
{
    return reader->skipped;
}

bool reader_is_empty(const struct reader *reader)
{
    return reader->empty;
}

const char *const *reader_unrecognised(const struct reader *reader)
{
    return columns_unrecognised(reader->columns);
}

struct column *reader_column(const struct reader *reader, size_t place)
{
    return g_ptr_array_index(reader->by_place, place);
}

struct columns *reader_columns(struct reader *reader)
{
    return reader->columns;
}

const struct plan *reader_plan(const struct reader *reader)
{
    return &reader->plan;
}
