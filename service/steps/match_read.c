/* match_read.c - what a matching holds: the patents of an agency in an index, and what the filters ask about them. */
#include "loader/names.h"
#include "service/steps/match_own.h"
#include "service/steps/words.h"
#include "sql/match.h"

static void held_patent_free(gpointer data)
{
    struct held_patent *patent = data;
    g_strfreev(patent->owners);
    g_free(patent->legal_status);
    g_free(patent->type);
    g_free(patent->application_date);
    g_free(patent->title);
    g_free(patent->abstract);
    g_free(patent);
}

static char **fold_all(const char *const *names)
{
    GPtrArray *folded = g_ptr_array_new();
    for (; names && *names; names++)
        g_ptr_array_add(folded, name_fold(*names));
    g_ptr_array_add(folded, NULL);
    return (char **)g_ptr_array_free(folded, FALSE);
}

static void take_patent(const struct match_patent *row, void *user)
{
    struct matching *matching = user;
    struct held_patent *patent = g_new0(struct held_patent, 1);
    *patent = (struct held_patent){.patent_id = row->patent_id,
                                   .seq = row->seq,
                                   .owners = fold_all(row->owners),
                                   .legal_status = g_strdup(row->legal_status),
                                   .type = g_strdup(row->type),
                                   .application_date = g_strdup(row->application_date)};
    if (row->patent_id == matching->shown) {
        patent->title = g_strdup(row->title);
        patent->abstract = g_strdup(row->abstract);
    }
    g_hash_table_insert(matching->patents, &patent->patent_id, patent);
    size_t classes = g_strv_length((char **)(uintptr_t)row->classes);
    struct document document = {row->patent_id, row->title, row->abstract, row->classes,
                                classes};
    index_add_sketch(matching->builder, &document, &patent->sketch);
}

bool matching_are_twins(const struct held_patent *a, const struct held_patent *b)
{
    static const double alike = .7; /* of two texts' pairs, in both */
    if (sketch_likeness(&a->sketch, &b->sketch) < alike)
        return false;
    for (char **owner = a->owners; *owner; owner++)
        if (g_strv_contains((const char *const *)b->owners, *owner))
            return true;
    return false;
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

bool matching_read_patents(struct matching *matching, GError **error)
{
    struct weighing weighing = weighing_default;
    if (!words_open(NULL, &matching->dictionary, error))
        return false;
    weighing.dictionary = matching->dictionary;
    matching->builder = index_builder_new(&weighing);
    if (!match_patents(matching->db, matching->options->agency_id, take_patent, matching,
                       error) ||
        !match_pushed(matching->db, matching->options->agency_id, take_pushed, matching,
                      error)) {
        index_builder_free(matching->builder);
        return false;
    }
    matching->index = index_finish(matching->builder, error);
    if (!matching->index)
        return false;
    matching->searcher = search_new(matching->index);
    matching->report->patents = matching->index->doc_count;
    matching->report->index_bytes = (int64_t)index_bytes(matching->index);
    return true;
}

void matching_init(struct matching *matching, struct db *db,
                   const struct match_options *options, struct match_report *report)
{
    *matching = (struct matching){
        .db = db,
        .options = options,
        .report = report,
        .patents = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, held_patent_free),
        .pushed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

void matching_clear(struct matching *matching)
{
    json_decref(matching->needs);
    search_free(matching->searcher);
    index_free(matching->index);
    dictionary_free(matching->dictionary);
    g_hash_table_unref(matching->patents);
    g_hash_table_unref(matching->pushed);
}
