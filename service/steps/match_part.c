#include "service/steps/match_part.h"
#include "service/steps/match_own.h"
#include "service/steps/numbers.h"
#include "service/steps/titles.h"
#include "sql/match.h"
#include "sql/notice.h"
#include "sql/part.h"
#include <string.h>
#include <xxhash.h>

enum { ROOM = 8, KEY = 17 };

struct ranged {
    struct matching matching;
    struct part part;
    struct index_totals own, all;
    int64_t looked;    /* the change up to which this range looked for patents that compete */
    bool complete;     /* all ranges have said what they sum to */
    char digest[KEY];  /* of `all` */
    GHashTable *needs; /* need_id -> const json_t *, a row of match_needs */
    bool moved;
};

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static int64_t number_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_string(value) ? g_ascii_strtoll(json_string_value(value), NULL, 10)
                                 : json_integer_value(value);
}

/* ---- Totals */

/* As numbers in a row: docs, length, then four for each kind. */
enum { TOTALS = 2 + 4 * TERM_KINDS };

static void spread_totals(const struct index_totals *totals, uint64_t out[TOTALS])
{
    *out++ = totals->docs;
    *out++ = totals->length;
    for (int kind = 0; kind < TERM_KINDS; kind++) {
        *out++ = totals->sums[kind].docs;
        *out++ = totals->sums[kind].repeat;
        *out++ = totals->sums[kind].in_text;
        *out++ = totals->sums[kind].in_both;
    }
}

static struct index_totals gather_totals(const uint64_t in[TOTALS])
{
    struct index_totals totals = {.docs = in[0], .length = in[1]};
    for (int kind = 0; kind < TERM_KINDS; kind++) {
        const uint64_t *four = in + 2 + (size_t)4 * (size_t)kind;
        totals.sums[kind].docs = four[0];
        totals.sums[kind].repeat = four[1];
        totals.sums[kind].in_text = four[2];
        totals.sums[kind].in_both = four[3];
    }
    return totals;
}

static json_t *totals_json(const struct index_totals *totals)
{
    uint64_t numbers[TOTALS];
    json_t *list = json_array();
    spread_totals(totals, numbers);
    for (size_t i = 0; i < TOTALS; i++)
        json_array_append_new(list, json_integer((json_int_t)numbers[i]));
    return list;
}

/* The sums of all ranges, and of all but this one. */
static void add_up(struct ranged *ranged, const json_t *rows, uint64_t all[TOTALS],
                   uint64_t others[TOTALS])
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *list = json_object_get(row, "totals");
        bool own = number_of(row, "part") == ranged->part.part;
        if (own)
            ranged->looked = number_of(row, "patent_seq");
        for (size_t n = 0; n < TOTALS; n++) {
            uint64_t number = (uint64_t)json_integer_value(json_array_get(list, n));
            all[n] += number;
            others[n] += own ? 0 : number;
        }
    }
}

static bool share_totals(struct ranged *ranged, GError **error)
{
    struct db *db = ranged->matching.db;
    uint64_t all[TOTALS] = {0}, others[TOTALS] = {0};
    bool changed;
    json_auto_t *before = part_totals(db, &ranged->part, error);
    json_auto_t *own = totals_json(&ranged->own);
    if (!before)
        return false;
    add_up(ranged, before, all, others);
    if (!part_write_totals(db, &ranged->part, own, ranged->matching.latest, &changed, error))
        return false;
    memset(all, 0, sizeof all);
    spread_totals(&ranged->own, all);
    for (size_t n = 0; n < TOTALS; n++)
        all[n] += others[n];
    size_t known = json_array_size(before);
    bool was_there = false;
    for (size_t i = 0; i < known; i++)
        was_there |= number_of(json_array_get(before, i), "part") == ranged->part.part;
    ranged->complete = (int)known + !was_there == ranged->part.parts;
    ranged->moved |= changed;
    ranged->all = gather_totals(all);
    g_snprintf(ranged->digest, sizeof ranged->digest, "%016" G_GINT64_MODIFIER "x",
               XXH3_64bits(all, sizeof all));
    struct index_totals rest = gather_totals(others);
    matching_let_go(&ranged->matching);
    living_set_others(ranged->matching.living, &rest);
    matching_hold(&ranged->matching);
    return true;
}

/* ---- Rounds */

struct competing {
    struct ranged *ranged;
    json_t *ids;
};

static void take_changed(const struct held_patent *held, void *user)
{
    const struct competing *competing = user;
    json_array_append_new(competing->ids, json_sprintf("%" G_GINT64_FORMAT, held->patent_id));
}

/* By this range's own counts: what is left out by that would be among the last, if at all. */
static bool competes(const struct ranged *ranged, const json_t *need, const json_t *ids)
{
    g_autoptr(match_query) query = matching_query(&ranged->matching, need);
    bool many = json_array_size(ids) > parts_docs(ranged->matching.parts) / 5;
    bool wanting = number_of(need, "leads") < ranged->matching.options->k;
    for (size_t i = 0; !many && i < json_array_size(ids); i++) {
        int64_t id = g_ascii_strtoll(json_string_value(json_array_get(ids, i)), NULL, 10);
        uint64_t score = matching_score(&ranged->matching, query, id);
        many |= score > 0 && (wanting || score >= (uint64_t)number_of(need, "weakest") * 4 / 5);
    }
    return many;
}

static bool begin_rounds(struct ranged *ranged, GError **error)
{
    struct matching *matching = &ranged->matching;
    int64_t begun = 0;
    json_auto_t *ids = json_array(), *wanted = json_array();
    struct competing competing = {ranged, ids};
    living_changed(matching->state, ranged->looked, take_changed, &competing);
    json_auto_t *holders = match_needs_with(matching->db, ranged->part.agency_id, ids, error);
    g_autoptr(GHashTable) holding = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < json_array_size(holders); i++)
        g_hash_table_add(holding,
                         (gpointer)(uintptr_t)text_of(json_array_get(holders, i), "need_id"));
    for (size_t i = 0; i < json_array_size(matching->needs); i++) {
        const json_t *need = json_array_get(matching->needs, i);
        const char *id = text_of(need, "need_id");
        bool again = matching->options->all || g_hash_table_contains(holding, id) ||
                     (json_array_size(ids) > 0 && competes(ranged, need, ids));
        json_array_append_new(wanted, json_pack("{s:s, s:I, s:b}", "need_id", id, "need_seq",
                                                (json_int_t)number_of(need, "need_seq"),
                                                "again", (int)again));
    }
    if (!holders || !part_begin_rounds(matching->db, &ranged->part, wanted, matching->model,
                                       matching->options->k, &begun, error))
        return false;
    ranged->moved |= begun > 0;
    return true;
}

/* ---- Counts of terms */

static char *key_of(uint64_t hash)
{
    return g_strdup_printf("%016" G_GINT64_MODIFIER "x", hash);
}

static json_t *counts_of(const struct ranged *ranged, const json_t *need)
{
    g_autoptr(match_query) query = matching_query(&ranged->matching, need);
    json_t *counts = json_object();
    for (uint32_t t = 0; t < query->term_count; t++) {
        struct index_term term = parts_counts(ranged->matching.parts, query->terms[t].hash);
        g_autofree char *key = key_of(query->terms[t].hash);
        if (term.docs > 0)
            json_object_set_new(counts, key,
                                json_pack("[I, I, I, I]", (json_int_t)term.docs,
                                          (json_int_t)term.repeat, (json_int_t)term.in_text,
                                          (json_int_t)term.in_both));
    }
    return counts;
}

static bool write_counts(struct ranged *ranged, const json_t *rounds, GError **error)
{
    json_auto_t *all = json_array();
    for (size_t i = 0; i < json_array_size(rounds); i++) {
        const json_t *row = json_array_get(rounds, i);
        const json_t *need = g_hash_table_lookup(ranged->needs, text_of(row, "need_id"));
        if (!need || number_of(row, "own_round") == number_of(row, "round"))
            continue;
        json_array_append_new(all,
                              json_pack("{s:s, s:I, s:o}", "need_id", text_of(row, "need_id"),
                                        "round", (json_int_t)number_of(row, "round"), "counts",
                                        counts_of(ranged, need)));
    }
    if (json_array_size(all) == 0)
        return true;
    ranged->moved = true;
    return part_write_counts(ranged->matching.db, &ranged->part, all, error);
}

/* ---- Candidates */

static struct index_term sum_counts(uint64_t hash, void *user)
{
    const json_t *shares = user;
    struct index_term sum = {0};
    g_autofree char *key = key_of(hash);
    for (size_t i = 0; i < json_array_size(shares); i++) {
        const json_t *four =
            json_object_get(json_object_get(json_array_get(shares, i), "counts"), key);
        sum.docs += (uint32_t)json_integer_value(json_array_get(four, 0));
        sum.repeat += (uint32_t)json_integer_value(json_array_get(four, 1));
        sum.in_text += (uint32_t)json_integer_value(json_array_get(four, 2));
        sum.in_both += (uint32_t)json_integer_value(json_array_get(four, 3));
    }
    return sum;
}

static struct query *query_over_all(const struct ranged *ranged, const json_t *need,
                                    json_t *shares)
{
    g_autofree char *text =
        g_strconcat(text_of(need, "title"), "\n", text_of(need, "text"), NULL);
    g_autoptr(GPtrArray) classes = g_ptr_array_new();
    const json_t *ipc = json_object_get(need, "ipc");
    for (size_t i = 0; i < json_array_size(ipc); i++)
        g_ptr_array_add(classes,
                        (gpointer)(uintptr_t)json_string_value(json_array_get(ipc, i)));
    return query_new_counted(parts_at(ranged->matching.parts, 0), text,
                             (const char *const *)classes->pdata, classes->len, sum_counts,
                             shares);
}

static bool write_candidates(struct ranged *ranged, const json_t *row, GError **error)
{
    const char *id = text_of(row, "need_id");
    const json_t *need = g_hash_table_lookup(ranged->needs, id);
    json_auto_t *shares =
        part_shares(ranged->matching.db, &ranged->part, id, number_of(row, "round"), error);
    if (!shares)
        return false;
    g_autoptr(match_query) query = query_over_all(ranged, need, shares);
    json_auto_t *best = matching_candidates(&ranged->matching, need, query,
                                            ROOM * (size_t)ranged->matching.options->k);
    ranged->moved = true;
    ranged->matching.report->searched++;
    return part_write_candidates(ranged->matching.db, &ranged->part, id,
                                 number_of(row, "round"), ranged->digest, best, error);
}

/* ---- Merging */

static gint by_score(gconstpointer a, gconstpointer b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t one = number_of(x, "score"), other = number_of(y, "score");
    int64_t id = number_of(x, "patent_id"), next = number_of(y, "patent_id");
    return one != other ? (one < other) - (one > other) : (id > next) - (id < next);
}

static void read_facts(const json_t *candidate, struct held_patent *held, char **block)
{
    const json_t *owners = json_object_get(candidate, "owners"),
                 *sketch = json_object_get(candidate, "sketch");
    g_autofree const char **names = g_new0(const char *, json_array_size(owners) + 1);
    size_t len;
    for (size_t i = 0; i < json_array_size(owners); i++)
        names[i] = json_string_value(json_array_get(owners, i));
    *block = owners_block(names, &len);
    held->owners = *block;
    for (size_t i = 0; i < SKETCH_BINS; i++)
        held->sketch.least[i] = (uint32_t)json_integer_value(json_array_get(sketch, i));
}

static bool are_twins(const json_t *one, const json_t *other)
{
    struct held_patent a = {0}, b = {0};
    g_autofree char *of_a = NULL, *of_b = NULL;
    read_facts(one, &a, &of_a);
    read_facts(other, &b, &of_b);
    return matching_are_twins(&a, &b);
}

/* As one index would: the best k, each with the near-twins that came before there were k. */
static json_t *choose(GPtrArray *candidates, size_t k)
{
    json_t *chosen = json_array();
    for (guint i = 0; i < candidates->len && json_array_size(chosen) < k; i++) {
        json_t *candidate = candidates->pdata[i], *same = NULL;
        for (size_t c = 0; !same && c < json_array_size(chosen); c++)
            if (are_twins(candidate, json_array_get(chosen, c)))
                same = json_array_get(chosen, c);
        if (!same) {
            json_array_append(chosen, candidate);
            continue;
        }
        if (!json_object_get(same, "twins"))
            json_object_set_new(same, "twins", json_array());
        json_array_append(json_object_get(same, "twins"),
                          json_object_get(candidate, "patent_id"));
    }
    return chosen;
}

static json_t *leads_of(const struct ranged *ranged, const json_t *need, const json_t *shares)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (size_t i = 0; i < json_array_size(shares); i++) {
        const json_t *list = json_object_get(json_array_get(shares, i), "candidates");
        for (size_t c = 0; c < json_array_size(list); c++)
            g_ptr_array_add(all, json_array_get(list, c));
    }
    g_ptr_array_sort(all, by_score);
    json_auto_t *chosen = choose(all, (size_t)ranged->matching.options->k);
    json_t *leads = json_array();
    for (size_t i = 0; i < json_array_size(chosen); i++) {
        const json_t *one = json_array_get(chosen, i);
        const json_t *next =
            json_array_get(chosen, i + 1 < json_array_size(chosen) ? i + 1 : i);
        struct weighed weighed = {.patent_id = number_of(one, "patent_id"),
                                  .score = (uint32_t)number_of(one, "score"),
                                  .fit = json_number_value(json_object_get(one, "fit")),
                                  .class_share =
                                      json_number_value(json_object_get(one, "class_share")),
                                  .reasons = json_object_get(one, "reasons"),
                                  .aspects = json_object_get(one, "aspects")};
        json_t *lead = matching_lead(&ranged->matching, need, &weighed,
                                     (uint32_t)number_of(next, "score"), (uint32_t)i + 1);
        json_t *twins = json_object_get(one, "twins");
        json_object_set_new(lead, "twins", twins ? json_incref(twins) : json_null());
        json_array_append_new(leads, lead);
    }
    return leads;
}

static bool write_leads(struct ranged *ranged, const json_t *need, json_t *leads,
                        GError **error)
{
    struct matching *matching = &ranged->matching;
    struct match_counts counts = {0};
    json_auto_t *weighed = json_pack("[s]", text_of(need, "need_id"));
    json_auto_t *progress = json_pack(
        "[{s:s, s:i, s:I, s:I, s:s}]", "need_id", text_of(need, "need_id"), "agency_id",
        ranged->part.agency_id, "need_seq", (json_int_t)number_of(need, "need_seq"),
        "patent_seq", (json_int_t)matching->latest, "model", matching->model);
    g_autofree char *now = db_clock(matching->db, error);
    bool done = now && titles_add(matching->db, leads, error) &&
                numbers_check(matching->db, leads, error) &&
                match_write(matching->db, leads, weighed, progress, now, &counts, error);
    matching->report->proposed += counts.proposed;
    matching->report->superseded += counts.superseded;
    return done;
}

static bool merge(struct ranged *ranged, const json_t *row, GError **error)
{
    const char *id = text_of(row, "need_id");
    bool first;
    if (!part_merged(ranged->matching.db, &ranged->part, id, number_of(row, "round"), &first,
                     error))
        return false;
    if (!first)
        return true;
    json_auto_t *shares =
        part_shares(ranged->matching.db, &ranged->part, id, number_of(row, "round"), error);
    const json_t *need = g_hash_table_lookup(ranged->needs, id);
    json_auto_t *leads = shares ? leads_of(ranged, need, shares) : NULL;
    return leads && write_leads(ranged, need, leads, error);
}

/* ---- One run */

static bool go_on(struct ranged *ranged,
                  bool (*step)(struct ranged *, const json_t *, GError **),
                  bool (*is_due)(const struct ranged *, const json_t *), GError **error)
{
    json_auto_t *rounds =
        part_rounds(ranged->matching.db, &ranged->part, ranged->digest, error);
    bool done = rounds != NULL;
    for (size_t i = 0; done && i < json_array_size(rounds); i++) {
        const json_t *row = json_array_get(rounds, i);
        if (g_hash_table_contains(ranged->needs, text_of(row, "need_id")) &&
            is_due(ranged, row))
            done = step(ranged, row, error);
    }
    return done;
}

static bool must_search(const struct ranged *ranged, const json_t *row)
{
    return number_of(row, "shares") == ranged->part.parts &&
           g_strcmp0(json_string_value(json_object_get(row, "own_weighed")), ranged->digest) !=
               0;
}

static bool must_merge(const struct ranged *ranged, const json_t *row)
{
    return number_of(row, "weighed") == ranged->part.parts &&
           number_of(row, "merged") < number_of(row, "round");
}

static void name_needs(struct ranged *ranged)
{
    const json_t *needs = ranged->matching.needs;
    for (size_t i = 0; i < json_array_size(needs); i++) {
        json_t *need = json_array_get(needs, i);
        g_hash_table_insert(ranged->needs, (gpointer)(uintptr_t)text_of(need, "need_id"), need);
    }
}

static bool run(struct ranged *ranged, GError **error)
{
    struct matching *matching = &ranged->matching;
    const struct match_options *options = matching->options;
    if (!matching_read_model(matching, error))
        return false;
    matching->needs = match_needs(matching->db, options->agency_id, options->today, error);
    if (!matching->needs ||
        !match_latest(matching->db, options->agency_id, &matching->latest, error) ||
        !matching_read_patents(matching, error))
        return false;
    matching->report->needs = (int64_t)json_array_size(matching->needs);
    name_needs(ranged);
    ranged->own = parts_totals(matching->parts);
    if (!share_totals(ranged, error) || !begin_rounds(ranged, error))
        return false;
    json_auto_t *rounds = part_rounds(matching->db, &ranged->part, ranged->digest, error);
    return rounds && write_counts(ranged, rounds, error) &&
           (!ranged->complete || (go_on(ranged, write_candidates, must_search, error) &&
                                  go_on(ranged, merge, must_merge, error)));
}

bool match_run_part(struct db *db, const struct match_options *options, int part, int parts,
                    struct match_report *out, bool *moved, GError **error)
{
    *out = (struct match_report){.thin = g_ptr_array_new_with_free_func(g_free),
                                 .held_back = g_hash_table_new(g_str_hash, g_str_equal)};
    struct ranged ranged = {.part = {options->agency_id, part, parts},
                            .needs = g_hash_table_new(g_str_hash, g_str_equal)};
    matching_init(&ranged.matching, db, options, out);
    bool done = db_begin(db, DB_SERVICE, options->agency_id, error) && run(&ranged, error);
    if (done && ranged.moved)
        notice_tell(db, "share");
    done = done && db_commit(db, error);
    if (!done)
        db_rollback(db);
    *moved = done && ranged.moved;
    g_hash_table_unref(ranged.needs);
    matching_clear(&ranged.matching);
    return done;
}
