#include "service/track/pack_check.h"
#include "policies_embedded.h"
#include "service/track/schema.h"
#include <string.h>

static void say(GPtrArray *errors, const char *path, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void say(GPtrArray *errors, const char *path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(errors, g_strdup_printf("%s: %s", path, what));
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* What a metric or an award reads beside the window. The empty name stands for every clause. */
static const struct {
    const char *reader, *parameter;
} needed[] = {
    {"", "accepted_kinds"},
    {"", "rounding"},
    {"", "cap_per"},
    {"", "upper_grant"},
    {"", "fact_serves"},
    {"", "same_fact"},
    {"cases", "case_kinds"},
    {"top500_clients", "top500_year"},
    {"operation_year", "second_part_after_window"},
    {"tiers", "tiers"},
    {"purchases", "purchase_modes"},
    {"purchases", "class_one_rights"},
    {"purchases", "mixed_contract"},
    {"introductions", "invention_rights"},
    {"introductions", "mixed_contract"},
    {"transactions", "invention_rights"},
    {"transactions", "mixed_contract"},
    {"loans", "other_collateral"},
    {"events", "event_standard"},
    {"events", "event_kinds"},
    {"events", "event_words"},
    {"open_licences", "local_industries"},
    {"licences", "licence_modes"},
    {"licences", "licence_unit"},
    {"licences", "licensed_rights"},
    {"patents", "patent_statuses_left_out"},
    {"patents", "patent_unknown_counts"},
    {"patents", "patent_term_years"},
    {"enterprises", "qualification_kinds"},
    {"needs", "need_text_min"},
    {"needs", "need_jaccard"},
    {"pushes", "push_accepting_channels"},
    {"pushes", "push_opened_counts"},
    {"pushes", "push_answered_counts"},
    {"deals", "push_accepting_channels"},
    {"deals", "push_opened_counts"},
    {"deals", "push_answered_counts"},
    {"deals", "deal_unit"},
    {"deals", "deal_figure"},
};

static bool has_item(const json_t *clause, const char *metric)
{
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (g_str_equal(text_of(json_array_get(items, i), "metric"), metric))
            return true;
    return false;
}

static const json_t *parameter_of(const json_t *root, const json_t *clause, const char *name)
{
    const json_t *own = json_object_get(json_object_get(clause, "parameters"), name);
    return own ? own : json_object_get(json_object_get(root, "parameters"), name);
}

static void check_needed(const json_t *root, const json_t *clause, const char *path,
                         GPtrArray *errors)
{
    const char *kind = text_of(json_object_get(clause, "award"), "kind");
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        const char *reader = needed[i].reader;
        bool reads = !*reader || g_str_equal(kind, reader) || has_item(clause, reader);
        if (reads && !parameter_of(root, clause, needed[i].parameter))
            say(errors, path, "parameters.%s is missing%s%s", needed[i].parameter,
                *reader ? "; it is read by " : "", reader);
    }
    if (has_item(clause, "attorneys") &&
        (!json_object_get(json_object_get(clause, "numbers"), "service_years") ||
         !json_object_get(json_object_get(clause, "numbers"), "contract_years")))
        say(errors, path, "numbers: attorneys read service_years and contract_years");
}

/* ---- Names that lead to metrics */

static void check_condition(const json_t *clause, const json_t *condition, const char *path,
                            GPtrArray *errors)
{
    const char *metric = json_string_value(condition);
    if (metric && !has_item(clause, metric))
        say(errors, path, "'%s' is none of the clause's metrics", metric);
    const char *const names[] = {"all", "any"};
    for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
        const json_t *list = json_object_get(condition, names[n]);
        for (size_t i = 0; i < json_array_size(list); i++)
            check_condition(clause, json_array_get(list, i), path, errors);
    }
}

static void check_parts(const json_t *clause, const json_t *parts, const char *path,
                        GPtrArray *errors)
{
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const char *after = text_of(json_array_get(parts, i), "after");
        if (after && !has_item(clause, after))
            say(errors, path, "parts[%zu].after: '%s' is none of the clause's metrics", i,
                after);
    }
}

static void check_tiers(const json_t *clause, const json_t *tiers, const char *path,
                        GPtrArray *errors)
{
    static const char *const members[] = {"from", "fen"};
    for (size_t i = 1; i < json_array_size(tiers); i++) {
        const json_t *before = json_array_get(tiers, i - 1), *tier = json_array_get(tiers, i);
        for (size_t m = 0; m < G_N_ELEMENTS(members); m++)
            if (json_integer_value(json_object_get(tier, members[m])) <=
                json_integer_value(json_object_get(before, members[m])))
                say(errors, path, "tiers[%zu].%s: must be above the tier before", i,
                    members[m]);
    }
    const json_t *item = json_array_get(json_object_get(clause, "items"), 0);
    if (json_integer_value(json_object_get(json_array_get(tiers, 0), "from")) !=
        json_integer_value(json_object_get(item, "threshold")))
        say(errors, path, "tiers[0].from: must be the threshold of the first item");
}

/* What each kind of award needs: of its own members, and of the clause's. */
static const struct {
    const char *kind, *member;
} award_members[] = {
    {"each", "metric"},  {"each", "each_fen"}, {"rate", "metric"}, {"rate", "rate_ppm"},
    {"tiers", "metric"}, {"tiers", "tiers"},   {"parts", "parts"},
};

/* Whose rows name somebody else than the agency who is paid. */
static const struct {
    const char *metric, *payee;
} payees[] = {{"purchases", "enterprise"},
              {"navigation_projects", "enterprise"},
              {"attorneys", "attorney"}};

static void check_payee(const json_t *award, const char *path, GPtrArray *errors)
{
    const char *payee = text_of(award, "payee"), *metric = text_of(award, "metric"),
               *named = NULL;
    for (size_t i = 0; metric && i < G_N_ELEMENTS(payees); i++)
        if (g_str_equal(payees[i].metric, metric))
            named = payees[i].payee;
    if (payee && g_strcmp0(payee, named) != 0)
        say(errors, path, "payee: the rows of '%s' name no %s", metric ? metric : "", payee);
}

static void check_award(const json_t *clause, const char *at, GPtrArray *errors)
{
    const json_t *award = json_object_get(clause, "award");
    const char *kind = text_of(award, "kind"), *metric = text_of(award, "metric");
    g_autofree char *path = g_strconcat(at, ".award", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(award_members); i++)
        if (g_str_equal(kind, award_members[i].kind) &&
            !json_object_get(award, award_members[i].member))
            say(errors, path, "%s is missing; an award of the kind %s has it",
                award_members[i].member, kind);
    if (g_str_equal(kind, "once") && !json_object_get(clause, "amount_fen"))
        say(errors, at, "amount_fen is missing; an award of the kind once has it");
    if (metric && !has_item(clause, metric))
        say(errors, path, "metric: '%s' is none of the clause's metrics", metric);
    check_payee(award, path, errors);
    check_parts(clause, json_object_get(award, "parts"), path, errors);
    if (json_object_get(award, "tiers"))
        check_tiers(clause, json_object_get(award, "tiers"), path, errors);
}

static void check_comparison(const json_t *root, const json_t *clause, const json_t *item,
                             const char *path, GPtrArray *errors)
{
    const char *name = text_of(item, "comparison_parameter");
    if (name && !parameter_of(root, clause, name))
        say(errors, path, "comparison_parameter: there is no parameter '%s'", name);
}

/* A metric stands once in a pack, so that its name alone leads to its rows. */
static void check_items(const json_t *root, const json_t *clause, const char *at,
                        GHashTable *seen, GPtrArray *errors)
{
    const json_t *items = json_object_get(clause, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *metric = text_of(item, "metric");
        g_autofree char *path = g_strdup_printf("%s.items[%zu]", at, i);
        if (!g_hash_table_add(seen, (gpointer)(guintptr)metric))
            say(errors, path, "metric: '%s' stands in this pack already", metric);
        check_comparison(root, clause, item, path, errors);
    }
}

static void check_clauses(const json_t *root, GPtrArray *errors)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    const json_t *clauses = json_object_get(root, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++) {
        const json_t *clause = json_array_get(clauses, i);
        g_autofree char *path = g_strdup_printf("clauses[%zu]", i);
        const json_t *choice =
            json_object_get(parameter_of(root, clause, "condition"), "value");
        if (!g_hash_table_add(ids, (gpointer)(guintptr)text_of(clause, "id")))
            say(errors, path, "id: '%s' stands in this pack already", text_of(clause, "id"));
        check_items(root, clause, path, seen, errors);
        check_award(clause, path, errors);
        check_needed(root, clause, path, errors);
        g_autofree char *condition = g_strconcat(path, ".condition", NULL);
        check_condition(clause, json_object_get(clause, "condition"), condition, errors);
        g_autofree char *parameter = g_strconcat(path, ".parameters.condition.value", NULL);
        check_condition(clause, choice, parameter, errors);
    }
}

static bool is_parameter(const json_t *root, const char *name)
{
    const json_t *clauses = json_object_get(root, "clauses");
    for (size_t i = 0; i < json_array_size(clauses); i++)
        if (parameter_of(root, json_array_get(clauses, i), name))
            return true;
    return false;
}

static void check_overrides(const json_t *root, GPtrArray *errors)
{
    json_t *overrides =
        json_object_get(json_object_get(root, "operating_procedures"), "overrides");
    const char *name;
    json_t *value;
    json_object_foreach(overrides, name, value)
    {
        g_autofree char *path = g_strdup_printf("operating_procedures.overrides.%s", name);
        if (!is_parameter(root, name))
            say(errors, path, "no such parameter");
    }
}

static void check_head(const json_t *root, GPtrArray *errors)
{
    const json_t *window = json_object_get(root, "window");
    const char *from = text_of(window, "from"), *to = text_of(window, "to");
    if (to && strcmp(to, from) < 0)
        say(errors, "window.to", "lies before window.from");
    else if (to && strcmp(to, text_of(window, "valid_from")) < 0)
        say(errors, "window.to", "lies before window.valid_from");
    if (json_is_false(json_object_get(root, "in_force")) &&
        !json_is_object(json_object_get(root, "banner")))
        say(errors, "banner", "a policy that is not in force must say so, as {zh, en}");
}

void pack_check(const json_t *root, GPtrArray *errors)
{
    json_t *schema = json_loads(policy_schema, 0, NULL);
    schema_check(schema, root, errors);
    json_decref(schema);
    if (errors->len > 0) /* what follows leans on the form */
        return;
    check_head(root, errors);
    check_overrides(root, errors);
    check_clauses(root, errors);
}
