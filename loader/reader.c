/* Opening a file, recognising what it is, and what the formats share. */
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
    {"%PDF", 4, "it is a PDF; a table is needed / 这是 PDF，需要的是表格"},
    {"\x1f\x8b", 2,
     "it is compressed (gzip); unpack it first / 这是压缩文件（gzip），请先解压"},
    {"\x28\xb5\x2f\xfd", 4,
     "it is compressed (zstd); unpack it first / 这是压缩文件（zstd），请先解压"},
    {"Rar!", 4, "it is a RAR archive; unpack it first / 这是 RAR 压缩包，请先解压"},
    {"<html", 5, "it is a web page; a table is needed / 这是网页，需要的是表格"},
    {"<!DOCTYPE html", 14, "it is a web page; a table is needed / 这是网页，需要的是表格"},
    {"<table", 6,
     "it is a web page, though it may be named .xls; open it and save it as XLSX / "
     "这其实是网页（尽管可能叫 .xls），请用 Excel 打开后另存为 XLSX"},
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
        if (len >= magic[i].len &&
            g_ascii_strncasecmp(sample, magic[i].bytes, magic[i].len) == 0)
            return format_fail(error, magic[i].what);
    for (size_t i = 0; i < len; i++)
        zeros += sample[i] == '\0';
    if (len > 16 && zeros > len / 5)
        return format_fail(
            error, "it is no text file (or UTF-16 without a byte order mark); save it as UTF-8 "
                   "/ 这不是文本文件（或是没有标记的 UTF-16），请另存为 UTF-8");
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

/* The text behind its first line and blanks. */
static const char *second_line(const char *sample, size_t len)
{
    const char *end = sample + len, *begin = sample;
    while (begin < end && g_ascii_isspace(*begin))
        begin++;
    const char *feed = begin < end ? memchr(begin, '\n', (size_t)(end - begin)) : NULL;
    while (feed && feed < end && g_ascii_isspace(*feed))
        feed++;
    return feed ? feed : end;
}

/* JSON Lines has an object a line; one that takes several lines goes on with a member on the second. */
static enum reader_format json_format(const char *sample, size_t len)
{
    const char *second = second_line(sample, len);
    bool spread = second < sample + len && *second == '"';
    return first_byte(sample, len) == '[' || spread ? READER_JSON : READER_JSON_LINES;
}

static enum reader_format guess_format(const char *name, const char *sample, size_t len)
{
    static const char *const json[] = {".jsonl", ".ndjson", ".json", NULL};
    static const char *const csv[] = {".csv", NULL};
    static const char *const tsv[] = {".tsv", ".tab", NULL};
    char first = first_byte(sample, len);
    if (name_ends(name, json) ||
        (!name_ends(name, csv) && !name_ends(name, tsv) && (first == '{' || first == '[')))
        return json_format(sample, len);
    if (first == '<' && !name_ends(name, csv) && !name_ends(name, tsv))
        return READER_XML;
    if (len >= 5 && memcmp(sample, "<?xml", 5) == 0)
        return READER_XML;
    return name_ends(name, tsv) ? READER_TSV : READER_CSV;
}

static const char marks[] = ",\t;|";
enum { MARKS = sizeof marks - 1 };

/* The separator that stands most often, outside quotation marks, in one of the first lines. */
static char guess_delimiter(const char *sample, size_t len)
{
    size_t count[MARKS] = {0}, best[MARKS] = {0};
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
    int winner = 0;
    for (int i = 1; i < MARKS; i++)
        winner = best[i] > best[winner] ? i : winner;
    return marks[winner];
}

static bool guess_lines(struct reader *reader, const char *sample, size_t len)
{
    bool feeds = memchr(sample, '\n', len) != NULL, returns = memchr(sample, '\r', len) != NULL;
    if (!feeds && returns && reader->format != READER_JSON_LINES)
        bytes_lines_end_with_cr(reader->bytes);
    return true;
}

static struct charset *choose_charset(const struct reader *reader, const char *sample,
                                      size_t len, GError **error)
{
    const char *given = reader->plan.encoding;
    if (bytes_marked(reader->bytes))
        return charset_new("UTF-8");
    return given ? charset_named(given, error) : charset_guess(sample, len, error);
}

/* Encoding, separator and header of a text file. */
static bool recognise_text(struct reader *reader, const char *sample, size_t len,
                           GError **error)
{
    reader->charset = choose_charset(reader, sample, len, error);
    if (!reader->charset || !guess_lines(reader, sample, len))
        return false;
    if (reader->empty || reader->format == READER_JSON_LINES || reader->format == READER_JSON)
        return true;
    if (reader->format == READER_CSV && reader_looks_like_dump(reader, sample, len)) {
        reader->format = READER_DUMP;
        return true;
    }
    reader->delimiter = reader->format == READER_TSV ? '\t' : guess_delimiter(sample, len);
    if (reader->format == READER_CSV && reader->delimiter == '\t')
        reader->format = READER_TSV;
    return reader_find_header(reader, error);
}

/* Formats that are no text are read from the descriptor itself. */
static bool recognise_binary(struct reader *reader, GError **error)
{
    int fd = bytes_release(reader->bytes, error);
    if (fd < 0)
        return false;
    return reader->format == READER_XLSX ? reader_open_xlsx(reader, fd, error)
                                         : reader_open_office(reader, fd, error);
}

static bool starts_with(const char *sample, size_t len, const char *text)
{
    return len >= strlen(text) && memcmp(sample, text, strlen(text)) == 0;
}

static bool recognise(struct reader *reader, GError **error)
{
    size_t len;
    if (reader->plan.encoding)
        bytes_assume(reader->bytes, reader->plan.encoding);
    const char *sample = bytes_peek(reader->bytes, SAMPLE_BYTES, &len, error);
    if (!sample)
        return false;
    if (starts_with(sample, len, "PK\x03\x04")) {
        reader->format = READER_XLSX;
        return recognise_binary(reader, error);
    }
    if (starts_with(sample, len, "\xd0\xcf\x11\xe0"))
        return reader_old_office_fail(reader->bytes, error);
    if (!check_magic(sample, len, error))
        return false;
    reader->empty =
        first_byte(sample, len) == '\0' && len < SAMPLE_BYTES && !memchr(sample, '\0', len);
    reader->format = guess_format(reader->name, sample, len);
    return reader->format == READER_XML ? recognise_binary(reader, error)
                                        : recognise_text(reader, sample, len, error);
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
    g_queue_init(&reader->late);
    reader->old_headers = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    reader->old_texts = g_ptr_array_new_with_free_func(g_free);
    reader->old_columns = g_ptr_array_new_with_free_func((GDestroyNotify)columns_free);
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
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not open file '%s': %s%s",
                    path, g_strerror(why),
                    why == EISDIR ? "; name the files in it / 这是文件夹，请写出其中的文件"
                                  : "");
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
    reader_close_xlsx(reader->xlsx);
    reader_close_office(reader->office);
    columns_free(reader->columns);
    for (size_t i = 0; reader->spare_slots && i < reader->plan.kind->field_count; i++)
        if (reader->spare_slots[i])
            g_ptr_array_unref(reader->spare_slots[i]);
    g_free(reader->spare_slots);
    g_ptr_array_free(reader->old_columns, TRUE);
    g_ptr_array_free(reader->old_headers, TRUE);
    g_ptr_array_free(reader->old_texts, TRUE);
    g_free(reader->unit_line);
    g_strfreev(reader->names);
    g_queue_clear_full(&reader->late, (GDestroyNotify)json_decref);
    if (reader->unrecognised)
        g_ptr_array_free(reader->unrecognised, TRUE);
    g_ptr_array_free(reader->headers, TRUE);
    g_ptr_array_free(reader->by_place, TRUE);
    g_ptr_array_free(reader->values, TRUE);
    g_string_free(reader->record.text, TRUE);
    cells_clear(&reader->cells);
    json_decref(reader->object);
    json_decref(reader->pending);
    g_free(reader->text);
    g_free(reader->name);
    g_free(reader);
}

static enum reader_step next_of_format(struct reader *reader, struct raw_row *row,
                                       struct refusal *refusal, GError **error)
{
    switch (reader->format) {
    case READER_JSON_LINES:
        return reader_next_json(reader, row, refusal, error);
    case READER_JSON:
        return reader_next_element(reader, row, refusal, error);
    case READER_XLSX:
        return reader_next_xlsx(reader, row, refusal, error);
    case READER_XML:
        return reader_next_office(reader, row, refusal, error);
    case READER_DUMP:
        return reader_next_dump(reader, row, refusal, error);
    case READER_CSV:
    case READER_TSV:
        break;
    }
    return reader_next_csv(reader, row, refusal, error);
}

enum reader_step reader_next(struct reader *reader, struct raw_row *row,
                             struct refusal *refusal, GError **error)
{
    *row = (struct raw_row){0};
    if (reader->empty)
        return READER_END;
    enum reader_step step = next_of_format(reader, row, refusal, error);
    bool given = step == READER_ROW || step == READER_BAD_ROW;
    reader->read += given;
    if (given && row->place == 0)
        row->place = row->line;
    if (given && reader->headers->len) {
        row->headers = (const char *const *)reader->headers->pdata;
        row->header_count = reader->headers->len;
        row->columns = (const struct column *const *)reader->by_place->pdata;
        row->unit_line = reader->unit_line;
    }
    if (step == READER_BAD_ROW && row->sheet && !refusal->sheet)
        refusal->sheet = g_strdup(row->sheet);
    if (step == READER_FAILED)
        g_prefix_error(error, "could not read file '%s': ", reader->name);
    return step;
}

/* ---- tables ---- */

void reader_begin_table(struct reader *reader)
{
    if (reader->headers->len == 0)
        return;
    g_ptr_array_add(reader->old_headers, reader->headers);
    g_ptr_array_add(reader->old_columns, reader->columns);
    reader->headers = g_ptr_array_new_with_free_func(g_free);
    reader->columns = columns_new(reader->plan.kind, reader->plan.mapping);
    g_ptr_array_add(reader->old_headers, reader->by_place);
    reader->by_place = g_ptr_array_new();
    if (reader->unit_line)
        g_ptr_array_add(reader->old_texts, g_steal_pointer(&reader->unit_line));
}

void reader_use_saved(struct reader *reader, const struct saved_mapping *saved)
{
    if (!saved)
        return;
    reader->saved = saved;
    reader->plan.mapping = saved->mapping;
    columns_free(reader->columns);
    reader->columns = columns_new(reader->plan.kind, saved->mapping);
}

void reader_unit_text(struct reader *reader, const char *text)
{
    if (!columns_unit_line(reader->columns, text))
        return;
    g_free(reader->unit_line);
    reader->unit_line = g_strdup(text);
}

void reader_use_headers(struct reader *reader, const GPtrArray *names)
{
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_ptr_array_add(reader->headers, g_strdup(name));
        g_ptr_array_add(reader->by_place, columns_find(reader->columns, name));
    }
}

bool reader_is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isspace(text[i]))
            return false;
    return true;
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
