/* match_need.c - one need against all patents: filters, near-twins folded, leads with their reasons. */
#include "loader/names.h"
#include "matcher/explain.h"
#include "service/steps/filter.h"
#include "service/steps/match_own.h"
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static int64_t number_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_string(value) ? g_ascii_strtoll(json_string_value(value), NULL, 10)
                                 : json_integer_value(value);
}

struct rejected {
    int64_t patent_id;
    const char *filter;
};

struct asking {
    const struct matching *matching;
    const json_t *need;
    char *enterprise;
    char **affiliates;
    GArray *aspects;   /* struct aspect: what the need names */
    GPtrArray *owners; /* scratch: of the patent in question */
    GArray *rejected;  /* struct rejected: what the search asked about, and must not have */
};

static void asking_init(struct asking *asking, const struct matching *matching,
                        const json_t *need)
{
    json_t *affiliates = json_object_get(need, "affiliates");
    GPtrArray *folded = g_ptr_array_new();
    for (size_t i = 0; i < json_array_size(affiliates); i++)
        g_ptr_array_add(folded, name_fold(json_string_value(json_array_get(affiliates, i))));
    g_ptr_array_add(folded, NULL);
    *asking = (struct asking){matching,
                              need,
                              name_fold(text_of(need, "enterprise")),
                              (char **)g_ptr_array_free(folded, FALSE),
                              g_array_new(FALSE, FALSE, sizeof(struct aspect)),
                              g_ptr_array_new(),
                              g_array_new(FALSE, FALSE, sizeof(struct rejected))};
}

static void asking_clear(struct asking *asking)
{
    g_free(asking->enterprise);
    g_strfreev(asking->affiliates);
    g_array_unref(asking->aspects);
    g_ptr_array_unref(asking->owners);
    g_array_unref(asking->rejected);
}

/* False: the patent is not held. The facts point into `patent` and `asking`. */
static bool facts_of(const struct asking *asking, int64_t patent_id, struct held_patent *patent,
                     struct filter_facts *out)
{
    const struct matching *matching = asking->matching;
    if (!living_patent(matching->state, patent_id, patent))
        return false;
    g_autofree char *key =
        matching_pushed_key(patent_id, number_of(asking->need, "enterprise_id"));
    g_ptr_array_set_size(asking->owners, 0);
    for (const char *owner = patent->owners; *owner; owner += strlen(owner) + 1)
        g_ptr_array_add(asking->owners, (gpointer)(uintptr_t)owner);
    g_ptr_array_add(asking->owners, NULL);
    *out = (struct filter_facts){.today = matching->options->today,
                                 .legal_status = patent->legal_status,
                                 .type = patent->type,
                                 .application_date = patent->application_date,
                                 .owners = (const char *const *)asking->owners->pdata,
                                 .enterprise = asking->enterprise,
                                 .affiliates = (const char *const *)asking->affiliates,
                                 .pushed_before = g_hash_table_contains(matching->pushed, key),
                                 .stopped =
                                     json_is_true(json_object_get(asking->need, "stopped"))};
    return true;
}

static const char *check(const struct asking *asking, int64_t patent_id)
{
    struct held_patent patent;
    struct filter_facts facts;
    return facts_of(asking, patent_id, &patent, &facts) ? filter_check(&facts) : NULL;
}

json_t *matching_filters(const struct matching *matching, const json_t *need, int64_t patent_id,
                         const char **first)
{
    struct held_patent patent;
    struct filter_facts facts;
    struct asking asking;
    asking_init(&asking, matching, need);
    bool held = facts_of(&asking, patent_id, &patent, &facts);
    json_t *list = held ? filter_check_all(&facts) : json_array();
    *first = held ? filter_check(&facts) : NULL;
    asking_clear(&asking);
    return list;
}

static bool keep(int64_t patent_id, void *user)
{
    struct asking *asking = user;
    struct rejected rejected = {patent_id, check(asking, patent_id)};
    if (!rejected.filter)
        return true;
    g_array_append_val(asking->rejected, rejected);
    return false;
}

/* Held back are those that would be among the leads. A search asks about others too, as long as it knows of no better ones. */
static void count_held_back(const struct asking *asking, const struct query *query,
                            uint32_t least)
{
    const struct matching *matching = asking->matching;
    GHashTable *held_back = matching->report->held_back;
    for (guint i = 0; i < asking->rejected->len; i++) {
        const struct rejected *r = &g_array_index(asking->rejected, struct rejected, i);
        if (matching_score(matching, query, r->patent_id) < least)
            continue;
        gpointer count = g_hash_table_lookup(held_back, r->filter);
        g_hash_table_insert(held_back, (gpointer)(uintptr_t)r->filter,
                            GINT_TO_POINTER(GPOINTER_TO_INT(count) + 1));
    }
}

json_t *matching_reasons(const struct reasons *reasons)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < reasons->count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:I}", "text", reasons->items[i].text, "kind",
                            reasons->items[i].kind == REASON_CLASS ? "class" : "term", "points",
                            (json_int_t)reasons->items[i].points));
    return list;
}

json_t *matching_aspects(const struct matching *matching, const GArray *aspects,
                         const struct query *query, int64_t patent_id)
{
    uint32_t doc;
    const struct index *ix = parts_find(matching->parts, patent_id, &doc);
    json_t *list = json_array();
    for (guint i = 0; ix && i < aspects->len; i++) {
        const struct aspect *aspect = &g_array_index(aspects, struct aspect, i);
        json_array_append_new(
            list, json_pack("{s:s, s:s%, s:b}", "kind", aspect_name(aspect->kind, false),
                            "text", query->text + aspect->start, (size_t)aspect->len, "covered",
                            (int)aspect_is_covered(aspect, query, ix, doc)));
    }
    return list;
}

double matching_class_share(const struct reasons *reasons)
{
    uint64_t points = 0;
    for (uint32_t i = 0; i < reasons->count; i++)
        points += reasons->items[i].kind == REASON_CLASS ? reasons->items[i].points : 0;
    return reasons->score ? (double)points / reasons->score : 0;
}

json_t *matching_lead(const struct matching *matching, const json_t *need,
                      const struct weighed *weighed, uint32_t next, uint32_t rank)
{
    json_t *certainty;
    struct interest_lead lead = {.fit = weighed->fit,
                                 .gap =
                                     (double)(weighed->score - next) / MAX(weighed->score, 1u),
                                 .class_share = weighed->class_share,
                                 .rank = rank};
    double probability = interest_weigh(&matching->interest, number_of(need, "enterprise_id"),
                                        &lead, &certainty);
    g_autofree char *patent_id = g_strdup_printf("%" G_GINT64_FORMAT, weighed->patent_id);
    return json_pack("{s:s, s:s, s:i, s:I, s:f, s:f, s:o, s:i, s:O, s:O, s:s, s:s}",
                     "patent_id", patent_id, "need_id", text_of(need, "need_id"), "agency_id",
                     matching->options->agency_id, "score", (json_int_t)weighed->score, "fit",
                     weighed->fit, "probability", probability, "certainty", certainty, "rank",
                     (int)rank, "aspects", weighed->aspects, "reasons", weighed->reasons,
                     "model", matching->model, "state", "proposed");
}

static struct weighed weigh_hit(const struct asking *asking, const struct query *query,
                                const struct hit *hit, const struct reasons *reasons)
{
    return (struct weighed){
        .patent_id = hit->id,
        .score = hit->score,
        .fit = query_fit(query, hit->score),
        .class_share = matching_class_share(reasons),
        .reasons = matching_reasons(reasons),
        .aspects = matching_aspects(asking->matching, asking->aspects, query, hit->id)};
}

/* The best hits of a need, near-twins folded: `k` patents at most, each with those that say nearly the same. */
struct chosen {
    struct hit *hits;
    json_t **twins; /* ids as strings, best first; NULL: none */
    size_t count;
};

static bool is_twin(const struct matching *matching, int64_t one, int64_t other)
{
    struct held_patent a, b;
    return living_patent(matching->state, one, &a) &&
           living_patent(matching->state, other, &b) && matching_are_twins(&a, &b);
}

static bool fold(const struct matching *matching, struct chosen *chosen, const struct hit *hit)
{
    for (size_t c = 0; c < chosen->count; c++) {
        if (!is_twin(matching, hit->id, chosen->hits[c].id))
            continue;
        if (!chosen->twins[c])
            chosen->twins[c] = json_array();
        json_array_append_new(chosen->twins[c], json_sprintf("%" G_GINT64_FORMAT, hit->id));
        return true;
    }
    return false;
}

static void choose(const struct matching *matching, const struct hit *hits, size_t found,
                   size_t k, struct chosen *chosen)
{
    for (size_t i = 0; i < found && chosen->count < k; i++)
        if (!fold(matching, chosen, &hits[i]))
            chosen->hits[chosen->count++] = hits[i];
}

static void forget(struct chosen *chosen)
{
    for (size_t c = 0; c < chosen->count; c++)
        g_clear_pointer(&chosen->twins[c], json_decref);
    chosen->count = 0;
}

/* Looks further as long as twins have left room. */
static void search_apart(const struct matching *matching, struct asking *asking,
                         const struct query *query, size_t k, struct chosen *chosen)
{
    size_t docs = MAX(parts_docs(matching->parts), 1u);
    for (size_t room = MIN(2 * k, docs);; room = MIN(4 * room, docs)) {
        g_autofree struct hit *hits = g_new0(struct hit, room);
        forget(chosen);
        g_array_set_size(asking->rejected, 0);
        size_t found =
            parts_search_top(matching->searcher, query, room, SEARCH_AUTO, keep, asking, hits);
        choose(matching, hits, found, k, chosen);
        if (chosen->count == k || found < room || room == docs)
            return;
    }
}

/* Part by part: each looks a term up once for all of its own. */
static void reasons_of_hits(const struct matching *matching, const struct query *query,
                            const struct chosen *chosen, struct reasons **out)
{
    g_autofree uint32_t *docs = g_new0(uint32_t, chosen->count + 1);
    g_autofree size_t *places = g_new0(size_t, chosen->count + 1);
    g_autofree struct reasons **found = g_new0(struct reasons *, chosen->count + 1);
    for (uint32_t p = 0; p < parts_count(matching->parts); p++) {
        const struct index *ix = parts_at(matching->parts, p);
        uint32_t count = 0, doc;
        for (size_t i = 0; i < chosen->count; i++)
            if (parts_find(matching->parts, chosen->hits[i].id, &doc) == ix) {
                places[count] = i;
                docs[count++] = doc;
            }
        if (count > 0)
            reasons_of_docs(query, ix, docs, count, found);
        for (uint32_t i = 0; i < count; i++)
            out[places[i]] = found[i];
    }
}

static void add_leads(const struct asking *asking, const struct query *query,
                      const struct chosen *chosen, json_t *leads)
{
    const struct matching *matching = asking->matching;
    g_autofree struct reasons **reasons = g_new0(struct reasons *, chosen->count + 1);
    reasons_of_hits(matching, query, chosen, reasons);
    for (size_t i = 0; i < chosen->count; i++) {
        if (!reasons[i])
            continue; /* no part has it: can't be, it was found there */
        struct weighed weighed = weigh_hit(asking, query, &chosen->hits[i], reasons[i]);
        uint32_t next = chosen->hits[i + 1 < chosen->count ? i + 1 : i].score;
        json_t *lead = matching_lead(matching, asking->need, &weighed, next, (uint32_t)i + 1);
        json_object_set_new(lead, "twins",
                            chosen->twins[i] ? json_incref(chosen->twins[i]) : json_null());
        json_array_append_new(leads, lead);
        json_decref(weighed.reasons);
        json_decref(weighed.aspects);
        reasons_free(reasons[i]);
    }
}

/* What somebody else needs to know to fold near-twins. */
static void add_facts(const struct matching *matching, int64_t patent_id, json_t *candidate)
{
    struct held_patent held;
    json_t *owners = json_array(), *sketch = json_array();
    if (living_patent(matching->state, patent_id, &held)) {
        for (const char *owner = held.owners; *owner; owner += strlen(owner) + 1)
            json_array_append_new(owners, json_string(owner));
        for (int i = 0; i < SKETCH_BINS; i++)
            json_array_append_new(sketch, json_integer(held.sketch.least[i]));
    }
    json_object_set_new(candidate, "owners", owners);
    json_object_set_new(candidate, "sketch", sketch);
}

static json_t *candidate_of(const struct asking *asking, const struct query *query,
                            const struct hit *hit, const struct reasons *reasons)
{
    struct weighed weighed = weigh_hit(asking, query, hit, reasons);
    json_t *candidate =
        json_pack("{s:o, s:I, s:f, s:f, s:o, s:o}", "patent_id",
                  json_sprintf("%" G_GINT64_FORMAT, hit->id), "score", (json_int_t)hit->score,
                  "fit", weighed.fit, "class_share", weighed.class_share, "reasons",
                  weighed.reasons, "aspects", weighed.aspects);
    add_facts(asking->matching, hit->id, candidate);
    return candidate;
}

json_t *matching_candidates(const struct matching *matching, const json_t *need,
                            const struct query *query, size_t room)
{
    struct asking asking;
    json_t *list = json_array();
    room = MIN(room, MAX(parts_docs(matching->parts), 1u));
    g_autofree struct hit *hits = g_new0(struct hit, room);
    g_autofree struct reasons **reasons = g_new0(struct reasons *, room);
    asking_init(&asking, matching, need);
    aspects_of_query(query, asking.aspects);
    struct chosen chosen = {.hits = hits};
    chosen.count =
        parts_search_top(matching->searcher, query, room, SEARCH_AUTO, keep, &asking, hits);
    reasons_of_hits(matching, query, &chosen, reasons);
    for (size_t i = 0; i < chosen.count; i++) {
        if (!reasons[i])
            continue; /* as in add_leads */
        json_array_append_new(list, candidate_of(&asking, query, &hits[i], reasons[i]));
        reasons_free(reasons[i]);
    }
    asking_clear(&asking);
    return list;
}

struct need_strength matching_strength(const struct matching *matching,
                                       const struct query *query)
{
    uint32_t count = parts_count(matching->parts);
    g_autofree const struct index **indexes = g_new0(const struct index *, count);
    for (uint32_t i = 0; i < count; i++)
        indexes[i] = parts_at(matching->parts, i);
    return explain_strength_over(query, indexes, count);
}

void matching_search_need(const struct matching *matching, const json_t *need, json_t *leads)
{
    size_t k = (size_t)matching->options->k;
    g_autofree struct hit *hits = g_new0(struct hit, k);
    g_autofree json_t **twins = g_new0(json_t *, k);
    struct chosen chosen = {hits, twins, 0};
    struct asking asking;
    g_autoptr(match_query) query = matching_query(matching, need);
    asking_init(&asking, matching, need);
    aspects_of_query(query, asking.aspects);
    search_apart(matching, &asking, query, k, &chosen);
    count_held_back(&asking, query, chosen.count == k ? hits[k - 1].score : 1);
    add_leads(&asking, query, &chosen, leads);
    forget(&chosen);
    asking_clear(&asking);
    matching->report->searched++;
    if (matching_strength(matching, query).is_thin)
        g_ptr_array_add(matching->report->thin, g_strdup(text_of(need, "source_id")));
}
