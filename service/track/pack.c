#include "service/track/pack.h"
#include "policies_embedded.h"
#include "service/track/pack_check.h"
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

/* ---- Reading */

static bool is_good(const json_t *root, const char *where, GError **error)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    pack_check(root, errors);
    if (errors->len == 0)
        return true;
    g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT, "policy pack %s: %s%s", where,
                (const char *)errors->pdata[0],
                errors->len > 1 ? " (and more; `patbridge policy check` names all)" : "");
    return false;
}

struct pack *pack_read(const char *text, const char *where, GError **error)
{
    json_error_t why;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT, "policy pack %s: line %d: %s", where,
                    why.line, why.text);
        return NULL;
    }
    if (!is_good(root, where, error)) {
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
        if (g_str_has_suffix(name, ".json") && !g_str_equal(name, "schema.json") &&
            !add_file(folder, name, packs, error))
            return false;
    return true;
}

static bool add_embedded(GPtrArray *packs, GError **error)
{
    const char *const texts[] = {policy_jinjiang_2023_6, policy_successor_template,
                                 policy_example_city};
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

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const struct pack *const *)a)->id, (*(const struct pack *const *)b)->id);
}

GPtrArray *pack_list(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) packs = g_ptr_array_new_with_free_func((GDestroyNotify)pack_free);
    if (!(folder ? add_folder(folder, packs, error) : add_embedded(packs, error)))
        return NULL;
    g_ptr_array_sort(packs, compare_ids);
    return g_steal_pointer(&packs);
}

struct pack *pack_open(const char *folder, const char *id, GError **error)
{
    g_autoptr(GPtrArray) packs = pack_list(folder, error);
    if (!packs)
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

json_t *pack_clause_of(const struct pack *pack, const char *metric)
{
    const json_t *clauses = json_object_get(pack->root, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        json_t *clause = json_array_get(clauses, i);
        const json_t *items = json_object_get(clause, "items");
        for (size_t n = 0; n < json_array_size(items); n++) {
            const json_t *name = json_object_get(json_array_get(items, n), "metric");
            if (g_str_equal(json_string_value(name), metric))
                return clause;
        }
    }
    return NULL;
}

/* Those of the whole pack, then the clause's own. A new object. */
static json_t *parameters_of(const struct pack *pack, const json_t *clause)
{
    json_t *all = json_deep_copy(json_object_get(pack->root, "parameters"));
    json_object_update_new(all, json_deep_copy(json_object_get(clause, "parameters")));
    return all;
}

/* The numbers of a clause that the metrics read beside the parameters. */
static void add_numbers(json_t *values, const json_t *clause)
{
    static const char *const of_award[] = {"rate_ppm", "cap_fen", "each_fen"};
    const json_t *award = json_object_get(clause, "award");
    json_object_update(values, json_object_get(clause, "numbers"));
    for (size_t i = 0; i < G_N_ELEMENTS(of_award); i++)
        if (json_object_get(award, of_award[i]))
            json_object_set(values, of_award[i], json_object_get(award, of_award[i]));
    if (json_object_get(clause, "amount_fen"))
        json_object_set(values, "each_fen", json_object_get(clause, "amount_fen"));
}

/* What was decided on a parameter that this clause reads: of the clause, else, where it has none of its own, of the whole pack. NULL:
 * nothing, or what the operating procedures say goes before it. */
static const json_t *decided_of(const struct pack *pack, const json_t *clause, const char *name,
                                const json_t *decided)
{
    const json_t *whole = NULL;
    bool own = json_object_get(json_object_get(clause, "parameters"), name) != NULL;
    for (size_t i = 0; i < json_array_size(decided) && !override_of(pack, name); i++) {
        const json_t *one = json_array_get(decided, i);
        const char *of = json_string_value(json_object_get(one, "clause"));
        if (!g_str_equal(json_string_value(json_object_get(one, "name")), name))
            continue;
        if (json_equal(json_object_get(one, "clause"), json_object_get(clause, "id")))
            return one;
        if (!*of && !own)
            whole = one;
    }
    return whole;
}

/* The procedures', else what was decided, else the pack's. */
static json_t *value_of(const struct pack *pack, const json_t *clause, const char *name,
                        const json_t *parameter, const json_t *decided)
{
    const json_t *decision = decided_of(pack, clause, name, decided);
    json_t *override = override_of(pack, name);
    return override ? override : json_object_get(decision ? decision : parameter, "value");
}

json_t *pack_metric_values(const struct pack *pack, const json_t *clause, const json_t *decided)
{
    json_t *values =
        json_pack("{s:s, s:s?, s:s, s:O}", "from", pack->from, "to", pack->to, "time_zone",
                  pack->time_zone, "division", json_object_get(pack->root, "division"));
    json_t *parameters = parameters_of(pack, clause);
    const char *name;
    json_t *one;
    add_numbers(values, clause);
    json_object_foreach(parameters, name, one)
        json_object_set(values, name, value_of(pack, clause, name, one, decided));
    json_decref(parameters);
    return values;
}

/* Who decided it, when and why, and what the pack says. */
static json_t *decision_shown(const json_t *decision, const json_t *parameter)
{
    json_t *shown = json_copy((json_t *)(guintptr)decision);
    json_object_del(shown, "name");
    json_object_del(shown, "value");
    json_object_set(shown, "pack_value", json_object_get(parameter, "value"));
    return shown;
}

json_t *pack_choices(const struct pack *pack, const json_t *clause, const json_t *decided)
{
    json_t *choices = parameters_of(pack, clause);
    const char *name;
    json_t *one;
    json_object_foreach(choices, name, one)
    {
        const json_t *decision = decided_of(pack, clause, name, decided);
        json_object_set_new(one, "overridden", json_boolean(override_of(pack, name) != NULL));
        if (decision)
            json_object_set_new(one, "decided", decision_shown(decision, one));
        json_object_set(one, "value", value_of(pack, clause, name, one, decided));
    }
    return choices;
}

static bool has(const json_t *list, const json_t *one)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), one))
            return true;
    return false;
}

void pack_add_decided(const struct pack *pack, const json_t *clause, const json_t *decided,
                      json_t *list)
{
    json_t *parameters = parameters_of(pack, clause), *one;
    const char *name;
    json_object_foreach(parameters, name, one)
    {
        const json_t *decision = decided_of(pack, clause, name, decided);
        if (decision && !has(list, decision))
            json_array_append(list, (json_t *)(guintptr)decision);
    }
    json_decref(parameters);
}

/* ---- Deciding */

/* The parameter that `clause` ("": the whole pack) and `name` lead to, in `root`; where the clause only reads the whole pack's, that
 * becomes its own. NULL: there is none. */
static json_t *own_parameter(json_t *root, json_t *clause, const char *name)
{
    json_t *whole = json_object_get(json_object_get(root, "parameters"), name);
    json_t *own = json_object_get(json_object_get(clause, "parameters"), name);
    if (!clause || own || !whole)
        return clause ? own : whole;
    own = json_deep_copy(whole);
    json_object_set_new(json_object_get(clause, "parameters"), name, own);
    return own;
}

/* Sets it in a copy of the pack, which then must still be a good one. */
static bool is_fitting(const struct pack *changed, const char *clause, const char *name,
                       const json_t *value, GError **error)
{
    json_t *of = *clause ? pack_clause(changed, clause) : NULL;
    json_t *parameter = *clause && !of ? NULL : own_parameter(changed->root, of, name);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    if (!parameter) {
        g_set_error(error, PACK_ERROR, PACK_ERROR_NOT_FOUND,
                    "policy '%s' has no parameter '%s%s%s'", changed->id, clause,
                    *clause ? "/" : "", name);
        return false;
    }
    if (!value)
        return true;
    json_object_set(parameter, "value", (json_t *)(guintptr)value);
    pack_check(changed->root, errors);
    if (errors->len > 0)
        g_set_error_literal(error, PACK_ERROR, PACK_ERROR_FORMAT, errors->pdata[0]);
    return errors->len == 0;
}

bool pack_check_decision(const struct pack *pack, const char *clause, const char *name,
                         const json_t *value, GError **error)
{
    if (override_of(pack, name)) {
        g_set_error(
            error, PACK_ERROR, PACK_ERROR_FORMAT,
            "the operating procedures of policy '%s' say what '%s' is, and they prevail",
            pack->id, name);
        return false;
    }
    json_auto_t *root = json_deep_copy(pack->root);
    const struct pack changed = {.root = root, .id = pack->id};
    return is_fitting(&changed, clause, name, value, error);
}

bool pack_asks_four_eyes(const struct pack *pack, const char *kind)
{
    const json_t *kinds = json_object_get(pack->root, "four_eyes");
    for (size_t i = 0; i < json_array_size(kinds); i++)
        if (g_str_equal(json_string_value(json_array_get(kinds, i)), kind))
            return true;
    return false;
}
