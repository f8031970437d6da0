/* match_read.c - what a matching holds: the living index of an agency's patents, and what has been pushed. */
#include "service/steps/match_own.h"
#include "sql/match.h"

bool matching_are_twins(const struct held_patent *a, const struct held_patent *b)
{
    static const double alike = .7; /* of two texts' pairs, in both */
    return families_meet(a->owners, b->owners) ||
           (sketch_likeness(&a->sketch, &b->sketch) >= alike &&
            owners_meet(a->owners, b->owners));
}

char *matching_pushed_key(int64_t patent_id, int64_t enterprise_id)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, patent_id, enterprise_id);
}

static void take_pushed(int64_t patent_id, int64_t enterprise_id, void *user)
{
    struct matching *matching = user;
    g_hash_table_add(matching->pushed, matching_pushed_key(patent_id, enterprise_id));
}

uint32_t matching_score(const struct matching *matching, const struct query *query,
                        int64_t patent_id)
{
    uint32_t doc;
    const struct index *ix = parts_find(matching->parts, patent_id, &doc);
    return ix ? search_score_doc(query, ix, doc) : 0;
}

bool matching_read_model(struct matching *matching, GError **error)
{
    if (!interest_read(matching->db, matching->options->agency_id, &matching->interest, error))
        return false;
    matching->model = matching->interest.version ? g_strdup_printf("%s+answers-%d", MATCH_MODEL,
                                                                   matching->interest.version)
                                                 : g_strdup(MATCH_MODEL);
    return true;
}

void matching_hold(struct matching *matching)
{
    matching->state = living_hold(matching->living);
    matching->parts = living_parts(matching->state);
    matching->searcher = parts_search_new(matching->parts);
}

void matching_let_go(struct matching *matching)
{
    g_clear_pointer(&matching->searcher, parts_search_free);
    if (matching->state)
        living_let_go(matching->living);
    matching->state = NULL;
    matching->parts = NULL;
}

bool matching_read_patents(struct matching *matching, GError **error)
{
    const struct match_options *options = matching->options;
    static const struct living_options nowhere = {0};
    if (!options->store)
        matching->own = living_store_new(&nowhere);
    matching->living =
        living_of(options->store ? options->store : matching->own, options->agency_id, error);
    if (!matching->living || !living_catch_up(matching->living, matching->db, error) ||
        !match_pushed(matching->db, options->agency_id, take_pushed, matching, error) ||
        !interest_read_history(matching->db, options->agency_id, &matching->interest, error))
        return false;
    matching_hold(matching);
    matching->report->patents = parts_docs(matching->parts);
    matching->report->index_bytes = (int64_t)parts_bytes(matching->parts);
    return true;
}

void matching_init(struct matching *matching, struct db *db,
                   const struct match_options *options, struct match_report *report)
{
    *matching = (struct matching){
        .db = db,
        .options = options,
        .report = report,
        .pushed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

void matching_clear(struct matching *matching)
{
    json_decref(matching->needs);
    matching_let_go(matching);
    interest_state_clear(&matching->interest);
    g_free(matching->model);
    living_store_free(matching->own);
    g_hash_table_unref(matching->pushed);
}
