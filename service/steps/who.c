#include "service/steps/who.h"
#include "loader/names.h"
#include "service/steps/match_own.h"
#include "service/steps/titles.h"
#include "sql/match.h"
#include <string.h>

enum { PATENTS = 200, EVIDENCE = 3, EVIDENCE_SHARE = 4, WORD_LEAST = 2, CLASS_LEAST = 4 };

static const char *const names[WHO_KINDS] = {"experts", "institutions", "enterprises"};

bool who_kind_read(const char *name, enum who_kind *out)
{
    for (size_t i = 0; name && i < WHO_KINDS; i++)
        if (g_str_equal(names[i], name)) {
            *out = (enum who_kind)i;
            return true;
        }
    return false;
}

const char *who_kind_name(enum who_kind kind)
{
    return names[kind];
}

const char *who_evidence_words(const char *what, bool chinese)
{
    static const struct {
        const char *what, *en, *zh;
    } words[] = {{"invented", "inventor of", "发明人："},
                 {"acted_for", "acted for", "代理过："},
                 {"owns", "owns", "自有："},
                 {"bought", "bought", "购入："},
                 {"licensed", "took a licence of", "被许可："}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(words[i].what, what))
            return chinese ? words[i].zh : words[i].en;
    return what;
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* What is asked for, and who asks. */
struct asked {
    struct matching matching;
    enum who_kind kind;
    json_t *subject; /* row of match_needs, or of who_patent */
    bool is_need;
    int64_t patent_id;
    struct query *query;
    json_t *patents;      /* [{patent_id, score}]: those that fit best */
    GHashTable *evidence; /* who_id -> json_t *, an array of pieces */
};

/* ---- The question */

static struct query *patent_query(const struct asked *asked)
{
    g_autofree char *text = g_strconcat(text_of(asked->subject, "title"), "\n",
                                        text_of(asked->subject, "abstract"), NULL);
    g_autoptr(GPtrArray) classes = g_ptr_array_new();
    const json_t *list = json_object_get(asked->subject, "classes");
    for (size_t i = 0; i < json_array_size(list); i++)
        g_ptr_array_add(classes,
                        (gpointer)(uintptr_t)json_string_value(json_array_get(list, i)));
    return parts_query(asked->matching.parts, text, (const char *const *)classes->pdata,
                       classes->len);
}

static bool read_need(struct asked *asked, const char *name, GError **error)
{
    struct matching *matching = &asked->matching;
    const struct match_options *options = matching->options;
    matching->needs = match_needs(matching->db, options->agency_id, options->today, error);
    for (size_t i = 0; i < json_array_size(matching->needs); i++) {
        json_t *need = json_array_get(matching->needs, i);
        if (g_str_equal(text_of(need, "source_id"), name) ||
            g_str_equal(text_of(need, "need_id"), name)) {
            asked->subject = json_incref(need);
            return true;
        }
    }
    if (matching->needs)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "no standing need '%s' at this agency", name);
    return false;
}

static bool read_subject(struct asked *asked, const char *need, GError **error)
{
    asked->is_need = need != NULL;
    if (need && asked->kind == WHO_ENTERPRISES) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_STATE,
                    "a need has its enterprise; enterprises are found for a patent");
        return false;
    }
    if (need)
        return read_need(asked, need, error);
    asked->subject = who_patent(asked->matching.db, asked->matching.options->agency_id,
                                asked->patent_id, error);
    return asked->subject != NULL;
}

static void find_patents(struct asked *asked)
{
    struct hit hits[PATENTS];
    size_t count = parts_search_top(asked->matching.searcher, asked->query, PATENTS,
                                    SEARCH_AUTO, NULL, NULL, hits);
    asked->patents = json_array();
    for (size_t i = 0; i < count; i++)
        if (asked->is_need || hits[i].id != asked->patent_id)
            json_array_append_new(asked->patents,
                                  json_pack("{s:o, s:I}", "patent_id",
                                            json_sprintf("%" G_GINT64_FORMAT, hits[i].id),
                                            "score", (json_int_t)hits[i].score));
}

/* The best three of each. */
static bool find_evidence(struct asked *asked, GError **error)
{
    json_auto_t *rows = who_patents(asked->matching.db, asked->kind,
                                    asked->matching.options->agency_id, asked->patents, error);
    size_t i;
    json_t *row;
    asked->evidence =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
    json_array_foreach(rows, i, row)
    {
        const char *who = text_of(row, "who_id");
        json_t *pieces = g_hash_table_lookup(asked->evidence, who);
        if (!pieces) {
            pieces = json_array();
            g_hash_table_insert(asked->evidence, g_strdup(who), pieces);
        }
        if (json_array_size(pieces) < EVIDENCE)
            json_array_append_new(
                pieces,
                json_pack("{s:O, s:O, s:O, s:I}", "what", json_object_get(row, "what"),
                          "patent", json_object_get(row, "patent"), "title",
                          json_object_get(row, "title"), "points",
                          json_integer_value(json_object_get(row, "score")) / EVIDENCE_SHARE));
    }
    return rows != NULL;
}

/* ---- The answers */

static bool is_owner(const struct asked *asked, const json_t *row)
{
    struct held_patent held;
    if (asked->is_need || asked->kind != WHO_ENTERPRISES ||
        !living_patent(asked->matching.state, asked->patent_id, &held))
        return false;
    g_autofree char *name = name_fold(text_of(row, "name"));
    const char *const list[] = {name, NULL};
    size_t len;
    g_autofree char *block = owners_block(list, &len);
    return owners_meet(block, held.owners);
}

bool who_reason_tells(const json_t *reason)
{
    bool is_class = g_str_equal(text_of(reason, "kind"), "class");
    return g_utf8_strlen(text_of(reason, "text"), -1) >= (is_class ? CLASS_LEAST : WORD_LEAST);
}

static bool tells_anything(const json_t *reasons)
{
    for (size_t i = 0; i < json_array_size(reasons); i++)
        if (who_reason_tells(json_array_get(reasons, i)))
            return true;
    return false;
}

static json_t *item_of(const struct asked *asked, json_t *row)
{
    const json_t *symbols = json_object_get(row, "classes");
    g_autofree const char **classes = g_new0(const char *, json_array_size(symbols) + 1);
    for (size_t i = 0; i < json_array_size(symbols); i++)
        classes[i] = json_string_value(json_array_get(symbols, i));
    struct document document = {0, text_of(row, "title"), text_of(row, "text"), classes,
                                json_array_size(symbols)};
    g_autoptr(match_profile) profile =
        profile_new(parts_at(asked->matching.parts, 0), &document);
    g_autoptr(match_reasons) reasons = reasons_of_profile(asked->query, profile);
    json_t *pieces = g_hash_table_lookup(asked->evidence, text_of(row, "who_id"));
    json_int_t score = reasons->score;
    for (size_t i = 0; i < json_array_size(pieces); i++)
        score += json_integer_value(json_object_get(json_array_get(pieces, i), "points"));
    json_auto_t *list = matching_reasons(reasons);
    if (score == 0 || (!pieces && !tells_anything(list)))
        return NULL;
    double fit = MIN(1, query_fit(asked->query, 1) * (double)score);
    json_t *item =
        json_pack("{s:O, s:O, s:I, s:f, s:o, s:o, s:O}", "key", json_object_get(row, "key"),
                  "name", json_object_get(row, "name"), "score", score, "fit", fit, "reasons",
                  json_incref(list), "evidence", pieces ? json_incref(pieces) : json_array(),
                  "invented", json_object_get(row, "invented"));
    if (*text_of(row, "industry"))
        json_object_set(item, "industry", json_object_get(row, "industry"));
    return item;
}

static gint by_score(gconstpointer a, gconstpointer b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    json_int_t one = json_integer_value(json_object_get(x, "score")),
               other = json_integer_value(json_object_get(y, "score"));
    return one != other ? (one < other) - (one > other)
                        : strcmp(text_of(x, "key"), text_of(y, "key"));
}

static json_t *best_of(const struct asked *asked, json_t *rows)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    json_t *best = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_t *item = is_owner(asked, row) ? NULL : item_of(asked, row);
        if (item)
            g_ptr_array_add(items, item);
    }
    g_ptr_array_sort(items, by_score);
    for (guint k = 0; k < items->len && k < (guint)asked->matching.options->k; k++) {
        json_object_set_new(items->pdata[k], "rank", json_integer(k + 1));
        json_array_append(best, items->pdata[k]);
    }
    return best;
}

static bool answer(struct asked *asked, json_t **out, GError **error)
{
    struct matching *matching = &asked->matching;
    asked->query =
        asked->is_need ? matching_query(matching, asked->subject) : patent_query(asked);
    find_patents(asked);
    json_auto_t *rows =
        who_candidates(matching->db, asked->kind, matching->options->agency_id, error);
    if (!rows || !find_evidence(asked, error))
        return false;
    json_auto_t *items = best_of(asked, rows);
    if (!titles_add(matching->db, items, error))
        return false;
    const char *what = asked->is_need ? "need" : "patent";
    *out = json_pack("{s:s, s:{s:O, s:O}, s:O}", "who", names[asked->kind], "for", what,
                     json_object_get(asked->subject, asked->is_need ? "source_id" : "patent"),
                     "title", json_object_get(asked->subject, "title"), "items", items);
    return true;
}

static void asked_clear(struct asked *asked)
{
    query_free(asked->query);
    json_decref(asked->subject);
    json_decref(asked->patents);
    if (asked->evidence)
        g_hash_table_unref(asked->evidence);
    matching_clear(&asked->matching);
}

bool who_find(struct db *db, const struct match_options *options, enum who_kind kind,
              const char *need, int64_t patent_id, json_t **out, GError **error)
{
    struct match_report report = {0};
    struct asked asked = {.kind = kind, .patent_id = patent_id};
    *out = NULL;
    matching_init(&asked.matching, db, options, &report);
    bool done = db_begin(db, DB_SERVICE, options->agency_id, error);
    if (done) {
        done = matching_read_model(&asked.matching, error) &&
               read_subject(&asked, need, error) &&
               matching_read_patents(&asked.matching, error) && answer(&asked, out, error);
        db_rollback(db); /* it only read */
    }
    asked_clear(&asked);
    return done;
}
