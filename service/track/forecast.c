#include "service/track/forecast.h"
#include "service/track/table.h"
#include "service/track/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PACES = 3, WEEK = 7, MOST_WEEKS = 5200 };
static const int weeks[PACES] = {4, 12, 26};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static GDate date_of(const char *day)
{
    int year = 1, month = 1, date = 1;
    GDate out;
    g_date_clear(&out, 1);
    sscanf(day, "%4d-%2d-%2d", &year, &month, &date);
    g_date_set_dmy(&out, (GDateDay)date, (GDateMonth)month, (GDateYear)year);
    return out;
}

static char *day_after(const char *day, int days)
{
    GDate date = date_of(day);
    if (days >= 0)
        g_date_add_days(&date, (guint)days);
    else
        g_date_subtract_days(&date, (guint)-days);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date),
                           g_date_get_day(&date));
}

/* ---- One item */

/* The day on which so many will have come at so many a week; NULL: never, or not within MOST_WEEKS. */
static char *day_met(json_int_t missing, double pace, const char *day)
{
    if (pace <= 0 || (double)missing / pace > MOST_WEEKS)
        return NULL;
    return day_after(day, (int)ceil((double)missing / pace * WEEK - 1e-9));
}

/* The paces, and the earliest and latest day that they give ("" when none does); how many are known, and how many grow. */
static json_t *paces_of(json_int_t value, json_int_t missing, const json_int_t before[PACES],
                        const char *day, char range[2][11], int *known, int *grow)
{
    json_t *paces = json_array();
    bool never = false;
    for (int i = 0; i < PACES; i++) {
        bool is_known = before[i] > 0;
        double pace = (double)(value - before[i]) / weeks[i];
        g_autofree char *met = is_known ? day_met(missing, pace, day) : NULL;
        json_array_append_new(
            paces,
            json_pack("{s:i, s:o, s:s?}", "weeks", weeks[i], "per_week",
                      is_known ? json_real(round(pace * 100) / 100) : json_null(), "day", met));
        *known += is_known;
        *grow += is_known && pace > 0;
        if (met && (!*range[0] || strcmp(met, range[0]) < 0))
            g_strlcpy(range[0], met, 11);
        if (met && strcmp(met, range[1]) > 0)
            g_strlcpy(range[1], met, 11);
        never |= is_known && !met;
    }
    if (never)
        *range[1] = '\0';
    return paces;
}

static json_t *weekly_needed(json_int_t missing, const char *day, const char *deadline)
{
    if (!deadline || strcmp(deadline, day) <= 0)
        return json_null();
    GDate from = date_of(day), to = date_of(deadline);
    double left = (double)g_date_days_between(&from, &to) / WEEK;
    return json_real(ceil((double)missing / left * 10 - 1e-9) / 10);
}

json_t *forecast_of(json_int_t value, json_int_t threshold, const json_int_t before[3],
                    const char *day, const char *deadline)
{
    json_int_t missing = threshold - value;
    char range[2][11] = {"", ""};
    int known = 0, grow = 0;
    json_t *paces = paces_of(value, missing, before, day, range, &known, &grow);
    const char *note = *range[0]  ? NULL
                       : !known   ? "too_little_data"
                       : grow > 0 ? "too_far"
                                  : "standing_still";
    return json_pack("{s:o, s:s?, s:s?, s:o, s:b, s:s?}", "paces", paces, "earliest",
                     *range[0] ? range[0] : NULL, "latest", *range[1] ? range[1] : NULL,
                     "weekly_needed", weekly_needed(missing, day, deadline), "after_deadline",
                     deadline && strcmp(range[0], deadline) > 0, "note", note);
}

/* ---- A document */

static const json_t *item_in(const json_t *document, const json_t *clause, const char *metric)
{
    size_t i, k;
    json_t *other, *item;
    json_array_foreach(json_object_get(document, "clauses"), i, other)
    {
        if (!json_equal(json_object_get(other, "id"), json_object_get(clause, "id")) ||
            !json_equal(json_object_get(other, "agency"), json_object_get(clause, "agency")))
            continue;
        json_array_foreach(json_object_get(other, "items"), k,
                           item) if (g_str_equal(text_of(item, "metric"), metric)) return item;
    }
    return NULL;
}

/* What grows: of an item that is reckoned by the year what the year of the day has; 0, not known, of a day in another year. */
static json_int_t value_of(const json_t *item, const json_t *of_today)
{
    const json_t *own = json_object_get(item, "this_year"),
                 *wanted = json_object_get(of_today, "this_year");
    if (!wanted)
        return json_integer_value(json_object_get(item, "value"));
    return json_equal(json_object_get(own, "year"), json_object_get(wanted, "year"))
               ? json_integer_value(json_object_get(own, "value"))
               : 0;
}

static json_int_t missing_of(const json_t *item)
{
    const json_t *year = json_object_get(item, "this_year");
    return json_integer_value(json_object_get(year ? year : item, "missing"));
}

/* A year's count ends with the year. */
static char *deadline_of(const json_t *item, const char *deadline)
{
    const json_t *year = json_object_get(item, "this_year");
    if (!year)
        return g_strdup(deadline);
    g_autofree char *end =
        g_strdup_printf("%04d-12-31", (int)json_integer_value(json_object_get(year, "year")));
    return g_strdup(deadline && strcmp(deadline, end) < 0 ? deadline : end);
}

/* The year is over before: the next one begins anew, so a later day would be none. */
static void end_with_year(json_t *forecast, const char *until)
{
    if (strcmp(text_of(forecast, "latest"), until) > 0)
        json_object_set_new(forecast, "latest", json_null());
    if (!json_is_true(json_object_get(forecast, "after_deadline")))
        return;
    json_object_set_new(forecast, "earliest", json_null());
    json_object_set_new(forecast, "note", json_string("not_this_year"));
}

static void add_to(json_t *item, const json_t *clause, json_t *const before[PACES],
                   const char *day, const char *deadline)
{
    json_int_t past[PACES], value = value_of(item, item);
    g_autofree char *until = deadline_of(item, deadline);
    for (int i = 0; i < PACES; i++)
        past[i] = value_of(item_in(before[i], clause, text_of(item, "metric")), item);
    json_t *forecast = forecast_of(value, value + missing_of(item), past, day, until);
    if (json_object_get(item, "this_year"))
        end_with_year(forecast, until);
    json_object_set_new(item, "forecast", forecast);
}

static void add_all(json_t *document, json_t *const before[PACES], const char *day,
                    const char *deadline)
{
    size_t i, k;
    json_t *clause, *item;
    json_array_foreach(json_object_get(document, "clauses"), i, clause)
        json_array_foreach(json_object_get(clause, "items"), k,
                           item) if (json_is_false(json_object_get(item, "met")) &&
                                     json_is_integer(json_object_get(item, "threshold")))
            add_to(item, clause, before, day, deadline);
}

bool forecast_add(struct db *db, const struct pack *pack, const struct figures_request *request,
                  json_t *document, GError **error)
{
    json_t *before[PACES] = {NULL};
    const char *as_of = text_of(document, "as_of");
    const char *day = pack->to && strcmp(as_of, pack->to) > 0 ? pack->to : as_of;
    bool done = true;
    for (int i = 0; done && i < PACES; i++) {
        g_autofree char *then = day_after(day, -weeks[i] * WEEK);
        struct figures_request past = *request;
        past.as_of = then;
        past.known_at = text_of(document, "known_at");
        before[i] = figures_document(db, pack, &past, error);
        done = before[i] != NULL;
    }
    if (done)
        add_all(document, before, day, pack->to);
    for (int i = 0; i < PACES; i++)
        json_decref(before[i]);
    return done;
}

/* ---- Text */

/* So many a week; of money yuan, of which there are fen in the document. */
static void put_number(struct table *table, const json_t *number, int digits, bool is_fen,
                       const char *unknown)
{
    double value = json_number_value(number) / (is_fen ? 100 : 1);
    g_autofree char *text = json_is_number(number)
                                ? g_strdup_printf("%.*f", is_fen ? 2 : digits, value)
                                : g_strdup(unknown);
    table_cell(table, text);
}

static void put_item(struct table *table, const json_t *item, bool chinese)
{
    const json_t *forecast = json_object_get(item, "forecast");
    const json_t *needed = json_object_get(forecast, "weekly_needed");
    const char *earliest = text_of(forecast, "earliest"), *latest = text_of(forecast, "latest");
    bool late = json_is_true(json_object_get(forecast, "after_deadline"));
    const char *to = strcmp(earliest, latest) == 0 ? ""
                     : *latest                     ? latest
                                                   : track_word("or_never", chinese);
    g_autofree char *range =
        g_strdup_printf("%s%s%s%s%s", earliest, *to ? " … " : "", to, late ? "  " : "",
                        late ? track_word("after_deadline", chinese) : "");
    bool is_fen = json_object_get(item, "unit") != NULL;
    g_autofree char *name =
        g_strdup_printf(is_fen ? "%s (%s)" : "%s",
                        text_of(json_object_get(item, "name"), chinese ? "zh" : "en"),
                        track_word("yuan", chinese));
    table_cell(table, name);
    for (size_t i = 0; i < PACES; i++)
        put_number(
            table,
            json_object_get(json_array_get(json_object_get(forecast, "paces"), i), "per_week"),
            2, is_fen, "?");
    put_number(table, needed, 1, is_fen, "-");
    table_cell(table, *earliest ? range : track_word(text_of(forecast, "note"), chinese));
}

static bool has_forecast(const json_t *clause)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(clause, "items"), i,
                       item) if (json_object_get(item, "forecast")) return true;
    return false;
}

static void put_clause(const json_t *clause, bool chinese, GString *out)
{
    static const char *const heads[2][PACES] = {{"4 weeks", "12 weeks", "26 weeks"},
                                                {"近4周", "近12周", "近26周"}};
    struct table *table = table_new("lrrrrl");
    table_cell(table, track_word("metric", chinese));
    for (int i = 0; i < PACES; i++)
        table_cell(table, heads[chinese][i]);
    table_cell(table, track_word("weekly_needed", chinese));
    table_cell(table, track_word("expected_day", chinese));
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(clause, "items"), i,
                       item) if (json_object_get(item, "forecast"))
        put_item(table, item, chinese);
    g_string_append_printf(out, "\n%s  %s  %s\n", track_word("forecast", chinese),
                           text_of(clause, "id"), text_of(clause, "agency"));
    table_end(table, "  ", out);
}

char *forecast_text(const json_t *document, bool chinese)
{
    GString *out = g_string_new(NULL);
    size_t i;
    json_t *clause;
    json_array_foreach(json_object_get(document, "clauses"), i,
                       clause) if (has_forecast(clause)) /* else nothing in it is open */
        put_clause(clause, chinese, out);
    return g_string_free(out, FALSE);
}
