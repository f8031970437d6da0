#include "service/track/pack.h"
#include "policies_embedded.h"
#include <string.h>

G_DEFINE_QUARK(patbridge - pack - error, pack_error)

void pack_free(struct pack *pack)
{
    if (!pack)
        return;
    json_decref(pack->root);
    g_free(pack->text);
    g_free(pack->digest);
    g_free(pack);
}

/* ---- Checking */

static bool wrong(GError **error, const char *where, const char *path, const char *what)
{
    g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT, "policy pack %s: %s: %s", where, path,
                what);
    return false;
}

static bool is_day(const json_t *value)
{
    int year = 0, month = 0, day = 0, used = 0;
    const char *text = json_string_value(value);
    return text && sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 &&
           used == 10 && !text[10] &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static bool is_both_languages(const json_t *value)
{
    return json_is_string(json_object_get(value, "zh")) &&
           json_is_string(json_object_get(value, "en"));
}

static bool is_positive(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) > 0;
}

static bool is_metric(const json_t *value)
{
    static const char *const known[] = {"patents", "enterprises", "experts", "institutions",
                                        "needs",   "pushes",      "deals"};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (json_is_string(value) && g_str_equal(json_string_value(value), known[i]))
            return true;
    return false;
}

/* The parameters that the metrics read, and what they may be. */
enum value_kind {
    VALUE_LIST,
    VALUE_YES_NO,
    VALUE_NUMBER,
    VALUE_TERMS,
    VALUE_UNIT,
    VALUE_FIGURE
};
static const struct {
    const char *name;
    enum value_kind kind;
    const char *expected;
} parameters[] = {
    {"accepted_kinds", VALUE_LIST, "expected a list of kinds"},
    {"patent_statuses_left_out", VALUE_LIST, "expected a list of legal statuses"},
    {"patent_unknown_counts", VALUE_YES_NO, "expected true or false"},
    {"patent_term_years", VALUE_TERMS, "expected {type: years, design_before: {day, years}}"},
    {"qualification_kinds", VALUE_LIST, "expected a list of kinds of qualification"},
    {"need_text_min", VALUE_NUMBER, "expected a number of characters"},
    {"need_jaccard", VALUE_NUMBER, "expected a number from 0.5 on"},
    {"push_accepting_channels", VALUE_LIST, "expected a list of channels"},
    {"push_opened_counts", VALUE_YES_NO, "expected true or false"},
    {"push_answered_counts", VALUE_YES_NO, "expected true or false"},
    {"deal_unit", VALUE_UNIT, "expected contract or patent"},
    {"deal_figure", VALUE_FIGURE, "expected strict or literal"},
};

static bool is_list_of_texts(const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return false;
    return json_is_array(value);
}

static bool is_one_of(const json_t *value, const char *one, const char *other)
{
    const char *text = json_string_value(value);
    return text && (g_str_equal(text, one) || g_str_equal(text, other));
}

static bool is_terms(const json_t *value)
{
    const json_t *before = json_object_get(value, "design_before");
    return json_is_object(value) &&
           (!before || (is_day(json_object_get(before, "day")) &&
                        is_positive(json_object_get(before, "years"))));
}

static bool is_value(const json_t *value, enum value_kind kind, bool is_likeness)
{
    switch (kind) {
    case VALUE_LIST:
        return is_list_of_texts(value);
    case VALUE_YES_NO:
        return json_is_boolean(value);
    case VALUE_NUMBER:
        return json_is_number(value) && json_number_value(value) >= (is_likeness ? 0.5 : 0) &&
               (is_likeness || json_is_integer(value));
    case VALUE_TERMS:
        return is_terms(value);
    case VALUE_UNIT:
        return is_one_of(value, "contract", "patent");
    case VALUE_FIGURE:
        return is_one_of(value, "strict", "literal");
    }
    return false;
}

static bool check_overrides(json_t *overrides, const json_t *all, const char *where,
                            GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(overrides, name, value)
    {
        g_autofree char *path = g_strdup_printf("operating_procedures.overrides.%s", name);
        if (!json_object_get(all, name))
            return wrong(error, where, path, "no such parameter");
    }
    return true;
}

static bool check_parameters(const json_t *clause, json_t *overrides, const char *at,
                             const char *where, GError **error)
{
    const json_t *all = json_object_get(clause, "parameters");
    for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++) {
        g_autofree char *path = g_strdup_printf("%s.parameters.%s", at, parameters[i].name);
        const json_t *one = json_object_get(all, parameters[i].name);
        const json_t *override = json_object_get(overrides, parameters[i].name);
        bool is_likeness = g_str_equal(parameters[i].name, "need_jaccard");
        if (!is_both_languages(json_object_get(one, "reason")) ||
            !is_both_languages(json_object_get(one, "alternative")))
            return wrong(error, where, path,
                         "expected value, reason and alternative, the latter as {zh, en}");
        if (!is_value(override ? override : json_object_get(one, "value"), parameters[i].kind,
                      is_likeness))
            return wrong(error, where, path, parameters[i].expected);
    }
    return check_overrides(overrides, all, where, error);
}

static bool check_item(const json_t *item, const char *path, const char *where, GError **error)
{
    if (!is_metric(json_object_get(item, "metric")))
        return wrong(error, where, path, "metric: no such metric");
    if (!is_positive(json_object_get(item, "threshold")))
        return wrong(error, where, path, "threshold: expected a whole number above 0");
    if (!is_both_languages(json_object_get(item, "name")) ||
        !is_both_languages(json_object_get(item, "definition")))
        return wrong(error, where, path, "name, definition: expected {zh, en}");
    return true;
}

static bool check_clause(const json_t *clause, json_t *overrides, size_t place,
                         const char *where, GError **error)
{
    g_autofree char *at = g_strdup_printf("clauses[%zu]", place);
    const json_t *items = json_object_get(clause, "items");
    if (!json_is_string(json_object_get(clause, "id")) ||
        !json_is_string(json_object_get(clause, "wording")))
        return wrong(error, where, at, "id and wording are missing");
    if (!is_both_languages(json_object_get(clause, "name")))
        return wrong(error, where, at, "name: expected {zh, en}");
    if (!is_positive(json_object_get(clause, "amount_fen")))
        return wrong(error, where, at, "amount_fen: expected whole fen above 0");
    if (json_array_size(items) == 0)
        return wrong(error, where, at, "items: expected a list of metrics");
    for (size_t i = 0; i < json_array_size(items); i++) {
        g_autofree char *path = g_strdup_printf("%s.items[%zu]", at, i);
        if (!check_item(json_array_get(items, i), path, where, error))
            return false;
    }
    return check_parameters(clause, overrides, at, where, error);
}

static bool check_window(const json_t *root, const char *where, GError **error)
{
    const json_t *window = json_object_get(root, "window");
    const json_t *from = json_object_get(window, "from"), *to = json_object_get(window, "to");
    if (!is_day(from))
        return wrong(error, where, "window.from", "expected a day, as 2023-01-01");
    if (!is_day(json_object_get(window, "valid_from")))
        return wrong(error, where, "window.valid_from", "expected a day, as 2023-07-31");
    if (!json_is_null(to) && !is_day(to))
        return wrong(error, where, "window.to", "expected a day, or null for an open window");
    if (json_is_string(to) && strcmp(json_string_value(to), json_string_value(from)) < 0)
        return wrong(error, where, "window.to", "lies before window.from");
    return true;
}

static bool check_zone(const json_t *root, const char *where, GError **error)
{
    const char *name = json_string_value(json_object_get(root, "time_zone"));
    GTimeZone *zone = name ? g_time_zone_new_identifier(name) : NULL;
    if (!zone)
        return wrong(error, where, "time_zone", "expected a zone's name, as Asia/Shanghai");
    g_time_zone_unref(zone);
    return true;
}

static bool check_head(const json_t *root, const char *where, GError **error)
{
    const json_t *banner = json_object_get(root, "banner");
    if (!json_is_string(json_object_get(root, "id")))
        return wrong(error, where, "id", "is missing");
    if (!is_positive(json_object_get(root, "version")))
        return wrong(error, where, "version", "expected a whole number above 0");
    if (!is_both_languages(json_object_get(root, "name")))
        return wrong(error, where, "name", "expected {zh, en}");
    if (!json_is_boolean(json_object_get(root, "in_force")))
        return wrong(error, where, "in_force", "expected true or false");
    if (json_is_false(json_object_get(root, "in_force")) && !is_both_languages(banner))
        return wrong(error, where, "banner",
                     "a policy that is not in force must say so, as {zh, en}");
    if (!json_is_string(json_object_get(root, "division")))
        return wrong(error, where, "division", "expected a division code, as 350582");
    return check_window(root, where, error) && check_zone(root, where, error);
}

static bool check_pack(const json_t *root, const char *where, GError **error)
{
    const json_t *clauses = json_object_get(root, "clauses");
    json_t *overrides =
        json_object_get(json_object_get(root, "operating_procedures"), "overrides");
    if (!check_head(root, where, error))
        return false;
    if (json_array_size(clauses) == 0)
        return wrong(error, where, "clauses", "expected a list of clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++)
        if (!check_clause(json_array_get(clauses, i), overrides, i, where, error))
            return false;
    return true;
}

/* ---- Reading */

struct pack *pack_read(const char *text, const char *where, GError **error)
{
    json_error_t why;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT, "policy pack %s: line %d: %s", where,
                    why.line, why.text);
        return NULL;
    }
    if (!check_pack(root, where, error)) {
        json_decref(root);
        return NULL;
    }
    const json_t *window = json_object_get(root, "window");
    struct pack *pack = g_new(struct pack, 1);
    *pack = (struct pack){
        .root = root,
        .text = g_strdup(text),
        .digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1),
        .id = json_string_value(json_object_get(root, "id")),
        .version = (int)json_integer_value(json_object_get(root, "version")),
        .in_force = json_is_true(json_object_get(root, "in_force")),
        .from = json_string_value(json_object_get(window, "from")),
        .valid_from = json_string_value(json_object_get(window, "valid_from")),
        .to = json_string_value(json_object_get(window, "to")),
        .time_zone = json_string_value(json_object_get(root, "time_zone")),
    };
    return pack;
}

static bool add_file(const char *folder, const char *name, GPtrArray *packs, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return false;
    struct pack *pack = pack_read(text, path, error);
    if (pack)
        g_ptr_array_add(packs, pack);
    return pack != NULL;
}

static bool add_folder(const char *folder, GPtrArray *packs, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return false;
    const char *name;
    while ((name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".json") && !add_file(folder, name, packs, error))
            return false;
    return true;
}

static bool add_embedded(GPtrArray *packs, GError **error)
{
    const char *const texts[] = {policy_jinjiang_2023_6, policy_successor_template};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct pack *pack = pack_read(texts[i], "(of the program)", error);
        if (!pack)
            return false;
        g_ptr_array_add(packs, pack);
    }
    return true;
}

static bool is_better(const struct pack *pack, const struct pack *than, const char *id)
{
    if (id)
        return g_str_equal(pack->id, id);
    return pack->in_force && (!than || strcmp(pack->from, than->from) > 0);
}

static void not_found(const GPtrArray *packs, const char *id, GError **error)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < packs->len; i++)
        g_string_append_printf(ids, "%s%s", i ? ", " : "",
                               ((const struct pack *)packs->pdata[i])->id);
    g_set_error(error, PACK_ERROR, PACK_ERROR_NOT_FOUND, "no policy '%s'; there are: %s",
                id ? id : "in force", ids->str);
}

struct pack *pack_open(const char *folder, const char *id, GError **error)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_new_with_free_func((GDestroyNotify)pack_free);
    if (!(folder ? add_folder(folder, packs, error) : add_embedded(packs, error)))
        return NULL;
    struct pack *best = NULL;
    for (guint i = 0; i < packs->len; i++)
        if (is_better(packs->pdata[i], best, id))
            best = packs->pdata[i];
    if (!best) {
        not_found(packs, id, error);
        return NULL;
    }
    guint place = 0;
    g_ptr_array_find(packs, best, &place);
    return g_ptr_array_steal_index(packs, place);
}

/* ---- Asking */

json_t *pack_clause(const struct pack *pack, const char *clause_id)
{
    const json_t *clauses = json_object_get(pack->root, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        json_t *clause = json_array_get(clauses, i);
        if (g_str_equal(json_string_value(json_object_get(clause, "id")), clause_id))
            return clause;
    }
    return NULL;
}

static json_t *override_of(const struct pack *pack, const char *name)
{
    return json_object_get(
        json_object_get(json_object_get(pack->root, "operating_procedures"), "overrides"),
        name);
}

json_t *pack_metric_values(const struct pack *pack, const json_t *clause)
{
    json_t *values =
        json_pack("{s:s, s:s?, s:s, s:O}", "from", pack->from, "to", pack->to, "time_zone",
                  pack->time_zone, "division", json_object_get(pack->root, "division"));
    const char *name;
    json_t *one;
    json_object_foreach(json_object_get(clause, "parameters"), name, one)
    {
        json_t *override = override_of(pack, name);
        json_object_set(values, name, override ? override : json_object_get(one, "value"));
    }
    return values;
}

json_t *pack_choices(const struct pack *pack, const json_t *clause)
{
    json_t *choices = json_deep_copy(json_object_get(clause, "parameters"));
    const char *name;
    json_t *one;
    json_object_foreach(choices, name, one)
    {
        json_t *override = override_of(pack, name);
        json_object_set_new(one, "overridden", json_boolean(override != NULL));
        if (override)
            json_object_set(one, "value", override);
    }
    return choices;
}
