#include "service/common/zone.h"
#include "service/track/papers.h"
#include "service/track/qr.h"
#include "service/track/words.h"
#include "service/track/workbook_internal.h"
#include <string.h>

enum { LAST = 5 }; /* the cover's last column */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static char *yuan(const struct book *book, json_int_t fen)
{
    return g_strdup_printf("%" JSON_INTEGER_FORMAT ".%02d %s", fen / 100, (int)(fen % 100),
                           book_say(book, "yuan"));
}

static void put_heads(struct book *book, lxw_worksheet *cover, lxw_row_t row,
                      const char *const *heads)
{
    for (lxw_col_t i = 0; heads[i]; i++)
        sheet_text(book->book, cover, row, i, book_say(book, heads[i]), SHEET_HEAD);
}

static void put_state(struct book *book, lxw_worksheet *cover, lxw_row_t row, lxw_col_t column,
                      const json_t *of)
{
    const char *state = text_of(of, "state");
    sheet_text(book->book, cover, row, column, book_say(book, state),
               g_str_equal(state, "met") ? SHEET_CELL : SHEET_WARNING);
}

/* ---- What it is about */

/* Nobody stamps the figures of a policy that has ended, or that is a template, without having read that it is. */
static lxw_row_t put_banner(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    const json_t *document = book->wish->document,
                 *banner = json_object_get(document, "banner"),
                 *window = json_object_get(document, "window");
    if (json_is_object(banner))
        sheet_merge(book->book, cover, row++, 0, LAST, book_named(book, banner), SHEET_WARNING);
    if (json_is_true(json_object_get(window, "ended")))
        sheet_merge(book->book, cover, row++, 0, LAST,
                    book_say(book, track_ended_word(document)), SHEET_WARNING);
    return row;
}

static void put_pair(struct book *book, lxw_worksheet *cover, lxw_row_t row, const char *code,
                     const char *text)
{
    sheet_text(book->book, cover, row, 0, book_say(book, code), SHEET_HEAD);
    sheet_merge(book->book, cover, row, 1, LAST, text, SHEET_CELL);
}

/* As people of the policy's city write it: "2026-11-26 13:20:49 +08:00". The snapshot has it to the microsecond. */
static char *moment_of(const char *text, const char *zone)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, NULL);
    g_autoptr(GDateTime) there =
        moment ? g_date_time_to_timezone(moment, zone_named(zone)) : NULL;
    return there ? g_date_time_format(there, "%Y-%m-%d %H:%M:%S %:z") : g_strdup(text);
}

static char *policy_text(const struct book *book)
{
    const json_t *document = book->wish->document;
    return g_strdup_printf("%s %s", book_named(book, json_object_get(document, "name")),
                           text_of(json_object_get(document, "issued"), "number"));
}

/* Which text the figures come from: its version and digest, and who signed it off. */
static char *pack_text(const struct book *book)
{
    const json_t *document = book->wish->document,
                 *signed_off = json_object_get(document, "signed_off");
    bool is_signed = json_is_object(signed_off);
    return g_strdup_printf("%s %s %" JSON_INTEGER_FORMAT "  SHA-256 %s  %s%s%s",
                           text_of(document, "policy"), book_say(book, "version"),
                           number_of(document, "version"), text_of(document, "digest"),
                           book_say(book, is_signed ? "signed_off" : "not_signed_off"),
                           is_signed ? " " : "", is_signed ? text_of(signed_off, "by") : "");
}

static char *agency_text(const struct book *book)
{
    const json_t *clause = book->wish->clause;
    bool invented = json_is_true(json_object_get(clause, "agency_invented"));
    return g_strdup_printf("%s（%s）%s", text_of(clause, "agency_name"),
                           text_of(clause, "agency"),
                           invented ? book_say(book, "invented") : "");
}

static char *clause_text(const struct book *book)
{
    return g_strdup_printf("%s  %s", text_of(book->wish->clause, "id"),
                           book_named(book, json_object_get(book->wish->clause, "name")));
}

static char *as_of_text(const struct book *book)
{
    const json_t *document = book->wish->document;
    g_autofree char *moment =
        moment_of(text_of(document, "known_at"), book->wish->pack->time_zone);
    return g_strdup_printf("%s（%s %s）", text_of(document, "as_of"),
                           book_say(book, "known_at"), moment);
}

static char *state_text(const struct book *book)
{
    const json_t *clause = book->wish->clause;
    g_autofree char *amount = yuan(book, number_of(clause, "amount_fen"));
    g_autofree char *award = yuan(book, number_of(clause, "award_fen"));
    g_autofree char *whole = g_strdup_printf("（%s %s）", book_say(book, "award"), award);
    return g_strdup_printf("%s，%s%s", book_say(book, text_of(clause, "state")), amount,
                           json_object_get(clause, "award_fen") ? whole : "");
}

static char *snapshot_text(const struct book *book)
{
    return g_strdup_printf("%s  %s", text_of(book->wish->snapshot, "number"),
                           text_of(book->wish->snapshot, "digest"));
}

static lxw_row_t put_pairs(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    static const struct {
        const char *code;
        char *(*text)(const struct book *);
    } pairs[] = {{"policy", policy_text},    {"pack", pack_text},   {"clause", clause_text},
                 {"agency", agency_text},    {"as_of", as_of_text}, {"state", state_text},
                 {"snapshot", snapshot_text}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *text = pairs[i].text(book);
        put_pair(book, cover, row++, pairs[i].code, text);
    }
    return row;
}

/* ---- Figures */

static void put_value(struct book *book, lxw_worksheet *cover, lxw_row_t row, lxw_col_t column,
                      const json_t *item, const char *member)
{
    if (json_object_get(item, "unit"))
        sheet_money(book->book, cover, row, column, number_of(item, member));
    else
        sheet_number(book->book, cover, row, column, (double)number_of(item, member));
}

/* "transaction amount 2025 (yuan)": of what is reckoned by the year, the best one is shown. */
static char *item_name(const struct book *book, const json_t *item)
{
    json_int_t year = number_of(item, "year");
    g_autofree char *of_year = g_strdup_printf(" %" JSON_INTEGER_FORMAT, year);
    bool money = json_object_get(item, "unit") != NULL;
    return g_strdup_printf("%s%s%s%s%s", book_named(book, json_object_get(item, "name")),
                           year ? of_year : "", money ? "（" : "",
                           money ? book_say(book, "yuan") : "", money ? "）" : "");
}

static lxw_row_t put_figures(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    static const char *const heads[] = {"metric",     "threshold", "value", "missing",
                                        "met_or_not", "literal",   NULL};
    put_heads(book, cover, row, heads);
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(book->wish->clause, "items"), i, item)
    {
        static const char *const members[] = {"threshold", "value", "missing"};
        g_autofree char *name = item_name(book, item);
        row++;
        sheet_text(book->book, cover, row, 0, name, SHEET_CELL);
        for (lxw_col_t k = 0; k < (lxw_col_t)G_N_ELEMENTS(members); k++)
            put_value(book, cover, row, (lxw_col_t)(k + 1), item, members[k]);
        put_state(book, cover, row, 4, item);
        put_value(book, cover, row, 5, item, "literal");
    }
    return row + 1;
}

/* A year's value is that of the metric that the award is reckoned from, in fen. */
static lxw_row_t put_years(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    static const char *const heads[] = {"year",       "value_yuan",  "state", "capped",
                                        "award_yuan", "upper_grant", NULL};
    const json_t *years = json_object_get(book->wish->clause, "years");
    if (json_array_size(years) == 0)
        return row;
    put_heads(book, cover, ++row, heads);
    for (size_t i = 0; i < json_array_size(years); i++) {
        const json_t *year = json_array_get(years, i);
        bool capped = json_is_true(json_object_get(year, "capped"));
        g_autofree char *name =
            g_strdup_printf("%" JSON_INTEGER_FORMAT, number_of(year, "year"));
        row++;
        sheet_text(book->book, cover, row, 0, name, SHEET_CELL);
        sheet_money(book->book, cover, row, 1, number_of(year, "value"));
        put_state(book, cover, row, 2, year);
        sheet_text(book->book, cover, row, 3, book_say(book, capped ? "yes" : "no"),
                   SHEET_CELL);
        sheet_money(book->book, cover, row, 4, number_of(year, "amount_fen"));
        sheet_money(book->book, cover, row, 5, number_of(year, "upper_grant_fen"));
    }
    return row + 1;
}

static lxw_row_t put_parts(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    static const char *const heads[] = {"part", "award_yuan", "state", NULL};
    const json_t *parts = json_object_get(book->wish->clause, "parts");
    if (json_array_size(parts) == 0)
        return row;
    put_heads(book, cover, ++row, heads);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        row++;
        sheet_text(book->book, cover, row, 0, book_named(book, json_object_get(part, "name")),
                   SHEET_CELL);
        sheet_money(book->book, cover, row, 1, number_of(part, "award_fen"));
        put_state(book, cover, row, 2, part);
    }
    return row + 1;
}

/* ---- What must not be overlooked */

static void put_note(struct book *book, lxw_worksheet *cover, lxw_row_t row, const char *text,
                     bool warns)
{
    sheet_merge(book->book, cover, row, 0, LAST, text, warns ? SHEET_WARNING : SHEET_CELL);
}

static lxw_row_t put_unsaid(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    const json_t *unsaid = json_object_get(book->wish->clause, "undetermined");
    for (size_t i = 0; i < json_array_size(unsaid); i++) {
        g_autofree char *text =
            g_strdup_printf("%s: %s", book_say(book, "unsaid"),
                            book_say(book, json_string_value(json_array_get(unsaid, i))));
        put_note(book, cover, row++, text, true);
    }
    return row;
}

/* Contracts that other clauses count, too: the clause's, so each of its items has the same. */
static lxw_row_t put_overlap(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    json_t *count, *items = json_object_get(book->wish->clause, "items");
    const char *other;
    json_object_foreach(json_object_get(json_array_get(items, 0), "overlap"), other, count)
    {
        g_autofree char *text =
            g_strdup_printf("%s %s: %" JSON_INTEGER_FORMAT, book_say(book, "overlap"), other,
                            json_integer_value(count));
        put_note(book, cover, row++, text, false);
    }
    return row;
}

/* Whether the pack names papers for what the clause counts; of pushes those declared need some. */
static bool asks_papers(const struct book *book)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(book->wish->clause, "items"), i, item)
    {
        const char *metric = text_of(item, "metric");
        const char *kind =
            g_str_equal(metric, "pushes") ? "declared_push" : papers_kind(metric, NULL);
        if (json_array_size(papers_wanted(book->wish->pack, kind)) > 0)
            return true;
    }
    return false;
}

/* Rows that count, yet lack a paper, are said here: before anyone prints. */
static lxw_row_t put_lacking(struct book *book, lxw_worksheet *cover, lxw_row_t row)
{
    const char *word = book->lacking       ? "papers_lacking"
                       : asks_papers(book) ? "papers_whole"
                                           : "papers_not_asked";
    g_autofree char *text = book->lacking
                                ? g_strdup_printf("%s: %d", book_say(book, word), book->lacking)
                                : g_strdup(book_say(book, word));
    put_note(book, cover, row, text, book->lacking > 0);
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

bool cover_put(struct book *book, lxw_worksheet *cover, GError **error)
{
    sheet_columns_of_cover(book->book, cover);
    sheet_merge(book->book, cover, 0, 0, LAST, book_say(book, "application"), SHEET_TITLE);
    lxw_row_t row = put_banner(book, cover, 1);
    row = put_pairs(book, cover, row + 1);
    row = put_figures(book, cover, row + 1);
    row = put_years(book, cover, row);
    row = put_parts(book, cover, row);
    row = put_unsaid(book, cover, row + 1);
    row = put_overlap(book, cover, row);
    row = put_lacking(book, cover, row);
    sheet_box(book->book, cover, row + 1, 0, 1, book_say(book, "stamp_agency"));
    sheet_box(book->book, cover, row + 1, 2, 3, book_say(book, "stamp_official"));
    return put_qr(book, cover, row + 1, error);
}

/* ---- Who is paid where that is not the agency */

static const struct sheet_column payee_columns[] = {
    {"number", 6},     {"payee", 12},      {"key", 24},   {"whose", 40}, {"year", 8},
    {"base_yuan", 18}, {"award_yuan", 18}, {"capped", 8}, {NULL, 0}};

static void put_payee(struct book *book, lxw_worksheet *sheet, lxw_row_t at, const json_t *one)
{
    const char *key = text_of(one, "key");
    bool capped = json_is_true(json_object_get(one, "capped"));
    g_autofree char *year = g_strdup_printf("%" JSON_INTEGER_FORMAT, number_of(one, "year"));
    const char *const texts[] = {book_say(book, text_of(one, "kind")), key,
                                 text_of(book->payees, key), year};
    sheet_number(book->book, sheet, at, 0, (double)at - SHEET_HEADS + 1);
    for (lxw_col_t i = 0; i < (lxw_col_t)G_N_ELEMENTS(texts); i++)
        sheet_text(book->book, sheet, at, (lxw_col_t)(i + 1), texts[i], SHEET_CELL);
    sheet_money(book->book, sheet, at, 5, number_of(one, "base_fen"));
    sheet_money(book->book, sheet, at, 6, number_of(one, "amount_fen"));
    sheet_text(book->book, sheet, at, 7, book_say(book, capped ? "yes" : "no"), SHEET_CELL);
}

void cover_put_payees(struct book *book)
{
    const json_t *list = json_object_get(book->wish->clause, "beneficiaries");
    if (json_array_size(list) == 0)
        return;
    g_autofree char *title =
        g_strdup_printf("%s  %s", text_of(book->wish->clause, "id"), book_say(book, "payee"));
    lxw_worksheet *sheet = sheet_add(book->book, book_say(book, "payee"), true);
    sheet_head(book->book, sheet, title, payee_columns, book->wish->chinese);
    for (size_t i = 0; i < json_array_size(list); i++)
        put_payee(book, sheet, (lxw_row_t)(SHEET_HEADS + i), json_array_get(list, i));
}
