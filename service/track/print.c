#include "service/track/print.h"
#include "service/track/table.h"
#include "service/track/words.h"
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const char *both_of(const json_t *object, const char *name, bool chinese)
{
    return text_of(json_object_get(object, name), chinese ? "zh" : "en");
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* "-12.05" */
static char *yuan(json_int_t fen)
{
    json_int_t size = fen < 0 ? -fen : fen;
    return g_strdup_printf("%s%" JSON_INTEGER_FORMAT ".%02d", fen < 0 ? "-" : "", size / 100,
                           (int)(size % 100));
}

static void cell_number(struct table *table, const json_t *object, const char *name,
                        bool is_fen)
{
    json_int_t number = number_of(object, name);
    g_autofree char *text =
        is_fen ? yuan(number) : g_strdup_printf("%" JSON_INTEGER_FORMAT, number);
    table_cell(table, text);
}

static char *money(json_int_t fen, bool chinese)
{
    g_autofree char *number = yuan(fen);
    return g_strdup_printf("%s %s", number, track_word("yuan", chinese));
}

/* ---- The head: which policy, which day, and what must not be overlooked */

static void put_banners(const json_t *document, bool chinese, GString *out)
{
    if (json_is_object(json_object_get(document, "banner")))
        g_string_append_printf(out, "*** %s ***\n", both_of(document, "banner", chinese));
    if (json_is_true(json_object_get(json_object_get(document, "window"), "ended")))
        g_string_append_printf(out, "*** %s ***\n",
                               track_word(track_ended_word(document), chinese));
}

/* "4.2/need_text_min = 12 (陈科, 2025-06-30: why)" for each: a figure says which parameters were decided. */
static void put_decided(const json_t *document, bool chinese, GString *out)
{
    const json_t *list = json_object_get(document, "decided");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *clause = text_of(one, "clause");
        char *value = json_dumps(json_object_get(one, "value"),
                                 JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        bool late = json_is_true(json_object_get(one, "late"));
        g_string_append_printf(out, "%s %s%s%s = %s (%s, %s: %s)%s%s\n",
                               track_word("decided", chinese), clause, *clause ? "/" : "",
                               text_of(one, "name"), value, text_of(one, "by"),
                               text_of(one, "effective"), text_of(one, "reason"),
                               late ? ", " : "", late ? track_word("late", chinese) : "");
        free(value);
    }
}

/* Whether an official has signed the pack off, as `policy sign` promises that figures say. */
static void put_signed(const json_t *document, bool chinese, GString *out)
{
    const json_t *signed_off = json_object_get(document, "signed_off");
    g_autofree char *day = g_strndup(text_of(signed_off, "at"), strlen("2026-03-01"));
    if (json_is_object(signed_off))
        g_string_append_printf(out, "%s %s, %s\n", track_word("signed_off", chinese),
                               text_of(signed_off, "by"), day);
    else
        g_string_append_printf(out, "%s\n", track_word("not_signed_off", chinese));
}

static void put_head(const json_t *document, bool chinese, GString *out)
{
    const json_t *window = json_object_get(document, "window"),
                 *issued = json_object_get(document, "issued");
    const char *to = text_of(window, "to"), *number = text_of(issued, "number");
    g_string_append(out, both_of(document, "name", chinese));
    g_string_append_printf(out, "%s%s  [%s %s %" JSON_INTEGER_FORMAT "]\n", *number ? "  " : "",
                           number, text_of(document, "policy"), track_word("version", chinese),
                           json_integer_value(json_object_get(document, "version")));
    put_banners(document, chinese, out);
    g_string_append_printf(out, "%s %s, %s %s, %s %s %s %s\n", track_word("as_of", chinese),
                           text_of(document, "as_of"), track_word("known_at", chinese),
                           text_of(document, "known_at"), track_word("window", chinese),
                           text_of(window, "from"), track_word("to", chinese),
                           *to ? to : track_word("open_window", chinese));
    put_signed(document, chinese, out);
    put_decided(document, chinese, out);
}

/* ---- Figures */

static char *reasons_text(json_t *left_out, bool chinese)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *reason;
    json_t *count;
    json_object_foreach(left_out, reason, count)
        g_string_append_printf(text, "%s%s %" JSON_INTEGER_FORMAT, text->len ? ", " : "",
                               track_word(reason, chinese), json_integer_value(count));
    return g_strdup(text->str);
}

/* The first four are in the item's unit, the others are rows. */
static const char *const numbers[] = {"value",    "threshold", "missing", "literal",
                                      "invented", "late",      "unknown"};
enum { IN_UNIT = 4 };

static void put_items(const json_t *items, bool chinese, GString *out)
{
    struct table *table = table_new("lrrrrrrrll");
    table_cell(table, track_word("metric", chinese));
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        table_cell(table, track_word(numbers[i], chinese));
    table_cell(table, track_word("met", chinese));
    table_cell(table, track_word("left_out", chinese));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        g_autofree char *reasons = reasons_text(json_object_get(item, "left_out"), chinese);
        table_cell(table, both_of(item, "name", chinese));
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++)
            cell_number(table, item, numbers[n], n < IN_UNIT && json_object_get(item, "unit"));
        table_cell(table, track_word(text_of(item, "state"), chinese));
        table_cell(table, reasons);
    }
    table_end(table, "  ", out);
}

/* What stands beside the items: needs still open, contracts that other clauses count, too, what nobody recorded. */
static void put_beside(const json_t *clause, bool chinese, GString *out)
{
    const json_t *items = json_object_get(clause, "items"),
                 *unsaid = json_object_get(clause, "undetermined");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        json_t *overlap = json_object_get(item, "overlap"), *count;
        const char *other;
        if (json_object_get(item, "open"))
            g_string_append_printf(out, "  %s: %" JSON_INTEGER_FORMAT "\n",
                                   track_word("open_needs", chinese), number_of(item, "open"));
        if (i > 0) /* the overlap is the clause's: said once */
            overlap = NULL;
        json_object_foreach(overlap, other, count) g_string_append_printf(
            out, "  %s %s: %" JSON_INTEGER_FORMAT "\n", track_word("overlap", chinese), other,
            json_integer_value(count));
    }
    for (size_t i = 0; i < json_array_size(unsaid); i++)
        g_string_append_printf(
            out, "  %s: %s\n", track_word("unsaid", chinese),
            track_word(json_string_value(json_array_get(unsaid, i)), chinese));
}

static void put_parts(const json_t *clause, bool chinese, GString *out)
{
    const json_t *parts = json_object_get(clause, "parts");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        g_autofree char *amount = money(number_of(part, "award_fen"), chinese);
        g_string_append_printf(out, "  %s %s: %s\n", both_of(part, "name", chinese), amount,
                               track_word(text_of(part, "state"), chinese));
    }
}

static void put_year(const json_t *year, bool chinese, GString *out)
{
    g_autofree char *value = money(number_of(year, "value"), chinese);
    g_autofree char *amount = money(number_of(year, "amount_fen"), chinese);
    g_autofree char *grant = money(number_of(year, "upper_grant_fen"), chinese);
    g_string_append_printf(
        out, "  %" JSON_INTEGER_FORMAT ": %s, %s, %s %s", number_of(year, "year"), value,
        track_word(text_of(year, "state"), chinese), track_word("amount", chinese), amount);
    if (json_is_true(json_object_get(year, "capped")))
        g_string_append_printf(out, ", %s", track_word("capped", chinese));
    if (json_object_get(year, "upper_grant_fen"))
        g_string_append_printf(out, ", %s %s", track_word("upper_grant", chinese), grant);
    g_string_append(out, "\n");
}

static void put_years(const json_t *clause, bool chinese, GString *out)
{
    const json_t *years = json_object_get(clause, "years");
    for (size_t i = 0; i < json_array_size(years); i++)
        put_year(json_array_get(years, i), chinese, out);
}

static void put_beneficiaries(const json_t *clause, bool chinese, GString *out)
{
    const json_t *list = json_object_get(clause, "beneficiaries");
    if (json_array_size(list) == 0)
        return;
    struct table *table = table_new("llrrrl");
    static const char *const headings[] = {"payee", "key", "year", "base", "amount", "capped"};
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++)
        table_cell(table, track_word(headings[i], chinese));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        table_cell(table, track_word(text_of(one, "kind"), chinese));
        table_cell(table, text_of(one, "key"));
        cell_number(table, one, "year", false);
        cell_number(table, one, "base_fen", true);
        cell_number(table, one, "amount_fen", true);
        table_cell(
            table,
            track_word(json_is_true(json_object_get(one, "capped")) ? "yes" : "no", chinese));
    }
    table_end(table, "  ", out);
}

static void put_verdict(const json_t *clause, bool chinese, GString *out)
{
    g_autofree char *amount = money(number_of(clause, "amount_fen"), chinese);
    g_string_append_printf(out, ": %s, %s", track_word(text_of(clause, "state"), chinese),
                           amount);
    g_autofree char *award = money(number_of(clause, "award_fen"), chinese);
    if (json_object_get(clause, "award_fen"))
        g_string_append_printf(out, " (%s: %s)", track_word("award", chinese), award);
    g_string_append(out, "\n");
}

static void put_clause(const json_t *clause, bool chinese, GString *out)
{
    bool invented = json_is_true(json_object_get(clause, "agency_invented"));
    g_string_append_printf(out, "\n%s %s\n%s %s%s%s", text_of(clause, "id"),
                           both_of(clause, "name", chinese), text_of(clause, "agency"),
                           text_of(clause, "agency_name"), invented ? " * " : "",
                           invented ? track_word("invented", chinese) : "");
    put_verdict(clause, chinese, out);
    put_items(json_object_get(clause, "items"), chinese, out);
    put_parts(clause, chinese, out);
    put_years(clause, chinese, out);
    put_beneficiaries(clause, chinese, out);
    put_beside(clause, chinese, out);
}

static void put_definitions(const json_t *clause, bool chinese, GString *out)
{
    const json_t *items = json_object_get(clause, "items");
    g_string_append_printf(out, "\n%s %s: %s\n", text_of(clause, "id"),
                           both_of(clause, "name", chinese),
                           track_word("definitions", chinese));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        g_string_append_printf(out, "  %s: %s\n", both_of(item, "name", chinese),
                               both_of(item, "definition", chinese));
    }
}

static void put_choices(json_t *choices, bool chinese, GString *out)
{
    const char *name;
    json_t *choice;
    g_string_append_printf(out, "%s\n", track_word("choices", chinese));
    json_object_foreach(choices, name, choice)
    {
        char *value = json_dumps(json_object_get(choice, "value"),
                                 JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        const char *by = json_is_true(json_object_get(choice, "overridden")) ? "overridden"
                         : json_object_get(choice, "decided")                ? "decided"
                                                                             : NULL;
        g_string_append_printf(out, "  %s = %s%s%s\n", name, value, by ? "  " : "",
                               by ? track_word(by, chinese) : "");
        free(value);
    }
}

/* Of each clause once, however many agencies there are. */
static void put_explanations(const json_t *document, bool chinese, GString *out)
{
    const json_t *clauses = json_object_get(document, "clauses");
    const json_t *first = json_object_get(json_array_get(clauses, 0), "agency");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i);
        if (!json_equal(json_object_get(clause, "agency"), first))
            return;
        put_definitions(clause, chinese, out);
        put_choices(
            json_object_get(json_object_get(document, "choices"), text_of(clause, "id")),
            chinese, out);
    }
}

char *print_figures(const json_t *document, bool chinese, bool brief)
{
    GString *out = g_string_new(NULL);
    const json_t *clauses = json_object_get(document, "clauses");
    put_head(document, chinese, out);
    if (json_array_size(clauses) == 0)
        g_string_append_printf(out, "\n%s\n", track_word("no_agency", chinese));
    for (size_t i = 0; i < json_array_size(clauses); i++)
        put_clause(json_array_get(clauses, i), chinese, out);
    if (!brief)
        put_explanations(document, chinese, out);
    return g_string_free(out, FALSE);
}

/* ---- Evidence */

static char *marks_text(const json_t *row, bool chinese)
{
    static const char *const marks[] = {"invented", "late", "unknown"};
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (json_is_true(json_object_get(row, marks[i])))
            g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                                   track_word(marks[i], chinese));
    return g_strdup(text->str);
}

/* document: of which metric it is, and whether that is reckoned in fen. */
static void put_row(struct table *table, const json_t *document, const json_t *row,
                    bool chinese)
{
    const char *metric = text_of(document, "metric");
    g_autofree char *label = table_cut(track_shown(metric, row, "label", chinese), 40);
    g_autofree char *whose = table_cut(track_shown(metric, row, "whose", chinese), 24);
    g_autofree char *recorded = g_strndup(text_of(row, "recorded_at"), strlen("2026-03-01"));
    g_autofree char *marks = marks_text(row, chinese);
    const char *reason = json_string_value(json_object_get(row, "reason"));
    table_cell(table, text_of(row, "agency"));
    table_cell(table, text_of(row, "key"));
    table_cell(table, label);
    table_cell(table, whose);
    table_cell(table, text_of(row, "claimed_date"));
    table_cell(table, recorded);
    table_cell(table, text_of(row, "batch"));
    table_cell(table, track_word(reason ? reason : "yes", chinese));
    if (json_object_get(row, "year"))
        cell_number(table, row, "amount", json_object_get(document, "unit") != NULL);
    else
        table_cell(table, "1");
    table_cell(table, marks);
}

char *print_evidence(const json_t *document, bool chinese)
{
    static const char *const headings[] = {"agency",       "key",         "label", "whose",
                                           "claimed_date", "recorded_at", "batch", "counted",
                                           "amount",       "marks"};
    GString *out = g_string_new(NULL);
    const json_t *rows = json_object_get(document, "rows");
    struct table *table = table_new("llllllllrl");
    put_head(document, chinese, out);
    g_string_append(out, "\n");
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++)
        table_cell(table, track_word(json_object_get(document, "unit") &&
                                             g_str_equal(headings[i], "amount")
                                         ? "amount_yuan"
                                         : headings[i],
                                     chinese));
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_row(table, document, json_array_get(rows, i), chinese);
    table_end(table, "", out);
    return g_string_free(out, FALSE);
}
