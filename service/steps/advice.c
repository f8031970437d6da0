#include "service/steps/advice.h"
#include "matcher/aspects.h"
#include "service/steps/match_own.h"
#include "sql/match.h"

enum { MOST = 1000 };

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* What to say where nothing of a kind is named. */
static const char *const wants[ASPECT_KINDS][2] = {
    {"the product or part it is about", "用在什么产品或部件上"},
    {"the material", "用什么材料"},
    {"the process", "用什么工艺"},
    {"the property that is wanted", "希望达到的性能"},
    {"what goes wrong now", "现在出了什么问题"},
    {"figures with their units", "数值和单位"}};

static json_t *lacks_of(const char *text, char **advice, char **advice_zh)
{
    bool named[ASPECT_KINDS] = {false};
    g_autoptr(GArray) aspects = g_array_new(FALSE, FALSE, sizeof(struct aspect));
    g_autoptr(GString) en = g_string_new("too thin to match on; say also: ");
    g_autoptr(GString) zh = g_string_new("太短，难以匹配；请补充：");
    json_t *lacks = json_array();
    aspects_read(text, aspects);
    for (guint i = 0; i < aspects->len; i++)
        named[g_array_index(aspects, struct aspect, i).kind] = true;
    for (int kind = 0; kind < ASPECT_KINDS; kind++) {
        if (named[kind])
            continue;
        g_string_append_printf(en, "%s%s", json_array_size(lacks) ? ", " : "", wants[kind][0]);
        g_string_append_printf(zh, "%s%s", json_array_size(lacks) ? "、" : "", wants[kind][1]);
        json_array_append_new(lacks, json_string(aspect_name((enum aspect_kind)kind, false)));
    }
    *advice = g_string_free(g_steal_pointer(&en), FALSE);
    *advice_zh = g_string_free(g_steal_pointer(&zh), FALSE);
    return lacks;
}

json_t *advice_of(const struct matching *matching, const json_t *need)
{
    g_autofree char *advice = NULL, *advice_zh = NULL;
    g_autoptr(match_query) query = matching_query(matching, need);
    struct need_strength strength = matching_strength(matching, query);
    if (parts_docs(matching->parts) == 0)
        strength = explain_strength_of(strength.pairs);
    if (!strength.is_thin)
        return NULL;
    json_t *lacks = lacks_of(query->text, &advice, &advice_zh);
    return json_pack("{s:s, s:I, s:f, s:o, s:s, s:s}", "need", text_of(need, "source_id"),
                     "known", (json_int_t)strength.known, "chance", strength.chance, "lacks",
                     lacks, "advice", advice, "advice_zh", advice_zh);
}

json_t *advice_for_batch(struct db *db, const struct match_options *options, int64_t batch_id,
                         GError **error)
{
    struct match_report report = {0};
    struct matching matching;
    json_t *out = NULL;
    matching_init(&matching, db, options, &report);
    if (db_begin(db, DB_SERVICE, options->agency_id, error)) {
        json_auto_t *needs = match_batch_needs(db, options->agency_id, batch_id, MOST, error);
        if (needs && matching_read_patents(&matching, error)) {
            out = json_array();
            for (size_t i = 0; i < json_array_size(needs); i++) {
                json_t *advice = advice_of(&matching, json_array_get(needs, i));
                if (advice)
                    json_array_append_new(out, advice);
            }
        }
        db_rollback(db); /* it only read */
    }
    matching_clear(&matching);
    return out;
}

bool advice_add(struct db *db, const struct match_options *options, json_t *report,
                GError **error)
{
    int64_t wrote = json_integer_value(json_object_get(report, "new")) +
                    json_integer_value(json_object_get(report, "changed"));
    int64_t batch = json_integer_value(json_object_get(report, "batch"));
    if (!g_str_equal(text_of(report, "kind"), "need") || wrote == 0 || batch == 0 ||
        json_is_true(json_object_get(report, "dry_run")))
        return true;
    json_t *thin = advice_for_batch(db, options, batch, error);
    if (thin)
        json_object_set_new(report, "thin", thin);
    return thin != NULL;
}
