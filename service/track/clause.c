#include "service/track/clause.h"
#include "service/track/award.h"
#include "service/track/clause_internal.h"
#include "sql/track.h"
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

/* ---- Items */

static const json_t *figure_of(const struct clause_view *view, const char *metric)
{
    json_int_t agency_id = number_of(view->agency, "agency_id");
    for (size_t i = 0; i < json_array_size(view->figures); i++) {
        const json_t *figure = json_array_get(view->figures, i);
        if (number_of(figure, "agency_id") == agency_id && is_text(figure, "metric", metric))
            return figure;
    }
    return NULL; /* no candidate at all */
}

static void item_tally(const struct clause_view *view, const json_t *item, json_int_t year,
                       struct tally *out)
{
    const char *metric = text_of(item, "metric");
    if (track_is_base(metric))
        tally_figure(figure_of(view, metric), out);
    else if (year == 0 && is_text(item, "per", "year"))
        tally_best(view->sums, metric, out);
    else
        tally_sum(view->sums, metric, year, out);
}

static bool must_exceed(const struct clause_view *view, const json_t *item)
{
    const char *parameter = text_of(item, "comparison_parameter");
    return parameter && is_text(view->values, parameter, "more_than");
}

static json_int_t missing_of(json_int_t value, json_int_t threshold, bool beyond)
{
    return MAX(threshold + (beyond ? 1 : 0) - value, 0);
}

enum answer clause_item_answer(const struct clause_view *view, const char *metric,
                               json_int_t year)
{
    const json_t *items = json_object_get(view->clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (!is_text(item, "metric", metric))
            continue;
        g_auto(tally_t) tally;
        item_tally(view, item, year, &tally);
        return tally_answer(&tally, number_of(item, "threshold"), must_exceed(view, item));
    }
    return ANSWER_NOT_MET;
}

static void take(json_t *to, const json_t *from, const char *const *names)
{
    for (; *names; names++)
        if (json_object_get(from, *names))
            json_object_set(to, *names, json_object_get(from, *names));
}

/* How far an item that is reckoned by the year has come in that of the day (of the policy's last, when it is over): the best year, which is
 * its value, may be an earlier one that grows no more. */
static json_t *this_year(const struct clause_view *view, const json_t *item)
{
    const char *to = view->pack->to;
    const char *day = to && strcmp(to, view->as_of) < 0 ? to : view->as_of;
    json_int_t year = g_ascii_strtoll(day, NULL, 10);
    g_auto(tally_t) tally;
    tally_sum(view->sums, text_of(item, "metric"), year, &tally);
    return json_pack(
        "{s:I, s:I, s:I}", "year", year, "value", tally.value, "missing",
        missing_of(tally.value, number_of(item, "threshold"), must_exceed(view, item)));
}

static bool is_contracts(const char *metric)
{
    return g_strv_contains((const char *const[]){"purchases", "introductions", "transactions",
                                                 "licences", "deals", NULL},
                           metric);
}

static json_t *item_document(const struct clause_view *view, const json_t *item,
                             const struct tally *tally)
{
    json_int_t threshold = number_of(item, "threshold");
    bool beyond = must_exceed(view, item);
    json_t *document =
        json_pack("{s:I, s:b, s:I, s:O, s:I, s:I, s:I, s:I}", "value", tally->value, "met",
                  tally_answer(tally, threshold, beyond) == ANSWER_MET, "missing",
                  missing_of(tally->value, threshold, beyond), "left_out", tally->left_out,
                  "literal", tally->literal, "invented", tally->invented, "late", tally->late,
                  "unknown", tally->unknown);
    take(document, item,
         (const char *const[]){"metric", "name", "threshold", "definition", "unit", "per",
                               NULL});
    json_object_set_new(document, "state",
                        json_string(answer_name(tally_answer(tally, threshold, beyond))));
    if (!json_object_get(
            item, "per")) /* else it is the best year's, and its rows are of every year */
        json_object_set_new(document, "rows", json_integer(tally->rows));
    if (json_object_get(item, "unit") || is_text(item, "metric", "staff"))
        json_object_set_new(document, "sum", json_true());
    if (is_text(item, "metric", "needs"))
        json_object_set_new(document, "open", json_integer(tally->open));
    if (is_text(item, "per", "year") && tally->year > 0)
        json_object_set_new(document, "year", json_integer(tally->year));
    if (is_text(item, "per", "year"))
        json_object_set_new(document, "this_year", this_year(view, item));
    if (view->overlap && is_contracts(text_of(item, "metric")))
        json_object_set(document, "overlap", (json_t *)(guintptr)view->overlap);
    return document;
}

static void add_awaited(json_t *awaits, json_t *more)
{
    for (size_t i = 0; i < json_array_size(more); i++) {
        const char *name = json_string_value(json_array_get(more, i));
        bool there = false;
        for (size_t n = 0; n < json_array_size(awaits); n++)
            there = there || g_str_equal(json_string_value(json_array_get(awaits, n)), name);
        if (!there)
            json_array_append_new(awaits, json_string(name));
    }
}

static json_t *items_document(const struct clause_view *view, json_t *unsaid)
{
    const json_t *items = json_object_get(view->clause, "items");
    json_t *shown = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        g_auto(tally_t) tally;
        item_tally(view, item, 0, &tally);
        json_array_append_new(shown, item_document(view, item, &tally));
        add_awaited(unsaid, tally.awaits);
    }
    return shown;
}

/* ---- The condition */

static enum answer answer_of(const struct clause_view *view, const json_t *condition,
                             json_int_t year)
{
    if (json_is_string(condition))
        return clause_item_answer(view, json_string_value(condition), year);
    const json_t *all = json_object_get(condition, "all"),
                 *any = json_object_get(condition, "any");
    enum answer answer = all ? ANSWER_MET : ANSWER_NOT_MET;
    for (size_t i = 0; i < json_array_size(all ? all : any); i++) {
        enum answer one = answer_of(view, json_array_get(all ? all : any, i), year);
        answer = all ? MIN(answer, one) : MAX(answer, one);
    }
    return answer;
}

static enum answer all_items(const struct clause_view *view, json_int_t year)
{
    const json_t *items = json_object_get(view->clause, "items");
    enum answer answer = ANSWER_MET;
    for (size_t i = 0; i < json_array_size(items); i++)
        answer =
            MIN(answer,
                clause_item_answer(view, text_of(json_array_get(items, i), "metric"), year));
    return answer;
}

enum answer clause_answer(const struct clause_view *view, json_int_t year)
{
    const json_t *choice = json_object_get(view->values, "condition"),
                 *fixed = json_object_get(view->clause, "condition");
    if (choice || fixed)
        return answer_of(view, choice ? choice : fixed, year);
    return all_items(view, year);
}

/* The base database has no trigger of its own: the agency must be settled on the day. */
static bool is_base(const json_t *clause)
{
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (track_is_base(text_of(json_array_get(items, i), "metric")))
            return true;
    return false;
}

static enum answer settled(const struct clause_view *view, json_t *unsaid)
{
    const char *since = text_of(view->agency, "zone_settled_date");
    const char *left = text_of(view->agency, "zone_left_date");
    if (!since)
        json_array_append_new(unsaid, json_string("zone_settled_date"));
    if ((since && strcmp(since, view->as_of) > 0) || (left && strcmp(left, view->as_of) < 0))
        return ANSWER_NOT_MET;
    return since ? ANSWER_MET : ANSWER_UNDETERMINED;
}

/* ---- The whole */

static void add_agency(const struct clause_view *view, json_t *document)
{
    json_object_set(document, "agency", json_object_get(view->agency, "code"));
    json_object_set(document, "agency_name", json_object_get(view->agency, "name"));
    json_object_set(document, "agency_invented", json_object_get(view->agency, "invented"));
}

json_t *clause_document(const struct clause_view *view)
{
    json_t *document = json_object(), *unsaid = json_array();
    take(document, view->clause,
         (const char *const[]){"id", "name", "department", "beneficiary", NULL});
    add_agency(view, document);
    json_object_set_new(document, "as_of", json_string(view->as_of));
    json_object_set_new(document, "template", json_boolean(!view->pack->in_force));
    json_object_set_new(document, "items", items_document(view, unsaid));
    enum answer limit = is_base(view->clause) ? settled(view, unsaid) : ANSWER_MET;
    award_add(view, limit, document);
    json_object_set_new(document, "undetermined", unsaid);
    return document;
}
