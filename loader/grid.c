#include "loader/grid.h"
#include "loader/reader.h"
#include "loader/split.h"
#include "loader/xml.h"
#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = 2 << 20, ROW_TEXT_MAX = 64 << 20 };

struct grid {
    struct xml *xml;
    char *what; /* "sheet 'Sheet1'" */
    GArray *merged;
    GPtrArray *rows; /* struct grid_row *: of the last piece; the first `ready` are whole */
    guint ready, given;
    struct grid_row *row; /* being read, or NULL */
    bool in_data, in_cell, in_value, in_text, in_phonetic, has_formula, has_value, ended;
    struct grid_cell cell;
    int64_t last_row;
    const char *wrong; /* what is wrong with the sheet */
};

/* ---- merged ranges, by a search for their elements in the bytes */

static bool read_reference(const char *text, int *row, int *column, const char **end)
{
    long letters = 0, digits;
    char *rest;
    while (*text == '$')
        text++;
    for (; g_ascii_isalpha(*text) && letters < 1000000; text++)
        letters = letters * 26 + (g_ascii_toupper(*text) - 'A' + 1);
    while (*text == '$')
        text++;
    digits = g_ascii_isdigit(*text) ? strtol(text, &rest, 10) : 0;
    if (digits < 1 || digits > GRID_ROWS || letters < 1 || letters > GRID_COLUMNS)
        return false;
    *row = (int)digits - 1;
    *column = (int)letters - 1;
    *end = rest;
    return true;
}

static void take_range(GArray *merged, const char *text)
{
    struct grid_range range;
    if (merged->len >= RANGES_MAX || !read_reference(text, &range.top, &range.left, &text) ||
        *text++ != ':' || !read_reference(text, &range.bottom, &range.right, &text))
        return;
    if (range.bottom >= range.top && range.right >= range.left)
        g_array_append_val(merged, range);
}

/* `<mergeCell ref="A1:B2"/>`, whatever its prefix. What is cut by the end of the piece is left for the next: gives how
 * many bytes are done with. */
static size_t take_ranges(GArray *merged, const char *piece, size_t len)
{
    static const char name[] = "mergeCell";
    const char *at = piece, *end = piece + len;
    while ((at = memmem(at, (size_t)(end - at), name, sizeof name - 1)) != NULL) {
        const char *close = memchr(at, '>', (size_t)(end - at));
        if (!close)
            return (size_t)(at - piece);
        g_autofree char *inner =
            g_strndup(at + sizeof name - 1, (gsize)(close - at) - sizeof name + 1);
        const char *ref = *inner != 's' ? strstr(inner, "ref=") : NULL;
        if (ref && ref[4] != '\0')
            take_range(merged, ref + 5);
        at = close;
    }
    return len > sizeof name ? len - sizeof name : 0;
}

static gint compare_ranges(gconstpointer a, gconstpointer b)
{
    const struct grid_range *x = a, *y = b;
    return x->top != y->top ? (x->top < y->top ? -1 : 1) : x->left - y->left;
}

static bool find_merged(struct grid *sheet, struct part *part, GError **error)
{
    enum { PIECE = 256 * 1024, CUT = 4096 };
    g_autoptr(part_t) own = part;
    g_autofree char *piece = g_malloc(PIECE);
    size_t held = 0;
    ssize_t got;
    while ((got = part_read(own, piece + held, PIECE - held, error)) > 0) {
        size_t len = held + (size_t)got;
        size_t done = take_ranges(sheet->merged, piece, len);
        held = MIN(len - done, (size_t)CUT);
        memmove(piece, piece + len - held, held);
    }
    g_array_sort(sheet->merged, compare_ranges);
    return got == 0;
}

/* ---- rows, as the XML comes */

static struct grid_row *row_new(struct grid *sheet)
{
    if (sheet->ready < sheet->rows->len) {
        struct grid_row *row = sheet->rows->pdata[sheet->ready];
        g_array_set_size(row->cells, 0);
        g_string_truncate(row->text, 0);
        return row;
    }
    struct grid_row *row = g_new0(struct grid_row, 1);
    row->cells = g_array_new(FALSE, FALSE, sizeof(struct grid_cell));
    row->text = g_string_new(NULL);
    g_ptr_array_add(sheet->rows, row);
    return row;
}

static void row_free(gpointer data)
{
    struct grid_row *row = data;
    g_array_unref(row->cells);
    g_string_free(row->text, TRUE);
    g_free(row);
}

static void begin_row(struct grid *sheet, const struct xml_attributes *attributes)
{
    const char *number = xml_attribute(attributes, "r");
    int64_t row = number ? g_ascii_strtoll(number, NULL, 10) : sheet->last_row + 1;
    if (row <= sheet->last_row || row > GRID_ROWS)
        sheet->wrong = "its rows are not in order";
    sheet->last_row = row;
    sheet->row = row_new(sheet);
    sheet->row->number = row;
    const char *hidden = xml_attribute(attributes, "hidden");
    sheet->row->hidden = hidden && (*hidden == '1' || *hidden == 't');
}

static enum grid_value value_of(const char *type)
{
    static const struct {
        const char *name;
        enum grid_value value;
    } types[] = {{"s", GRID_SHARED},  {"str", GRID_TEXT}, {"inlineStr", GRID_TEXT},
                 {"b", GRID_BOOLEAN}, {"e", GRID_ERROR},  {"d", GRID_TEXT}};
    for (size_t i = 0; type && i < G_N_ELEMENTS(types); i++)
        if (strcmp(type, types[i].name) == 0)
            return types[i].value;
    return GRID_NUMBER;
}

static void begin_cell(struct grid *sheet, const struct xml_attributes *attributes)
{
    const GArray *cells = sheet->row->cells;
    int last = cells->len ? g_array_index(cells, struct grid_cell, cells->len - 1).column : -1;
    int row, column = last + 1;
    const char *reference = xml_attribute(attributes, "r"), *end;
    if (reference && !read_reference(reference, &row, &column, &end))
        sheet->wrong = "a cell stands outside of any sheet";
    if (column <= last || column >= GRID_COLUMNS)
        sheet->wrong = "the cells of a row are not in order";
    const char *type = xml_attribute(attributes, "t");
    enum grid_value value = value_of(type);
    const char *style = xml_attribute(attributes, "s");
    sheet->cell = (struct grid_cell){.column = column,
                                     .value = value,
                                     .style = style ? strtoul(style, NULL, 10) : 0,
                                     .offset = sheet->row->text->len};
    sheet->in_cell = true;
    sheet->has_formula = sheet->has_value = false;
}

static void on_begin(void *user, const char *name, const struct xml_attributes *attributes)
{
    struct grid *sheet = user;
    if (strcmp(name, "sheetData") == 0)
        sheet->in_data = true;
    else if (sheet->in_data && strcmp(name, "row") == 0)
        begin_row(sheet, attributes);
    else if (sheet->row && strcmp(name, "c") == 0)
        begin_cell(sheet, attributes);
    if (!sheet->in_cell)
        return;
    sheet->in_value = strcmp(name, "v") == 0;
    sheet->has_value = sheet->has_value || sheet->in_value;
    sheet->has_formula = sheet->has_formula || strcmp(name, "f") == 0;
    sheet->in_phonetic = sheet->in_phonetic || strcmp(name, "rPh") == 0;
    sheet->in_text = strcmp(name, "t") == 0 && !sheet->in_phonetic;
    sheet->has_value = sheet->has_value || strcmp(name, "is") == 0;
}

static void on_text(void *user, const char *text, size_t len)
{
    struct grid *sheet = user;
    if (!sheet->in_cell || !(sheet->in_value || sheet->in_text))
        return;
    GString *to = sheet->row->text;
    size_t own = to->len - sheet->cell.offset;
    size_t room = own > CELL_MAX_BYTES || to->len > ROW_TEXT_MAX ? 0 : len;
    g_string_append_len(to, text, (gssize)room);
}

static void end_cell(struct grid *sheet)
{
    GString *text = sheet->row->text;
    sheet->in_cell = false;
    if (text->len ==
        sheet->cell.offset) { /* a formula may give an empty text, but no empty number */
        bool open =
            sheet->has_formula && (!sheet->has_value || sheet->cell.value == GRID_NUMBER);
        sheet->cell.value = open ? GRID_UNCALCULATED : GRID_EMPTY;
    }
    if (sheet->cell.value == GRID_EMPTY)
        return;
    g_string_append_c(text, '\0');
    g_array_append_val(sheet->row->cells, sheet->cell);
}

static void on_end(void *user, const char *name)
{
    struct grid *sheet = user;
    sheet->in_value = sheet->in_text = false;
    if (strcmp(name, "rPh") == 0)
        sheet->in_phonetic = false;
    if (sheet->in_cell && strcmp(name, "c") == 0)
        end_cell(sheet);
    if (strcmp(name, "sheetData") == 0)
        sheet->in_data = false;
    if (!sheet->row || strcmp(name, "row") != 0)
        return;
    sheet->row = NULL;
    sheet->ready++;
}

/* ---- opening and walking */

struct grid *grid_open(struct book *workbook, const struct book_sheet *about, bool merged,
                       GError **error)
{
    static const struct xml_events events = {on_begin, on_end, on_text};
    g_autoptr(grid_t) sheet = g_new0(struct grid, 1);
    sheet->what = g_strdup_printf("sheet '%s'", about->name);
    sheet->merged = g_array_new(FALSE, FALSE, sizeof(struct grid_range));
    sheet->rows = g_ptr_array_new_with_free_func(row_free);
    struct part *part =
        merged ? package_part(book_package(workbook), about->part, error) : NULL;
    if (merged && (!part || !find_merged(sheet, part, error)))
        return NULL;
    part = package_part(book_package(workbook), about->part, error);
    if (!part)
        return NULL;
    sheet->xml = xml_open(part, sheet->what, &events, sheet);
    return g_steal_pointer(&sheet);
}

void grid_close(struct grid *sheet)
{
    if (!sheet)
        return;
    xml_close(sheet->xml);
    g_ptr_array_unref(sheet->rows);
    g_array_unref(sheet->merged);
    g_free(sheet->what);
    g_free(sheet);
}

const GArray *grid_merged(const struct grid *sheet)
{
    return sheet->merged;
}

/* The row that the last piece cut goes to the front; the others are free again. */
static void begin_piece(struct grid *sheet)
{
    if (sheet->row) {
        g_assert(sheet->rows->pdata[sheet->ready] == sheet->row);
        sheet->rows->pdata[sheet->ready] = sheet->rows->pdata[0];
        sheet->rows->pdata[0] = sheet->row;
    }
    sheet->ready = sheet->given = 0;
}

const struct grid_row *grid_next(struct grid *sheet, GError **error)
{
    while (sheet->given == sheet->ready) {
        if (sheet->ended)
            return NULL;
        begin_piece(sheet);
        enum xml_step step = xml_next(sheet->xml, error);
        if (step == XML_FAILED)
            return NULL;
        sheet->ended = step == XML_END;
        if (!sheet->wrong)
            continue;
        g_set_error(
            error, LOADER_ERROR, LOADER_ERROR_FORMAT,
            "%s is damaged: %s; save the workbook again / 工作表已损坏，请重新保存工作簿",
            sheet->what, sheet->wrong);
        return NULL;
    }
    return sheet->rows->pdata[sheet->given++];
}
