#include "service/track/award.h"
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool is_text(const json_t *object, const char *name, const char *text)
{
    return g_strcmp0(text_of(object, name), text) == 0;
}

static const json_t *award_of(const struct clause_view *view)
{
    return json_object_get(view->clause, "award");
}

static void finish(json_t *document, enum answer state, json_int_t amount)
{
    json_object_set_new(document, "state", json_string(answer_name(state)));
    json_object_set_new(document, "amount_fen", json_integer(amount));
}

/* ---- One sum, or the same for each row */

static json_int_t each_fen(const struct clause_view *view, const char *metric)
{
    g_auto(tally_t) tally;
    tally_sum(view->sums, metric, 0, &tally);
    return tally.award_fen;
}

/* The last item's rows are those for which an award repeats. */
static const char *last_metric(const struct clause_view *view)
{
    const json_t *items = json_object_get(view->clause, "items");
    return text_of(json_array_get(items, json_array_size(items) - 1), "metric");
}

static void add_once(const struct clause_view *view, enum answer limit, json_t *document)
{
    enum answer state = MIN(clause_answer(view, 0), limit);
    json_int_t amount = number_of(view->clause, "amount_fen");
    json_object_set_new(document, "award_fen", json_integer(amount));
    if (is_text(view->values, "award_repeats", "each"))
        amount = each_fen(view, last_metric(view));
    finish(document, state, state == ANSWER_MET ? amount : 0);
}

static void add_each(const struct clause_view *view, enum answer limit, json_t *document)
{
    enum answer state = MIN(clause_answer(view, 0), limit);
    json_int_t amount = each_fen(view, text_of(award_of(view), "metric"));
    finish(document, state, state == ANSWER_MET ? amount : 0);
}

/* ---- Parts */

static void add_parts(const struct clause_view *view, enum answer limit, json_t *document)
{
    const json_t *parts = json_object_get(award_of(view), "parts");
    enum answer state = MIN(clause_answer(view, 0), limit);
    json_int_t amount = 0, whole = 0;
    json_t *shown = json_array();
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        const char *after = text_of(part, "after");
        enum answer one = after ? MIN(state, clause_item_answer(view, after, 0)) : state;
        json_int_t fen = number_of(part, "fen");
        json_array_append_new(shown, json_pack("{s:O, s:s, s:I, s:I}", "name",
                                               json_object_get(part, "name"), "state",
                                               answer_name(one), "amount_fen",
                                               one == ANSWER_MET ? fen : 0, "award_fen", fen));
        amount += one == ANSWER_MET ? fen : 0;
        whole += fen;
    }
    json_object_set_new(document, "parts", shown);
    json_object_set_new(document, "award_fen", json_integer(whole));
    finish(document, state, amount);
}

/* ---- By the year */

static json_int_t tier_fen(const struct clause_view *view, json_int_t value)
{
    const json_t *tiers = json_object_get(award_of(view), "tiers");
    bool added = is_text(view->values, "tiers", "added");
    json_int_t fen = 0;
    for (size_t i = 0; i < json_array_size(tiers); i++) {
        const json_t *tier = json_array_get(tiers, i);
        if (value >= number_of(tier, "from"))
            fen = number_of(tier, "fen") + (added ? fen : 0);
    }
    return fen;
}

static json_int_t year_fen(const struct clause_view *view, json_int_t year,
                           const struct tally *tally)
{
    const json_t *award = award_of(view);
    if (json_object_get(award, "tiers"))
        return tier_fen(view, tally->value);
    if (is_text(view->values, "award_base", "amount_branch") &&
        clause_item_answer(view, text_of(award, "metric"), year) != ANSWER_MET)
        return 0;
    return tally->award_fen;
}

static int year_of(const char *day)
{
    return (int)g_ascii_strtoll(day, NULL, 10);
}

/* The calendar years that the window touches up to the day. */
static void years_of(const struct clause_view *view, int *first, int *last)
{
    const char *to = view->pack->to;
    bool ended = to && strcmp(to, view->as_of) < 0;
    *first = year_of(view->pack->from);
    *last = strcmp(view->as_of, view->pack->from) < 0 ? *first - 1
                                                      : year_of(ended ? to : view->as_of);
}

static json_t *year_document(const struct clause_view *view, int year, enum answer limit,
                             enum answer *state)
{
    g_auto(tally_t) tally;
    tally_sum(view->sums, text_of(award_of(view), "metric"), year, &tally);
    enum answer answer = MIN(clause_answer(view, year), limit);
    json_int_t fen = answer == ANSWER_MET ? year_fen(view, year, &tally) : 0;
    *state = MAX(*state, answer);
    json_t *document = json_pack("{s:i, s:I, s:s, s:I, s:b}", "year", year, "value",
                                 tally.value, "state", answer_name(answer), "amount_fen", fen,
                                 "capped", tally.capped && answer == ANSWER_MET);
    if (tally.grant_fen > 0)
        json_object_set_new(document, "upper_grant_fen", json_integer(tally.grant_fen));
    return document;
}

static void add_years(const struct clause_view *view, enum answer limit, json_t *document)
{
    json_t *years = json_array();
    enum answer state = ANSWER_NOT_MET;
    json_int_t amount = 0;
    int first, last;
    years_of(view, &first, &last);
    for (int year = first; year <= last; year++) {
        json_t *one = year_document(view, year, limit, &state);
        amount += number_of(one, "amount_fen");
        json_array_append_new(years, one);
    }
    json_object_set_new(document, "years", years);
    finish(document, state, amount);
}

/* ---- Who is paid where that is not the agency */

/* The rows of one payee and year that count are one sum. */
static void add_beneficiaries(const struct clause_view *view, json_t *document)
{
    const json_t *award = award_of(view);
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(view->sums); i++) {
        const json_t *row = json_array_get(view->sums, i);
        if (is_text(row, "metric", text_of(award, "metric")) &&
            json_is_true(json_object_get(row, "counted")))
            json_array_append_new(list,
                                  json_pack("{s:O, s:O, s:O, s:O, s:O, s:O}", "kind",
                                            json_object_get(award, "payee"), "key",
                                            json_object_get(row, "payee"), "year",
                                            json_object_get(row, "year"), "base_fen",
                                            json_object_get(row, "base_fen"), "amount_fen",
                                            json_object_get(row, "award_fen"), "capped",
                                            json_object_get(row, "capped")));
    }
    json_object_set_new(document, "beneficiaries", list);
}

/* ---- The whole */

void award_add(const struct clause_view *view, enum answer limit, json_t *document)
{
    static const struct {
        const char *kind;
        void (*add)(const struct clause_view *, enum answer, json_t *);
    } kinds[] = {{"once", add_once},
                 {"each", add_each},
                 {"parts", add_parts},
                 {"rate", add_years},
                 {"tiers", add_years}};
    const json_t *award = award_of(view);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (is_text(award, "kind", kinds[i].kind))
            kinds[i].add(view, limit, document);
    if (json_object_get(award, "payee"))
        add_beneficiaries(view, document);
}
