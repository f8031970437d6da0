#include "service/track/gather.h"
#include <stdlib.h>
#include <string.h>

/* The rows of one kind: of one metric and agency, and of the others' also of one year, payee, answer and reason. */
struct sum {
    size_t place;
    char *metric, *agency_id, *year, *payee, *reason, *awaits; /* NULL: none */
    bool counted, undetermined, capped;
    gint64 value, literal, rows, amount, base_fen, award_fen, grant_fen, invented, late,
        unknown, open;
    json_t *left_out;  /* of the base database: {reason: rows} */
    json_t *contracts; /* {contract: true} behind those that count; NULL: none */
};

struct gather {
    GHashTable *found; /* key -> struct sum */
    GPtrArray *sums;   /* in the order in which they came */
    GString *key;      /* of the row that is looked at */
    struct sum *last;  /* of the base database: that of the row before */
};

static void sum_free(gpointer data)
{
    struct sum *sum = data;
    g_free(sum->metric);
    g_free(sum->agency_id);
    g_free(sum->year);
    g_free(sum->payee);
    g_free(sum->reason);
    g_free(sum->awaits);
    json_decref(sum->left_out);
    json_decref(sum->contracts);
    g_free(sum);
}

struct gather *gather_new(void)
{
    struct gather *gather = g_new0(struct gather, 1);
    gather->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gather->sums = g_ptr_array_new_with_free_func(sum_free);
    gather->key = g_string_new(NULL);
    return gather;
}

void gather_free(struct gather *gather)
{
    if (!gather)
        return;
    g_hash_table_unref(gather->found);
    g_ptr_array_unref(gather->sums);
    g_string_free(gather->key, TRUE);
    g_free(gather);
}

/* ---- Which sum a row goes to */

static const char *said(const struct track_row *row, enum track_column column)
{
    const char *text = track_row_value(row, column);
    return text ? text : "\x01"; /* no column says this */
}

static bool is_true(const struct track_row *row, enum track_column column)
{
    const char *text = track_row_value(row, column);
    return text && *text == 't';
}

/* Who is paid, where anybody is. */
static const char *payee_of(const struct track_row *row)
{
    return row->counted ? track_row_value(row, TRACK_PAYEE) : NULL;
}

/* Of an undetermined row the reasons are what is awaited. */
static void write_key(struct gather *gather, const char *metric, bool base, size_t place,
                      const struct track_row *row)
{
    g_string_printf(gather->key, "%zu\n%s\n%s", place, metric, said(row, TRACK_AGENCY_ID));
    if (base)
        return;
    bool undetermined = is_true(row, TRACK_UNDETERMINED);
    const char *payee = payee_of(row);
    g_string_append_printf(gather->key, "\n%s\n%s\n%d\n%d\n%s\n%s", said(row, TRACK_YEAR),
                           payee ? payee : "\x01", row->counted, undetermined,
                           row->counted ? "\x01" : said(row, TRACK_REASON),
                           undetermined ? said(row, TRACK_REASONS) : "");
}

static struct sum *sum_new(size_t place, const char *metric, const struct track_row *row)
{
    struct sum *sum = g_new0(struct sum, 1);
    *sum = (struct sum){.place = place,
                        .metric = g_strdup(metric),
                        .agency_id = g_strdup(track_row_value(row, TRACK_AGENCY_ID)),
                        .left_out = json_object()};
    if (track_is_base(metric))
        return sum;
    sum->year = g_strdup(track_row_value(row, TRACK_YEAR));
    sum->payee = g_strdup(payee_of(row));
    sum->counted = row->counted;
    sum->undetermined = is_true(row, TRACK_UNDETERMINED);
    sum->reason = row->counted ? NULL : g_strdup(track_row_value(row, TRACK_REASON));
    sum->awaits = sum->undetermined ? g_strdup(track_row_value(row, TRACK_REASONS)) : NULL;
    return sum;
}

static struct sum *sum_of(struct gather *gather, size_t place, const char *metric,
                          const struct track_row *row)
{
    bool base = track_is_base(metric);
    if (base && gather->last && gather->last->place == place &&
        g_str_equal(gather->last->metric, metric) &&
        g_str_equal(gather->last->agency_id, track_row_value(row, TRACK_AGENCY_ID)))
        return gather->last;
    write_key(gather, metric, base, place, row);
    struct sum *sum = g_hash_table_lookup(gather->found, gather->key->str);
    if (!sum) {
        sum = sum_new(place, metric, row);
        g_ptr_array_add(gather->sums, sum);
        g_hash_table_insert(gather->found, g_strdup(gather->key->str), sum);
    }
    gather->last = base ? sum : NULL;
    return sum;
}

/* ---- Adding a row */

static void add_contract(struct sum *sum, const char *contract)
{
    if (!contract)
        return;
    if (!sum->contracts)
        sum->contracts = json_object();
    json_object_set_new(sum->contracts, contract, json_true());
}

/* A member of `detail`, which few rows have. The caller lets go of it. */
static json_t *detail_member(const struct track_row *row, const char *name)
{
    const char *detail = track_row_value(row, TRACK_DETAIL);
    g_autofree char *quoted = g_strdup_printf("\"%s\"", name);
    if (!detail || !strstr(detail, quoted))
        return NULL;
    json_auto_t *tree = json_loads(detail, 0, NULL);
    return json_incref(json_object_get(tree, name));
}

static void add_base(struct sum *sum, const struct track_row *row)
{
    sum->value += row->counted;
    sum->literal += is_true(row, TRACK_LITERAL);
    if (!row->counted) {
        const char *reason = track_row_value(row, TRACK_REASON);
        json_int_t before = json_integer_value(json_object_get(sum->left_out, reason));
        json_object_set_new(sum->left_out, reason, json_integer(before + 1));
        return;
    }
    sum->invented += is_true(row, TRACK_INVENTED);
    sum->late += is_true(row, TRACK_LATE);
    sum->unknown += is_true(row, TRACK_UNKNOWN);
    sum->open += is_true(row, TRACK_OPEN);
    if (g_str_equal(sum->metric, "deals")) {
        json_auto_t *contract = detail_member(row, "contract");
        add_contract(sum, json_string_value(contract));
    }
}

static gint64 number_of(const struct track_row *row, enum track_column column)
{
    const char *text = track_row_value(row, column);
    return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static void add_clause(struct sum *sum, const struct track_row *row)
{
    json_auto_t *grant = detail_member(row, "upper_grant_fen");
    json_auto_t *capped = detail_member(row, "capped");
    sum->rows++;
    sum->amount += number_of(row, TRACK_AMOUNT);
    sum->base_fen += number_of(row, TRACK_BASE_FEN);
    sum->award_fen += number_of(row, TRACK_AWARD_FEN);
    sum->grant_fen += json_integer_value(grant);
    sum->invented += is_true(row, TRACK_INVENTED);
    sum->late += is_true(row, TRACK_LATE);
    sum->unknown += is_true(row, TRACK_UNKNOWN);
    sum->capped = sum->capped || json_is_true(capped);
    if (row->counted)
        add_contract(sum, track_row_value(row, TRACK_CONTRACT));
}

void gather_row(struct gather *gather, size_t place, const char *metric,
                const struct track_row *row)
{
    struct sum *sum = sum_of(gather, place, metric, row);
    if (track_is_base(metric))
        add_base(sum, row);
    else
        add_clause(sum, row);
}

/* ---- Answers */

static json_t *contracts_of(const struct sum *sum)
{
    if (!sum->contracts)
        return json_null();
    json_t *list = json_array();
    const char *contract;
    json_t *is;
    json_object_foreach(sum->contracts, contract, is)
        json_array_append_new(list, json_string(contract));
    return list;
}

static json_t *integer_of(const char *text)
{
    return text ? json_integer(g_ascii_strtoll(text, NULL, 10)) : json_null();
}

static json_t *figure_of(const struct sum *sum)
{
    return json_pack("{s:s, s:o, s:I, s:I, s:O, s:I, s:I, s:I, s:I, s:o}", "metric",
                     sum->metric, "agency_id", integer_of(sum->agency_id), "value",
                     (json_int_t)sum->value, "literal", (json_int_t)sum->literal, "left_out",
                     sum->left_out, "invented", (json_int_t)sum->invented, "late",
                     (json_int_t)sum->late, "unknown", (json_int_t)sum->unknown, "open",
                     (json_int_t)sum->open, "contracts", contracts_of(sum));
}

static json_t *clause_of(const struct sum *sum)
{
    json_t *awaits = sum->awaits ? json_loads(sum->awaits, 0, NULL) : json_array();
    return json_pack(
        "{s:i, s:s, s:o, s:o, s:s?, s:b, s:b, s:s?, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:b, s:o, s:o}",
        "place", (int)sum->place, "metric", sum->metric, "agency_id",
        integer_of(sum->agency_id), "year", integer_of(sum->year), "payee", sum->payee,
        "counted", sum->counted, "undetermined", sum->undetermined, "reason", sum->reason,
        "rows", (json_int_t)sum->rows, "amount", (json_int_t)sum->amount, "base_fen",
        (json_int_t)sum->base_fen, "award_fen", (json_int_t)sum->award_fen, "grant_fen",
        (json_int_t)sum->grant_fen, "invented", (json_int_t)sum->invented, "late",
        (json_int_t)sum->late, "unknown", (json_int_t)sum->unknown, "capped", sum->capped,
        "awaits", awaits, "contracts", contracts_of(sum));
}

json_t *gather_figures(const struct gather *gather)
{
    json_t *list = json_array();
    for (guint i = 0; i < gather->sums->len; i++) {
        const struct sum *sum = g_ptr_array_index(gather->sums, i);
        if (track_is_base(sum->metric))
            json_array_append_new(list, figure_of(sum));
    }
    return list;
}

/* None comes last, as in track-clauses.sql. */
static int compare_texts(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) : !one - !other;
}

static gint by_kind(gconstpointer a, gconstpointer b)
{
    const struct sum *one = *(struct sum *const *)a, *other = *(struct sum *const *)b;
    int order = (int)one->place - (int)other->place;
    order = order ? order : strcmp(one->metric, other->metric);
    order = order ? order : atoi(one->agency_id) - atoi(other->agency_id);
    order = order ? order : compare_texts(one->year, other->year);
    order = order ? order : compare_texts(one->payee, other->payee);
    return order ? order : compare_texts(one->reason, other->reason);
}

json_t *gather_sums(const struct gather *gather)
{
    json_t *list = json_array();
    g_autoptr(GPtrArray) sorted = g_ptr_array_copy(gather->sums, NULL, NULL);
    g_ptr_array_set_free_func(sorted, NULL);
    g_ptr_array_sort(sorted, by_kind);
    for (guint i = 0; i < sorted->len; i++) {
        const struct sum *sum = g_ptr_array_index(sorted, i);
        if (!track_is_base(sum->metric))
            json_array_append_new(list, clause_of(sum));
    }
    return list;
}
