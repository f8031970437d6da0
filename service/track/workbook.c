#include "service/track/workbook.h"
#include "service/track/grounds.h"
#include "service/track/papers.h"
#include "service/track/words.h"
#include "service/track/workbook_internal.h"
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

const char *book_say(const struct book *book, const char *code)
{
    return track_word(code, book->wish->chinese);
}

const char *book_named(const struct book *book, const json_t *object)
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
        const char *shown =
            json_is_object(name) ? book_named(book, name) : text_of(paper, "name");
        const json_t *wanted = papers_wanted(book->wish->pack, kind);
        for (size_t k = 0; k < json_array_size(wanted); k++)
            if (g_str_equal(text_of(json_array_get(wanted, k), "paper"),
                            text_of(paper, "paper")))
                shown = book_named(book, json_object_get(json_array_get(wanted, k), "name"));
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
            g_string_append_printf(list, "%s%s", list->len ? " " : "",
                                   book_say(book, marks[i]));
    return g_string_free(list, FALSE);
}

/* What a row is, from the column `from` on. */
static void put_fact(struct book *book, lxw_worksheet *sheet, lxw_row_t at, lxw_col_t from,
                     const char *metric, const json_t *row)
{
    static const char *const members[] = {"key", "label", "whose", "claimed_date"};
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(members); i++)
        sheet_text(book->book, sheet, at, (lxw_col_t)(from + i),
                   track_shown(metric, row, members[i], book->wish->chinese), SHEET_CELL);
}

/* Rows whose metric is a sum say how much each is of it: money, or the staff. */
static bool is_sum(const json_t *item)
{
    return json_is_true(json_object_get(item, "sum"));
}

static lxw_col_t put_amount(struct book *book, const json_t *row, lxw_row_t at,
                            lxw_col_t column)
{
    json_int_t amount = json_integer_value(json_object_get(row, "amount"));
    if (!is_sum(book->item))
        return column;
    if (json_object_get(book->item, "unit"))
        sheet_money(book->book, book->sheet, at, column, amount);
    else
        sheet_number(book->book, book->sheet, at, column, (double)amount);
    return (lxw_col_t)(column + 1);
}

static void put_counted(struct book *book, const json_t *row)
{
    lxw_row_t at = book->row++;
    const char *payee = text_of(row, "payee");
    g_autofree char *recorded = g_strndup(text_of(row, "recorded_at"), 10);
    g_autofree char *marks = marks_of(book, row);
    g_autofree char *grounds = grounds_text(row, book->wish->chinese);
    sheet_number(book->book, book->sheet, at, 0, (double)at - SHEET_HEADS + 1);
    put_fact(book, book->sheet, at, 1, book->metric, row);
    lxw_col_t next = put_amount(book, row, at, 5);
    sheet_text(book->book, book->sheet, at, next++, grounds, SHEET_CELL);
    sheet_text(book->book, book->sheet, at, next++, recorded, SHEET_CELL);
    sheet_text(book->book, book->sheet, at, next++, marks, SHEET_CELL);
    put_papers(book, row, at, next);
    if (*payee)
        json_object_set(book->payees, payee, json_object_get(row, "whose"));
}

static void put_left_out(struct book *book, lxw_worksheet *sheet, lxw_row_t at,
                         const json_t *named_row)
{
    const json_t *row = json_array_get(named_row, 2);
    const json_t *reasons = json_object_get(row, "reasons");
    g_autoptr(GString) why = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(reasons); i++)
        g_string_append_printf(why, "%s%s", i ? "；" : "",
                               book_say(book, json_string_value(json_array_get(reasons, i))));
    const char *decision = text_of(json_object_get(row, "detail"), "decision");
    if (*decision && why->len)
        g_string_append_printf(why, "（%s）", decision);
    sheet_number(book->book, sheet, at, 0, (double)at - SHEET_HEADS + 1);
    sheet_text(book->book, sheet, at, 1, json_string_value(json_array_get(named_row, 1)),
               SHEET_CELL);
    put_fact(book, sheet, at, 2, json_string_value(json_array_get(named_row, 0)), row);
    sheet_text(book->book, sheet, at, 6, why->str, SHEET_CELL);
}

static bool put_row(const json_t *row, void *user, GError **error)
{
    struct book *book = user;
    (void)error;
    if (json_is_true(json_object_get(row, "counted")))
        put_counted(book, row);
    else
        json_array_append_new(book->left_out,
                              json_pack("[s, s, O]", book->metric, book->metric_name, row));
    return true;
}

static const struct sheet_column counted_columns[] = {{"number", 6},
                                                      {"key", 24},
                                                      {"label", 34},
                                                      {"whose", 24},
                                                      {"claimed_date", 11},
                                                      {"grounds", 40},
                                                      {"recorded_at", 11},
                                                      {"marks", 12},
                                                      {"papers_there", 20},
                                                      {"papers_missing", 24},
                                                      {NULL, 0}};
static const struct sheet_column sum_columns[] = {
    {"number", 6},        {"key", 24},          {"label", 34},          {"whose", 26},
    {"claimed_date", 11}, {"value", 12},        {"grounds", 40},        {"recorded_at", 11},
    {"marks", 12},        {"papers_there", 22}, {"papers_missing", 26}, {NULL, 0}};
static const struct sheet_column money_columns[] = {
    {"number", 6},        {"key", 24},          {"label", 24},          {"whose", 26},
    {"claimed_date", 11}, {"amount_yuan", 18},  {"grounds", 40},        {"recorded_at", 11},
    {"marks", 12},        {"papers_there", 22}, {"papers_missing", 26}, {NULL, 0}};
static const struct sheet_column left_columns[] = {
    {"number", 6}, {"metric", 14},       {"key", 24},          {"label", 40},
    {"whose", 26}, {"claimed_date", 11}, {"why_left_out", 34}, {NULL, 0}};

static bool put_metric(struct book *book, const json_t *item, GError **error)
{
    struct figures_request request = {.as_of = text_of(book->wish->document, "as_of"),
                                      .known_at = text_of(book->wish->document, "known_at"),
                                      .today = text_of(book->wish->document, "as_of"),
                                      .agency_id = book->wish->agency_id};
    book->item = item;
    book->metric = text_of(item, "metric");
    book->metric_name = book_named(book, json_object_get(item, "name"));
    g_autofree char *title =
        g_strdup_printf("%s  %s", text_of(book->wish->clause, "id"), book->metric_name);
    book->sheet = sheet_add(book->book, book->metric_name, true);
    sheet_head(book->book, book->sheet, title,
               !is_sum(item)                   ? counted_columns
               : json_object_get(item, "unit") ? money_columns
                                               : sum_columns,
               book->wish->chinese);
    book->row = SHEET_HEADS;
    if (!figures_each(book->wish->db, book->wish->pack, &request, book->metric, put_row, book,
                      error))
        return false;
    if (book->row == SHEET_HEADS)
        sheet_text(book->book, book->sheet, book->row, 0, book_say(book, "no_rows"),
                   SHEET_PLAIN);
    return true;
}

/* ---- The clause's words */

static void put_head(struct book *book, lxw_worksheet *sheet, lxw_row_t row, const char *one,
                     const char *other)
{
    sheet_text(book->book, sheet, row, 0, book_say(book, one), SHEET_HEAD);
    sheet_text(book->book, sheet, row, 1, book_say(book, other), SHEET_HEAD);
}

/* A choice's value, and why it is that: who decided it and from when, or the operating procedures, or what the pack says. */
static char *choice_text(const struct book *book, const json_t *choice)
{
    const json_t *decided = json_object_get(choice, "decided");
    char *value = json_dumps(json_object_get(choice, "value"),
                             JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    char *text;
    if (json_is_true(json_object_get(choice, "overridden")))
        text = g_strdup_printf("%s（%s）", value, book_say(book, "overridden"));
    else if (decided)
        text = g_strdup_printf("%s（%s, %s: %s）", value, text_of(decided, "by"),
                               text_of(decided, "effective"), text_of(decided, "reason"));
    else
        text = g_strdup_printf("%s  %s", value,
                               book_named(book, json_object_get(choice, "reason")));
    free(value);
    return text;
}

static bool is_changed(const json_t *choice)
{
    return json_object_get(choice, "decided") ||
           json_is_true(json_object_get(choice, "overridden"));
}

/* Every choice stands beside the numbers that it makes: those that officials or the procedures changed first. */
static lxw_row_t put_choices(struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                             bool changed)
{
    json_t *choices = json_object_get(json_object_get(book->wish->document, "choices"),
                                      text_of(book->wish->clause, "id"));
    bool headed = false;
    const char *name;
    json_t *choice;
    json_object_foreach(choices, name, choice)
    {
        if (is_changed(choice) != changed)
            continue;
        if (!headed)
            put_head(book, sheet, row++, changed ? "decided_values" : "choice",
                     changed ? "value_and_reason" : "choice_and_reason");
        headed = true;
        g_autofree char *text = choice_text(book, choice);
        sheet_text(book->book, sheet, row, 0, name, SHEET_CELL);
        sheet_text(book->book, sheet, row++, 1, text, SHEET_CELL);
    }
    return headed ? row + 1 : row;
}

static void put_words(struct book *book)
{
    lxw_worksheet *sheet = sheet_add(book->book, book_say(book, "clause_words"), false);
    const json_t *clause = pack_clause(book->wish->pack, text_of(book->wish->clause, "id"));
    lxw_row_t row = 0;
    sheet_columns_of_words(book->book, sheet);
    sheet_merge(book->book, sheet, row++, 0, 1, book_say(book, "clause_words"), SHEET_TITLE);
    sheet_merge(book->book, sheet, row++, 0, 1, text_of(clause, "wording"), SHEET_CELL);
    put_head(book, sheet, ++row, "metric", "definitions");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(clause, "items"), i, item)
    {
        row++;
        sheet_text(book->book, sheet, row, 0, book_named(book, json_object_get(item, "name")),
                   SHEET_CELL);
        sheet_text(book->book, sheet, row, 1,
                   book_named(book, json_object_get(item, "definition")), SHEET_CELL);
    }
    row = put_choices(book, sheet, row + 2, true);
    put_choices(book, sheet, row, false);
}

static void put_all_left_out(struct book *book)
{
    lxw_worksheet *sheet = sheet_add(book->book, book_say(book, "left_out"), true);
    sheet_head(book->book, sheet, book_say(book, "left_out"), left_columns,
               book->wish->chinese);
    for (size_t i = 0; i < json_array_size(book->left_out); i++)
        put_left_out(book, sheet, (lxw_row_t)(SHEET_HEADS + i),
                     json_array_get(book->left_out, i));
}

static bool write_all(struct book *book, GError **error)
{
    lxw_worksheet *cover = sheet_add(book->book, book_say(book, "cover"), false);
    put_words(book);
    const json_t *items = json_object_get(book->wish->clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (!put_metric(book, json_array_get(items, i), error))
            return false;
    cover_put_payees(book);
    put_all_left_out(book);
    return cover_put(book, cover, error);
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
    book.payees = json_object();
    bool written = write_all(&book, error);
    json_decref(book.left_out);
    json_decref(book.payees);
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
