/* workbook.xml, its relations, styles and shared strings. */
#include "loader/book.h"
#include "loader/reader.h"
#include "loader/xml.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHEETS_MAX = 4096, STYLES_MAX = 1 << 20 };

struct book {
    struct package *package;
    bool from_1904;
    GPtrArray *sheets;     /* struct book_sheet * */
    GPtrArray *ids;        /* char *: relation of each sheet */
    GHashTable *relations; /* id -> entry */
    char *main,
        *base; /* the workbook's own entry, "xl/workbook.xml", and the folder that it lies in */
    char *shared, *styled; /* entries, or NULL */
    GHashTable *formats;   /* number of a format -> its style */
    GByteArray *styles;    /* enum book_style of each cell style */
    bool in_cell_styles;
    struct spool *strings;
    GString *text; /* of the shared string being read */
    bool in_text, in_phonetic;
    GError *failure; /* of spooling */
};

static void sheet_free(gpointer data)
{
    struct book_sheet *sheet = data;
    g_free(sheet->name);
    g_free(sheet->part);
    g_free(sheet);
}

void book_close(struct book *book)
{
    if (!book)
        return;
    package_close(book->package);
    g_ptr_array_unref(book->sheets);
    g_ptr_array_unref(book->ids);
    g_hash_table_unref(book->relations);
    g_hash_table_unref(book->formats);
    g_byte_array_unref(book->styles);
    g_free(book->main);
    g_free(book->base);
    g_free(book->shared);
    g_free(book->styled);
    spool_free(book->strings);
    g_string_free(book->text, TRUE);
    g_clear_error(&book->failure);
    g_free(book);
}

static bool read_entry(struct book *book, const char *name, const struct xml_events *events,
                       GError **error)
{
    struct part *part = package_part(book->package, name, error);
    return part && xml_read(part, name, events, book, error);
}

/* ---- workbook.xml */

static bool is_true(const char *text)
{
    return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

static void on_workbook(void *user, const char *name, const struct xml_attributes *attributes)
{
    struct book *book = user;
    if (strcmp(name, "workbookPr") == 0)
        book->from_1904 = is_true(xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0 || book->sheets->len >= SHEETS_MAX)
        return;
    struct book_sheet *sheet = g_new0(struct book_sheet, 1);
    const char *state = xml_attribute(attributes, "state");
    sheet->hidden = state && strcmp(state, "visible") != 0;
    sheet->name = g_strdup(xml_attribute(attributes, "name"));
    if (!sheet->name)
        sheet->name = g_strdup("?");
    g_ptr_array_add(book->sheets, sheet);
    const char *id = xml_attribute(attributes, "id"); /* r:id; sheetId is another name */
    g_ptr_array_add(book->ids, g_strdup(id ? id : ""));
}

/* From the folder "xl", "/xl/worksheets/sheet1.xml" and "worksheets/sheet1.xml" are one. NULL when it leads out of the archive. */
static char *resolve(const char *base, const char *target)
{
    g_autofree char *whole =
        *target == '/' ? g_strdup(target + 1) : g_strconcat(base, "/", target, NULL);
    g_auto(GStrv) steps = g_strsplit(whole, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (char **step = steps; *step; step++) {
        if (strcmp(*step, "..") == 0 && kept->len > 0)
            g_ptr_array_remove_index(kept, kept->len - 1);
        else if (strcmp(*step, "..") == 0)
            return NULL;
        else if (strcmp(*step, ".") != 0 && **step != '\0')
            g_ptr_array_add(kept, *step);
    }
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

/* Remembers an entry by what it is to the workbook; takes the part over. */
static void take_part(struct book *book, const char *type, const char *id, char *part)
{
    if (g_str_has_suffix(type, "/sharedStrings") && !book->shared)
        book->shared = g_strdup(part);
    if (g_str_has_suffix(type, "/styles") && !book->styled)
        book->styled = g_strdup(part);
    if (g_str_has_suffix(type, "/worksheet"))
        g_hash_table_insert(book->relations, g_strdup(id), part);
    else
        g_free(part);
}

static void on_relation(void *user, const char *name, const struct xml_attributes *attributes)
{
    struct book *book = user;
    if (strcmp(name, "Relationship") != 0)
        return;
    const char *mode = xml_attribute(attributes, "TargetMode");
    if (mode && strcmp(mode, "External") == 0)
        return;
    g_autofree char *type = g_strdup(xml_attribute(attributes, "Type"));
    g_autofree char *id = g_strdup(xml_attribute(attributes, "Id"));
    const char *target = xml_attribute(attributes, "Target");
    char *part = target ? resolve(book->base, target) : NULL;
    if (!part || !id || !type) {
        g_free(part);
        return;
    }
    take_part(book, type, id, part);
}

/* ---- _rels/.rels: which entry is the workbook */

static void on_root_relation(void *user, const char *name,
                             const struct xml_attributes *attributes)
{
    struct book *book = user;
    const char *type =
        strcmp(name, "Relationship") == 0 ? xml_attribute(attributes, "Type") : NULL;
    if (!type || !g_str_has_suffix(type, "/officeDocument") || book->main)
        return;
    const char *target = xml_attribute(attributes, "Target");
    book->main = target ? resolve("", target) : NULL;
}

/* Where nothing says so, or what is said is not there, it has its usual name. */
static bool find_main(struct book *book, GError **error)
{
    static const char rels[] = "_rels/.rels";
    const struct xml_events events = {.begin = on_root_relation};
    if (package_has(book->package, rels) && !read_entry(book, rels, &events, error))
        return false;
    if (!book->main || !package_has(book->package, book->main)) {
        g_free(book->main);
        book->main = g_strdup("xl/workbook.xml");
    }
    book->base = g_path_get_dirname(book->main);
    return true;
}

/* "xl/workbook.xml": "xl/_rels/workbook.xml.rels". */
static char *relations_of(const struct book *book)
{
    g_autofree char *name = g_path_get_basename(book->main);
    return g_strdup_printf("%s/_rels/%s.rels", book->base, name);
}

/* ---- styles */

/* Formats that a number alone names, in every language: 14-22 and 45-47, and those of East Asia. */
static enum book_style builtin_style(long format)
{
    if ((format >= 18 && format <= 21) || (format >= 45 && format <= 47) || format == 32 ||
        format == 33 || format == 34 || format == 35 || format == 55 || format == 56)
        return STYLE_TIME;
    if ((format >= 14 && format <= 22) || (format >= 27 && format <= 36) ||
        (format >= 50 && format <= 58))
        return STYLE_DATE;
    return STYLE_NUMBER;
}

enum book_style book_format_style(const char *format)
{
    bool days = false, times = false;
    for (const char *c = format; *c != '\0'; c++) {
        if (*c == '\\' || *c == '_' || *c == '*') {
            c += c[1] != '\0';
        } else if (*c == '"') {
            const char *end = strchr(c + 1, '"');
            c = end ? end : c + strlen(c) - 1;
        } else if (*c == '[') {
            bool elapsed =
                c[1] != '\0' && strchr("hHmMsS", c[1]) && (c[2] == ']' || c[2] == c[1]);
            const char *end = strchr(c, ']');
            times = times || elapsed;
            c = end ? end : c + strlen(c) - 1;
        } else if (*c == ';') {
            break; /* the other parts are for negative numbers and texts */
        } else if (g_ascii_strncasecmp(c, "general", 7) == 0) {
            c += 6;
        } else if (*c == '0' || *c == '#' || *c == '?') {
            return days || times ? (days ? STYLE_DATE : STYLE_TIME) : STYLE_NUMBER;
        } else {
            days = days || strchr("yYdD", *c);
            times = times || strchr("hHsS", *c);
            days = days || (strchr("mM", *c) && !times);
        }
    }
    return days ? STYLE_DATE : times ? STYLE_TIME : STYLE_NUMBER;
}

static void on_style(void *user, const char *name, const struct xml_attributes *attributes)
{
    struct book *book = user;
    if (strcmp(name, "numFmt") == 0) {
        const char *number = xml_attribute(attributes, "numFmtId");
        long id = number ? strtol(number, NULL, 10) : 0;
        const char *code = xml_attribute(attributes, "formatCode");
        if (code && g_hash_table_size(book->formats) < STYLES_MAX)
            g_hash_table_insert(book->formats, GINT_TO_POINTER((gint)id),
                                GINT_TO_POINTER((gint)book_format_style(code)));
    }
    if (strcmp(name, "cellXfs") == 0)
        book->in_cell_styles = true;
    if (!book->in_cell_styles || strcmp(name, "xf") != 0 || book->styles->len >= STYLES_MAX)
        return;
    const char *number = xml_attribute(attributes, "numFmtId");
    long id = number ? strtol(number, NULL, 10) : 0;
    gpointer own;
    guint8 style = (guint8)builtin_style(id);
    if (g_hash_table_lookup_extended(book->formats, GINT_TO_POINTER((gint)id), NULL, &own))
        style = (guint8)GPOINTER_TO_INT(own);
    g_byte_array_append(book->styles, &style, 1);
}

static void on_style_end(void *user, const char *name)
{
    struct book *book = user;
    if (strcmp(name, "cellXfs") == 0)
        book->in_cell_styles = false;
}

/* ---- shared strings */

static void on_string(void *user, const char *name, const struct xml_attributes *attributes)
{
    struct book *book = user;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        g_string_truncate(book->text, 0);
    if (strcmp(name, "rPh") == 0)
        book->in_phonetic = true;
    book->in_text = strcmp(name, "t") == 0 && !book->in_phonetic;
}

static void on_string_text(void *user, const char *text, size_t len)
{
    struct book *book = user;
    if (book->in_text)
        g_string_append_len(book->text, text, (gssize)len);
}

static void on_string_end(void *user, const char *name)
{
    struct book *book = user;
    book->in_text = false;
    if (strcmp(name, "rPh") == 0)
        book->in_phonetic = false;
    if (strcmp(name, "si") != 0 || book->failure)
        return;
    book_unescape(book->text);
    spool_add(book->strings, book->text->str, book->text->len, &book->failure);
}

void book_unescape(GString *text)
{
    if (!strstr(text->str, "_x"))
        return;
    GString *out = g_string_sized_new(text->len);
    for (const char *c = text->str; *c != '\0'; c++) {
        bool escaped = c[0] == '_' && c[1] == 'x' && strlen(c) >= 7 && c[6] == '_';
        for (int i = 2; escaped && i < 6; i++)
            escaped = g_ascii_isxdigit(c[i]);
        gunichar u = escaped ? (gunichar)strtoul(c + 2, NULL, 16) : 0;
        if (escaped && u > 0 && g_unichar_validate(u)) {
            g_string_append_unichar(out, u);
            c += 6;
        } else {
            g_string_append_c(out, *c);
        }
    }
    g_string_assign(text, out->str);
    g_string_free(out, TRUE);
}

/* ---- the whole */

/* What else people hand in as a workbook. */
static bool check_sort(struct package *package, const char *main, GError **error)
{
    static const char *const others[][2] = {
        {"xl/workbook.bin", "it is a binary Excel workbook (.xlsb); save it as XLSX / "
                            "这是二进制的 Excel 文件（.xlsb），请另存为 XLSX"},
        {"content.xml", "it is an OpenDocument file (.ods); save it as XLSX / 这是 "
                        "OpenDocument 文件（.ods），请另存为 XLSX"},
        {"word/document.xml",
         "it is a Word document; copy its table into a sheet and save that as XLSX / 这是 Word "
         "文档，请把其中的表格粘贴到工作表，另存为 XLSX"},
        {"ppt/presentation.xml",
         "it is a presentation; a table is needed / 这是演示文稿，需要的是表格"}};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (package_has(package, others[i][0])) {
            g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT, others[i][1]);
            return false;
        }
    if (package_has(package, main) && g_str_has_suffix(main, ".xml"))
        return true;
    g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                        "it is a ZIP archive without a workbook in it; unpack it first / 这是 "
                        "ZIP 压缩包，里面没有工作簿，请先解压");
    return false;
}

static bool read_all(struct book *book, GError **error)
{
    const struct xml_events sheets = {.begin = on_workbook}, relations = {.begin = on_relation},
                            styles = {.begin = on_style, .end = on_style_end},
                            strings = {on_string, on_string_end, on_string_text};
    if (!find_main(book, error) || !check_sort(book->package, book->main, error))
        return false;
    g_autofree char *of_main = relations_of(book);
    if (!read_entry(book, book->main, &sheets, error) ||
        !read_entry(book, of_main, &relations, error) ||
        (book->styled && !read_entry(book, book->styled, &styles, error)) ||
        (book->shared && !read_entry(book, book->shared, &strings, error)))
        return false;
    if (!book->failure)
        return true;
    g_propagate_error(error, g_steal_pointer(&book->failure));
    return false;
}

struct book *book_open(int fd, GError **error)
{
    struct package *package = package_open(fd, error);
    if (!package)
        return NULL;
    g_autoptr(book_t) book = g_new0(struct book, 1);
    book->package = package;
    book->sheets = g_ptr_array_new_with_free_func(sheet_free);
    book->ids = g_ptr_array_new_with_free_func(g_free);
    book->relations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    book->formats = g_hash_table_new(g_direct_hash, g_direct_equal);
    book->styles = g_byte_array_new();
    book->strings = spool_new();
    book->text = g_string_new(NULL);
    if (!read_all(book, error))
        return NULL;
    for (guint i = 0; i < book->sheets->len; i++) {
        struct book_sheet *sheet = book->sheets->pdata[i];
        sheet->part = g_strdup(g_hash_table_lookup(book->relations, book->ids->pdata[i]));
    }
    return g_steal_pointer(&book);
}

struct package *book_package(struct book *book)
{
    return book->package;
}

size_t book_sheet_count(const struct book *book)
{
    return book->sheets->len;
}

const struct book_sheet *book_sheet(const struct book *book, size_t place)
{
    return book->sheets->pdata[place];
}

enum book_style book_style(const struct book *book, size_t style)
{
    return style < book->styles->len ? (enum book_style)book->styles->data[style]
                                     : STYLE_NUMBER;
}

bool book_string(struct book *book, size_t number, GString *out, GError **error)
{
    return spool_get(book->strings, number, out, error);
}

/* Day 60 of 1900 is a 29 February that never was; days before it are counted from 1899-12-31. */
bool book_day(const struct book *book, double number, enum book_style style, char out[24])
{
    if (!(number >= 0 && number < 2958466)) /* 9999-12-31 */
        return false;
    double whole = floor(number);
    int seconds = (int)lround((number - whole) * 86400);
    int days = (int)whole + (seconds == 86400);
    seconds = seconds == 86400 ? 0 : seconds;
    char clock[16];
    g_snprintf(clock, sizeof clock, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
               seconds % 60);
    if (style == STYLE_TIME && days == 0) {
        g_strlcpy(out, clock, 24);
        return true;
    }
    if (!book->from_1904 && (days == 0 || days == 60))
        return false;
    g_autoptr(GDate) date = book->from_1904 ? g_date_new_dmy(1, G_DATE_JANUARY, 1904)
                            : days < 60     ? g_date_new_dmy(31, G_DATE_DECEMBER, 1899)
                                            : g_date_new_dmy(30, G_DATE_DECEMBER, 1899);
    g_date_add_days(date, (guint)days);
    int day = g_date_get_day(date), month = (int)g_date_get_month(date);
    g_snprintf(out, 24, "%04d-%02d-%02d%s%s", g_date_get_year(date), month, day,
               seconds ? " " : "", seconds ? clock : "");
    return true;
}
