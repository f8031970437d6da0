#include "service/track/workbook.h"
#include "service/common/zone.h"
#include "service/track/papers.h"
#include "service/track/qr.h"
#include "service/track/sheet.h"
#include "service/track/words.h"
#include <stdlib.h>
#include <string.h>

/* What an application is written with. */
struct book {
    const struct workbook_wish *wish;
    struct sheet_book *book;
    json_t *left_out;                 /* [[metric's name, row]]: their sheet stands last */
    const char *metric, *metric_name; /* whose rows come now */
    lxw_worksheet *sheet;
    lxw_row_t row;
    int lacking; /* counted rows with a paper missing */
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const char *say(const struct book *book, const char *code)
{
    return track_word(code, book->wish->chinese);
}

static const char *named(const struct book *book, const json_t *object)
{
    return text_of(object, book->wish->chinese ? "zh" : "en");
}

/* ---- Rows */

/* "contract, invoice" of a list of papers; of those that are there without a name, the file's. */
static char *list_papers(const struct book *book, const json_t *papers, const char *kind)
{
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const json_t *paper = json_array_get(papers, i);
        const json_t *name = json_object_get(paper, "name");
        const char *shown = json_is_object(name) ? named(book, name) : text_of(paper, "name");
        const json_t *wanted = papers_wanted(book->wish->pack, kind);
        for (size_t k = 0; k < json_array_size(wanted); k++)
            if (g_str_equal(text_of(json_array_get(wanted, k), "paper"),
                            text_of(paper, "paper")))
                shown = named(book, json_object_get(json_array_get(wanted, k), "name"));
        g_string_append_printf(list, "%s%s", i ? "；" : "", shown);
    }
    return g_string_free(list, FALSE);
}

static void put_papers(struct book *book, const json_t *row, lxw_row_t at, lxw_col_t column)
{
    const char *kind = papers_kind(book->metric, row);
    json_auto_t *papers = papers_of(book->wish->pack, book->wish->papers,
                                    text_of(row, "agency"), kind, text_of(row, "key"));
    const json_t *missing = json_object_get(papers, "missing");
    g_autofree char *there = list_papers(book, json_object_get(papers, "there"), kind);
    g_autofree char *lacks = list_papers(book, missing, kind);
    book->lacking += json_array_size(missing) > 0;
    sheet_text(book->book, book->sheet, at, column, there, SHEET_CELL);
    sheet_text(book->book, book->sheet, at, (lxw_col_t)(column + 1), lacks, SHEET_WARNING);
}

static char *marks_of(const struct book *book, const json_t *row)
{
    static const char *const marks[] = {"invented", "late", "unknown"};
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (json_is_true(json_object_get(row, marks[i])))
            g_string_append_printf(list, "%s%s", list->len ? " " : "", say(book, marks[i]));
    return g_string_free(list, FALSE);
}

static void put_counted(struct book *book, const json_t *row)
{
    static const char *const members[] = {"key", "label", "whose", "claimed_date"};
    lxw_row_t at = book->row++;
    sheet_number(book->book, book->sheet, at, 0, (double)at - SHEET_HEADS + 1);
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(members); i++)
        sheet_text(book->book, book->sheet, at, (lxw_col_t)(i + 1), text_of(row, members[i]),
                   SHEET_CELL);
    g_autofree char *recorded = g_strndup(text_of(row, "recorded_at"), 10);
    g_autofree char *marks = marks_of(book, row);
    sheet_text(book->book, book->sheet, at, 5, recorded, SHEET_CELL);
    sheet_text(book->book, book->sheet, at, 6, marks, SHEET_CELL);
    put_papers(book, row, at, 7);
}

static void put_left_out(struct book *book, lxw_worksheet *sheet, lxw_row_t at,
                         const json_t *named_row)
{
    const json_t *row = json_array_get(named_row, 1);
    static const char *const members[] = {"key", "label", "whose", "claimed_date"};
    const json_t *reasons = json_object_get(row, "reasons");
    g_autoptr(GString) why = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++)
        g_string_append_printf(why, "%s%s", i ? "；" : "",
                               say(book, json_string_value(json_array_get(reasons, i))));
    const char *decision = text_of(json_object_get(row, "detail"), "decision");
    if (*decision && why->len)
        g_string_append_printf(why, "（%s）", decision);
    sheet_number(book->book, sheet, at, 0, (double)at - SHEET_HEADS + 1);
    sheet_text(book->book, sheet, at, 1, json_string_value(json_array_get(named_row, 0)),
               SHEET_CELL);
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(members); i++)
        sheet_text(book->book, sheet, at, (lxw_col_t)(i + 2), text_of(row, members[i]),
                   SHEET_CELL);
    sheet_text(book->book, sheet, at, 6, why->str, SHEET_CELL);
}

static bool put_row(const json_t *row, void *user, GError **error)
{
    struct book *book = user;
    (void)error;
    if (json_is_true(json_object_get(row, "counted")))
        put_counted(book, row);
    else
        json_array_append_new(book->left_out, json_pack("[s, O]", book->metric_name, row));
    return true;
}

static const struct sheet_column counted_columns[] = {
    {"number", 6}, {"key", 24},          {"label", 40},
    {"whose", 26}, {"claimed_date", 11}, {"recorded_at", 11},
    {"marks", 12}, {"papers_there", 22}, {"papers_missing", 26},
    {NULL, 0}};
static const struct sheet_column left_columns[] = {
    {"number", 6}, {"metric", 14},       {"key", 24},          {"label", 40},
    {"whose", 26}, {"claimed_date", 11}, {"why_left_out", 34}, {NULL, 0}};

static bool put_metric(struct book *book, const json_t *item, GError **error)
{
    struct figures_request request = {.as_of = text_of(book->wish->document, "as_of"),
                                      .known_at = text_of(book->wish->document, "known_at"),
                                      .today = text_of(book->wish->document, "as_of"),
                                      .agency_id = book->wish->agency_id};
    book->metric = text_of(item, "metric");
    book->metric_name = named(book, json_object_get(item, "name"));
    g_autofree char *title =
        g_strdup_printf("%s  %s", text_of(book->wish->clause, "id"), book->metric_name);
    book->sheet = sheet_add(book->book, book->metric_name, true);
    sheet_head(book->book, book->sheet, title, counted_columns, book->wish->chinese);
    book->row = SHEET_HEADS;
    if (!figures_each(book->wish->db, book->wish->pack, &request, book->metric, put_row, book,
                      error))
        return false;
    if (book->row == SHEET_HEADS)
        sheet_text(book->book, book->sheet, book->row, 0, say(book, "no_rows"), SHEET_PLAIN);
    return true;
}

/* ---- Cover */

static void put_pair(struct book *book, lxw_worksheet *cover, lxw_row_t row, const char *code,
                     const char *text)
{
    sheet_text(book->book, cover, row, 0, say(book, code), SHEET_HEAD);
    sheet_merge(book->book, cover, row, 1, 5, text, SHEET_CELL);
}

static lxw_row_t put_figures(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    static const char *const heads[] = {"metric",  "threshold",  "value",
                                        "missing", "met_or_not", "literal"};
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(heads); i++)
        sheet_text(book->book, cover, row, i, say(book, heads[i]), SHEET_HEAD);
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(book->wish->clause, "items"), i, item)
    {
        static const char *const members[] = {"threshold", "value", "missing"};
        row++;
        sheet_text(book->book, cover, row, 0, named(book, json_object_get(item, "name")),
                   SHEET_CELL);
        for (lxw_col_t k = 0; k < (lxw_col_t)G_N_ELEMENTS(members); k++)
            sheet_number(book->book, cover, row, (lxw_col_t)(k + 1),
                         json_number_value(json_object_get(item, members[k])));
        bool met = json_is_true(json_object_get(item, "met"));
        sheet_text(book->book, cover, row, 4, say(book, met ? "met" : "not_met"),
                   met ? SHEET_CELL : SHEET_WARNING);
        sheet_number(book->book, cover, row, 5,
                     json_number_value(json_object_get(item, "literal")));
    }
    return row + 1;
}

static bool put_qr(struct book *book, lxw_worksheet *cover, lxw_row_t row, GError **error)
{
    g_autofree char *text =
        g_strdup_printf("snapshot %s %s", text_of(book->wish->snapshot, "number"),
                        text_of(book->wish->snapshot, "digest"));
    g_autoptr(GBytes) picture = qr_picture(text, 6, error);
    if (!picture)
        return false;
    sheet_picture(book->book, cover, row, 4, picture);
    return true;
}

/* Rows that count, yet lack a paper, are said here: before anyone prints. */
static void put_lacking(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    g_autofree char *text =
        book->lacking ? g_strdup_printf("%s: %d", say(book, "papers_lacking"), book->lacking)
                      : g_strdup(say(book, "papers_whole"));
    sheet_merge(book->book, cover, row, 0, 5, text, book->lacking ? SHEET_WARNING : SHEET_CELL);
}

/* As people of the policy's city write it: "2026-11-26 13:20:49 +08:00". The snapshot has it to the microsecond. */
static char *moment_of(const char *text, const char *zone)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, NULL);
    g_autoptr(GDateTime) there =
        moment ? g_date_time_to_timezone(moment, zone_named(zone)) : NULL;
    return there ? g_date_time_format(there, "%Y-%m-%d %H:%M:%S %:z") : g_strdup(text);
}

static bool put_cover(struct book *book, lxw_worksheet *cover, GError **error)
{
    const struct workbook_wish *wish = book->wish;
    const json_t *issued = json_object_get(wish->document, "issued");
    g_autofree char *policy =
        g_strdup_printf("%s %s", named(book, json_object_get(wish->document, "name")),
                        text_of(issued, "number"));
    g_autofree char *agency = g_strdup_printf(
        "%s（%s）%s", text_of(wish->clause, "agency_name"), text_of(wish->clause, "agency"),
        json_is_true(json_object_get(wish->clause, "agency_invented")) ? say(book, "invented")
                                                                       : "");
    g_autofree char *clause =
        g_strdup_printf("%s  %s", text_of(wish->clause, "id"),
                        named(book, json_object_get(wish->clause, "name")));
    json_int_t fen = json_integer_value(json_object_get(wish->clause, "amount_fen"));
    g_autofree char *state = g_strdup_printf("%s，%" JSON_INTEGER_FORMAT ".%02d %s",
                                             say(book, text_of(wish->clause, "state")),
                                             fen / 100, (int)(fen % 100), say(book, "yuan"));
    g_autofree char *moment =
        moment_of(text_of(wish->document, "known_at"), wish->pack->time_zone);
    g_autofree char *as_of = g_strdup_printf("%s（%s %s）", text_of(wish->document, "as_of"),
                                             say(book, "known_at"), moment);
    g_autofree char *snapshot = g_strdup_printf("%s  %s", text_of(wish->snapshot, "number"),
                                                text_of(wish->snapshot, "digest"));
    const struct {
        const char *code, *text;
    } pairs[] = {{"policy", policy}, {"clause", clause}, {"agency", agency},
                 {"as_of", as_of},   {"state", state},   {"snapshot", snapshot}};
    sheet_columns_of_cover(book->book, cover);
    sheet_merge(book->book, cover, 0, 0, 5, say(book, "application"), SHEET_TITLE);
    lxw_row_t row = 2;
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        put_pair(book, cover, row++, pairs[i].code, pairs[i].text);
    row = put_figures(book, cover, row + 1);
    put_lacking(book, cover, row);
    sheet_box(book->book, cover, row + 2, 0, 1, say(book, "stamp_agency"));
    sheet_box(book->book, cover, row + 2, 2, 3, say(book, "stamp_official"));
    return put_qr(book, cover, row + 2, error);
}

/* ---- The clause's words */

static void put_head(struct book *book, lxw_worksheet *sheet, lxw_row_t row, const char *one,
                     const char *other)
{
    sheet_text(book->book, sheet, row, 0, say(book, one), SHEET_HEAD);
    sheet_text(book->book, sheet, row, 1, say(book, other), SHEET_HEAD);
}

/* What officials decided on the clause's parameters, each with who, from when and why. */
static void put_decided(struct book *book, lxw_worksheet *sheet, lxw_row_t row)
{
    json_t *choices = json_object_get(json_object_get(book->wish->document, "choices"),
                                      text_of(book->wish->clause, "id"));
    bool headed = false;
    const char *name;
    json_t *choice;
    json_object_foreach(choices, name, choice)
    {
        const json_t *decided = json_object_get(choice, "decided");
        if (!decided)
            continue;
        char *value = json_dumps(json_object_get(choice, "value"),
                                 JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        g_autofree char *why =
            g_strdup_printf("%s（%s, %s: %s）", value, text_of(decided, "by"),
                            text_of(decided, "effective"), text_of(decided, "reason"));
        if (!headed)
            put_head(book, sheet, row++, "decided_values", "value_and_reason");
        headed = true;
        sheet_text(book->book, sheet, row, 0, name, SHEET_CELL);
        sheet_text(book->book, sheet, row++, 1, why, SHEET_CELL);
        free(value);
    }
}

static void put_words(struct book *book)
{
    lxw_worksheet *sheet = sheet_add(book->book, say(book, "clause_words"), false);
    const json_t *clause = pack_clause(book->wish->pack, text_of(book->wish->clause, "id"));
    lxw_row_t row = 0;
    sheet_columns_of_words(book->book, sheet);
    sheet_merge(book->book, sheet, row++, 0, 1, say(book, "clause_words"), SHEET_TITLE);
    sheet_merge(book->book, sheet, row++, 0, 1, text_of(clause, "wording"), SHEET_CELL);
    put_head(book, sheet, ++row, "metric", "definitions");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(clause, "items"), i, item)
    {
        row++;
        sheet_text(book->book, sheet, row, 0, named(book, json_object_get(item, "name")),
                   SHEET_CELL);
        sheet_text(book->book, sheet, row, 1, named(book, json_object_get(item, "definition")),
                   SHEET_CELL);
    }
    put_decided(book, sheet, row + 2);
}

static void put_all_left_out(struct book *book)
{
    lxw_worksheet *sheet = sheet_add(book->book, say(book, "left_out"), true);
    sheet_head(book->book, sheet, say(book, "left_out"), left_columns, book->wish->chinese);
    for (size_t i = 0; i < json_array_size(book->left_out); i++)
        put_left_out(book, sheet, (lxw_row_t)(SHEET_HEADS + i),
                     json_array_get(book->left_out, i));
}

static bool write_all(struct book *book, GError **error)
{
    lxw_worksheet *cover = sheet_add(book->book, say(book, "cover"), false);
    put_words(book);
    const json_t *items = json_object_get(book->wish->clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (!put_metric(book, json_array_get(items, i), error))
            return false;
    put_all_left_out(book);
    return put_cover(book, cover, error);
}

bool workbook_application(const char *path, const struct workbook_wish *wish, GError **error)
{
    g_autofree char *footer =
        g_strdup_printf(wish->chinese ? "快照 %s  SHA-256 %s" : "snapshot %s  SHA-256 %s",
                        text_of(wish->snapshot, "number"), text_of(wish->snapshot, "digest"));
    struct book book = {.wish = wish, .book = sheet_open(path, footer, wish->chinese, error)};
    if (!book.book)
        return false;
    book.left_out = json_array();
    bool written = write_all(&book, error);
    json_decref(book.left_out);
    return sheet_close(book.book, path, written ? error : NULL) && written;
}

bool workbook_list(const char *path, const char *name, const struct workbook_column *columns,
                   const json_t *rows, GError **error)
{
    struct sheet_book *book = sheet_open(path, name, true, error);
    if (!book)
        return false;
    lxw_worksheet *sheet = sheet_add(book, name, true);
    sheet_text(book, sheet, 0, 0, name, SHEET_PLAIN);
    for (lxw_col_t i = 0; columns[i].title; i++) {
        sheet_width(book, sheet, i, columns[i].width);
        sheet_text(book, sheet, SHEET_HEADS - 1, i, columns[i].title, SHEET_HEAD);
        for (size_t k = 0; k < json_array_size(rows); k++)
            sheet_value(book, sheet, (lxw_row_t)(SHEET_HEADS + k), i,
                        json_object_get(json_array_get(rows, k), columns[i].member));
    }
    sheet_print_heads(sheet);
    return sheet_close(book, path, error);
}
