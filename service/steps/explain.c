#include "service/steps/explain.h"
#include "matcher/explain.h"
#include "service/steps/match_own.h"
#include "service/steps/numbers.h"
#include "service/steps/titles.h"
#include "sql/match.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static const json_t *find_need(const struct matching *matching, const char *name)
{
    for (size_t i = 0; i < json_array_size(matching->needs); i++) {
        const json_t *need = json_array_get(matching->needs, i);
        if (g_str_equal(text_of(need, "source_id"), name) ||
            g_str_equal(text_of(need, "need_id"), name))
            return need;
    }
    return NULL;
}

static const char *kind_name(const struct explained_term *term)
{
    if (term->is_place)
        return "class";
    return term->kind == TERM_PAIR ? "pair" : "word";
}

static json_t *terms_json(const struct explained *explained)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < explained->count; i++) {
        const struct explained_term *term = &explained->terms[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "text", term->text, "kind",
                      kind_name(term), "times", (json_int_t)term->times, "weight",
                      (json_int_t)term->weight, "impact", (json_int_t)term->impact, "points",
                      (json_int_t)term->points, "docs", (json_int_t)term->docs));
    }
    return list;
}

static json_t *spans_list(const GArray *spans)
{
    json_t *list = json_array();
    for (guint i = 0; i < spans->len; i++) {
        const struct span *span = &g_array_index(spans, struct span, i);
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:I}", "start", (json_int_t)span->start, "len",
                            (json_int_t)span->len, "char_start", (json_int_t)span->char_start,
                            "char_len", (json_int_t)span->char_len));
    }
    return list;
}

json_t *matching_spans(const struct query *query, const struct index *ix, const json_t *text)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    if (json_is_string(text))
        explain_spans(query, ix, json_string_value(text), spans);
    return spans_list(spans);
}

/* Of the need: what this patent was found by. */
static json_t *found_json(const struct query *query, const struct index *ix, uint32_t doc)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    explain_found_spans(query, ix, doc, query->text, spans);
    return spans_list(spans);
}

static json_t *strength_json(struct need_strength strength)
{
    return json_pack("{s:I, s:I, s:f, s:b}", "pairs", (json_int_t)strength.pairs, "known",
                     (json_int_t)strength.known, "chance", strength.chance, "is_thin",
                     (int)strength.is_thin);
}

/* As the lead has it, where the pair is one; else as if it came next after them. */
static json_t *certainty_of(const struct matching *matching, const json_t *need,
                            const char *patent_id, double fit, const struct reasons *reasons,
                            double *probability)
{
    json_auto_t *leads = json_array();
    json_t *lead, *certainty;
    size_t i;
    matching_search_need(matching, need, leads);
    json_array_foreach(leads, i, lead) if (g_str_equal(text_of(lead, "patent_id"), patent_id))
    {
        *probability = json_number_value(json_object_get(lead, "probability"));
        return json_incref(json_object_get(lead, "certainty"));
    }
    struct interest_lead next = {.fit = fit,
                                 .rank = (uint32_t)matching->options->k + 1,
                                 .class_share = matching_class_share(reasons)};
    int64_t enterprise = g_ascii_strtoll(text_of(need, "enterprise_id"), NULL, 10);
    *probability = interest_weigh(&matching->interest, enterprise, &next, &certainty);
    return certainty;
}

static json_t *explain(const struct matching *matching, const json_t *need, int64_t patent_id,
                       const json_t *texts)
{
    uint32_t doc;
    const struct index *ix = parts_find(matching->parts, patent_id, &doc);
    const char *title = json_string_value(json_object_get(texts, "title"));
    const char *abstract = json_string_value(json_object_get(texts, "abstract"));
    g_autoptr(match_query) query = matching_query(matching, need);
    g_autoptr(match_explained) explained = explain_doc(query, ix, doc);
    for (uint32_t t = 0; t < explained->count; t++)
        explained->terms[t].docs = parts_term_docs(matching->parts, query->terms[t].hash);
    g_autoptr(match_reasons) reasons = reasons_of_doc(query, ix, doc);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, patent_id);
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    aspects_of_query(query, aspects);
    double fit = query_fit(query, explained->score), probability;
    json_t *certainty = certainty_of(matching, need, id, fit, reasons, &probability);
    const char *filter;
    json_t *filters = matching_filters(matching, need, patent_id, &filter);
    return json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:I, s:f, s:f, s:s, s:s?, s:o, s:o, s:o, "
                     "s:{s:o, s:o, s:o}, s:o, s:o, s:o}",
                     "patent_id", id, "title", title, "abstract", abstract, "need_id",
                     text_of(need, "need_id"), "need", query->text, "score",
                     (json_int_t)explained->score, "fit", fit, "probability", probability,
                     "model", matching->model, "filter", filter, "filters", filters, "reasons",
                     matching_reasons(reasons), "terms", terms_json(explained), "spans",
                     "title", matching_spans(query, ix, json_object_get(texts, "title")),
                     "abstract", matching_spans(query, ix, json_object_get(texts, "abstract")),
                     "need", found_json(query, ix, doc), "strength",
                     strength_json(matching_strength(matching, query)), "certainty", certainty,
                     "aspects", matching_aspects(matching, aspects, query, patent_id));
}

static bool read_both(struct matching *matching, const char *name, int64_t patent_id,
                      const json_t **need, json_t **texts, GError **error)
{
    struct held_patent held;
    const struct match_options *options = matching->options;
    matching->needs = match_needs(matching->db, options->agency_id, options->today, error);
    if (!matching->needs || !matching_read_model(matching, error) ||
        !matching_read_patents(matching, error))
        return false;
    *need = find_need(matching, name);
    if (!*need)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "no standing need '%s' at this agency", name);
    else if (!living_patent(matching->state, patent_id, &held))
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "this agency does not hold the patent");
    else
        *texts = match_text(matching->db, options->agency_id, patent_id, error);
    return *texts != NULL;
}

bool match_explain(struct db *db, const struct match_options *options, int64_t patent_id,
                   const char *need, json_t **out, GError **error)
{
    struct match_report report = {.held_back = g_hash_table_new(g_str_hash, g_str_equal),
                                  .thin = g_ptr_array_new_with_free_func(g_free)};
    struct matching matching;
    const json_t *row = NULL;
    matching_init(&matching, db, options, &report);
    json_auto_t *texts = NULL;
    *out = NULL;
    bool done = db_begin(db, DB_SERVICE, options->agency_id, error);
    if (done) {
        done = read_both(&matching, need, patent_id, &row, &texts, error);
        json_auto_t *one = json_array();
        if (done)
            json_array_append_new(one, explain(&matching, row, patent_id, texts));
        done = done && titles_add(db, one, error) && numbers_check(db, one, error);
        db_rollback(db); /* it only read */
        if (done)
            *out = json_incref(json_array_get(one, 0));
    }
    matching_clear(&matching);
    match_report_clear(&report);
    return done;
}
