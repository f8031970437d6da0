#include "service/steps/look.h"
#include "service/steps/advice.h"
#include "service/steps/match_own.h"
#include "service/steps/numbers.h"
#include "service/steps/titles.h"
#include "sql/match.h"
#include "sql/own.h"

/* ---- A matching that only looks */

struct looking {
    struct match_report report;
    struct matching matching;
};

static void looking_init(struct looking *looking, struct db *db,
                         const struct match_options *options)
{
    looking->report =
        (struct match_report){.held_back = g_hash_table_new(g_str_hash, g_str_equal),
                              .thin = g_ptr_array_new_with_free_func(g_free)};
    matching_init(&looking->matching, db, options, &looking->report);
}

static void looking_clear(struct looking *looking)
{
    matching_clear(&looking->matching);
    match_report_clear(&looking->report);
}

/* ---- What a text finds */

/* A row of match_needs() that stands nowhere yet. It is of no enterprise, so that what was pushed to this one is found, too; by its name
 * and affiliates its own patents are not. */
static json_t *need_of(const struct look *look)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:n, s:s, s:O, s:O, s:b}", "need_id", "0",
                     "source_id", "", "title", "", "text", look->text, "ipc", "enterprise_id",
                     "0", "enterprise", json_object_get(look->enterprise, "name"), "affiliates",
                     json_object_get(look->enterprise, "affiliates"), "stopped", 0);
}

static json_t *named_in(const char *text)
{
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    json_t *list = json_array();
    aspects_read(text, aspects);
    for (guint i = 0; i < aspects->len; i++) {
        const struct aspect *aspect = &g_array_index(aspects, struct aspect, i);
        json_array_append_new(list,
                              json_pack("{s:s, s:s%}", "kind", aspect_name(aspect->kind, false),
                                        "text", text + aspect->start, (size_t)aspect->len));
    }
    return list;
}

static json_t *ids_of(const json_t *leads)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(leads); i++)
        json_array_append(ids, json_object_get(json_array_get(leads, i), "patent_id"));
    return ids;
}

/* The lead's part of what is told, put beside the patent's; the order is the leads'. */
static json_t *told(const json_t *leads, const json_t *patents)
{
    static const char *const kept[] = {"fit", "reasons", "aspects"};
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(leads); i++)
        for (size_t k = 0; k < json_array_size(patents); k++) {
            const json_t *lead = json_array_get(leads, i);
            json_t *patent = json_array_get(patents, k);
            if (!json_equal(json_object_get(lead, "patent_id"),
                            json_object_get(patent, "patent_id")))
                continue;
            json_t *one = json_copy(patent);
            json_object_del(one, "patent_id");
            for (size_t n = 0; n < G_N_ELEMENTS(kept); n++)
                json_object_set(one, kept[n], json_object_get(lead, kept[n]));
            json_array_append_new(list, one);
        }
    return list;
}

static bool search(struct looking *looking, const struct look *look, json_t **out,
                   GError **error)
{
    struct matching *matching = &looking->matching;
    json_auto_t *leads = json_array(), *need = need_of(look);
    if (!matching_read_model(matching, error) || !matching_read_patents(matching, error))
        return false;
    matching_search_need(matching, need, leads);
    json_auto_t *ids = ids_of(leads);
    bool done =
        titles_add(matching->db, leads, error) && numbers_check(matching->db, leads, error);
    json_auto_t *patents = done ? own_found(matching->db, ids, error) : NULL;
    if (patents)
        *out = json_pack("{s:o?, s:o, s:o}", "thin", advice_of(matching, need), "aspects",
                         named_in(look->text), "patents", told(leads, patents));
    return patents != NULL;
}

bool look_for(struct db *db, const struct match_options *options, const struct look *look,
              json_t **out, GError **error)
{
    struct looking looking;
    looking_init(&looking, db, options);
    bool done = db_begin(db, DB_SERVICE, options->agency_id, error) &&
                search(&looking, look, out, error);
    db_rollback(db); /* it only read */
    looking_clear(&looking);
    return done;
}

/* ---- Where a patent says it */

static bool read_spans(struct looking *looking, const json_t *need, int64_t patent_id,
                       json_t **out, GError **error)
{
    uint32_t doc;
    struct held_patent held;
    struct matching *matching = &looking->matching;
    if (!matching_read_patents(matching, error))
        return false;
    *out = json_null();
    if (!living_patent(matching->state, patent_id, &held))
        return true;
    json_auto_t *texts =
        match_text(matching->db, matching->options->agency_id, patent_id, error);
    const struct index *ix = parts_find(matching->parts, patent_id, &doc);
    g_autoptr(match_query) query = matching_query(matching, need);
    if (texts && ix)
        *out = json_pack("{s:o, s:o}", "title",
                         matching_spans(query, ix, json_object_get(texts, "title")), "abstract",
                         matching_spans(query, ix, json_object_get(texts, "abstract")));
    return texts != NULL;
}

bool look_spans(struct db *db, const struct match_options *options, const json_t *need,
                int64_t patent_id, json_t **out, GError **error)
{
    struct looking looking;
    looking_init(&looking, db, options);
    bool done = read_spans(&looking, need, patent_id, out, error);
    looking_clear(&looking);
    return done;
}
