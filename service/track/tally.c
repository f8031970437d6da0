#include "service/track/tally.h"

const char *answer_name(enum answer answer)
{
    static const char *const names[] = {"not_met", "undetermined", "met"};
    return names[answer];
}

void tally_clear(struct tally *tally)
{
    json_decref(tally->left_out);
    json_decref(tally->awaits);
}

static json_int_t number_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static void add_awaited(json_t *awaits, const json_t *more)
{
    for (size_t i = 0; i < json_array_size(more); i++) {
        json_t *name = json_array_get(more, i);
        bool there = false;
        for (size_t n = 0; n < json_array_size(awaits); n++)
            there = there || json_equal(json_array_get(awaits, n), name);
        if (!there)
            json_array_append(awaits, name);
    }
}

static void add_counted(const json_t *row, struct tally *out)
{
    out->value += number_of(row, "amount");
    out->rows += number_of(row, "rows");
    out->invented += number_of(row, "invented");
    out->late += number_of(row, "late");
    out->unknown += number_of(row, "unknown");
    out->award_fen += number_of(row, "award_fen");
    out->grant_fen += number_of(row, "grant_fen");
    out->capped = out->capped || json_is_true(json_object_get(row, "capped"));
}

static void add_left_out(const json_t *row, struct tally *out)
{
    const char *reason = json_string_value(json_object_get(row, "reason"));
    json_object_set_new(
        out->left_out, reason,
        json_integer(number_of(out->left_out, reason) + number_of(row, "rows")));
    add_awaited(out->awaits, json_object_get(row, "awaits"));
    if (json_is_true(json_object_get(row, "undetermined")))
        out->possible += number_of(row, "amount");
}

static bool is_of(const json_t *row, const char *metric, json_int_t year)
{
    return g_str_equal(json_string_value(json_object_get(row, "metric")), metric) &&
           (year == 0 || number_of(row, "year") == year);
}

void tally_sum(const json_t *sums, const char *metric, json_int_t year, struct tally *out)
{
    *out = (struct tally){.left_out = json_object(), .awaits = json_array(), .year = year};
    for (size_t i = 0; i < json_array_size(sums); i++) {
        const json_t *row = json_array_get(sums, i);
        if (!is_of(row, metric, year))
            continue;
        if (json_is_true(json_object_get(row, "counted")))
            add_counted(row, out);
        else
            add_left_out(row, out);
    }
    out->possible += out->value;
    out->literal = out->value;
}

/* Farther: it is, or could be; of two alike the later. */
static bool is_farther(const struct tally *one, const struct tally *than)
{
    if (one->value != than->value)
        return one->value > than->value;
    return one->possible > than->possible ||
           (one->possible == than->possible && one->year > than->year);
}

void tally_best(const json_t *sums, const char *metric, struct tally *out)
{
    tally_sum(sums, metric, 0, out);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    tally_t best = {0};
    for (size_t i = 0; i < json_array_size(sums); i++) {
        json_int_t year = number_of(json_array_get(sums, i), "year");
        if (year == 0 || !is_of(json_array_get(sums, i), metric, year) ||
            !g_hash_table_add(seen, GINT_TO_POINTER((gint)year)))
            continue;
        tally_t of_year;
        tally_sum(sums, metric, year, &of_year);
        tally_clear(&of_year);
        of_year.left_out = of_year.awaits = NULL;
        if (best.year == 0 || is_farther(&of_year, &best))
            best = of_year;
    }
    best.left_out = out->left_out;
    best.awaits = out->awaits;
    *out = best;
}

void tally_figure(const json_t *figure, struct tally *out)
{
    json_t *left_out = json_object_get(figure, "left_out");
    *out = (struct tally){.value = number_of(figure, "value"),
                          .rows = number_of(figure, "value"),
                          .possible = number_of(figure, "value"),
                          .literal = number_of(figure, "literal"),
                          .invented = number_of(figure, "invented"),
                          .late = number_of(figure, "late"),
                          .unknown = number_of(figure, "unknown"),
                          .open = number_of(figure, "open"),
                          .left_out = left_out ? json_incref(left_out) : json_object(),
                          .awaits = json_array()};
}

static bool reaches(json_int_t value, json_int_t threshold, bool beyond)
{
    return beyond ? value > threshold : value >= threshold;
}

enum answer tally_answer(const struct tally *tally, json_int_t threshold, bool beyond)
{
    if (reaches(tally->value, threshold, beyond))
        return ANSWER_MET;
    return reaches(tally->possible, threshold, beyond) ? ANSWER_UNDETERMINED : ANSWER_NOT_MET;
}
