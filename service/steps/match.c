#include "sql/match.h"
#include "service/steps/match_own.h"
#include "service/steps/numbers.h"
#include "service/steps/titles.h"
#include <string.h>

enum {
    NEEDS_A_TRANSACTION = 50,
    CHANGED_SHARE_FOR_ALL = 5, /* a fifth changed: search everything */
    CHANGED_FOR_ALL = 400,     /* so many pairs cost more than searching a need */
};

/* ---- Needs */

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static int64_t number_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_string(value) ? g_ascii_strtoll(json_string_value(value), NULL, 10)
                                 : json_integer_value(value);
}

static bool is_wanted(const struct matching *matching, const json_t *need)
{
    const char *const *wanted = matching->options->needs;
    if (!wanted)
        return true;
    for (; *wanted; wanted++)
        if (g_str_equal(*wanted, text_of(need, "source_id")) ||
            g_str_equal(*wanted, text_of(need, "need_id")))
            return true;
    return false;
}

static bool check_wanted(const struct matching *matching, GError **error)
{
    for (const char *const *wanted = matching->options->needs; wanted && *wanted; wanted++) {
        bool found = false;
        for (size_t i = 0; !found && i < json_array_size(matching->needs); i++) {
            const json_t *need = json_array_get(matching->needs, i);
            found = g_str_equal(*wanted, text_of(need, "source_id")) ||
                    g_str_equal(*wanted, text_of(need, "need_id"));
        }
        if (!found) {
            g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                        "no standing need '%s' at this agency", *wanted);
            return false;
        }
    }
    return true;
}

/* A need that must be searched whole: its leads can't be those of this model, this text. */
static bool is_stale(const struct matching *matching, const json_t *need)
{
    return matching->options->all || matching->options->needs ||
           json_is_null(json_object_get(need, "done_model")) ||
           !g_str_equal(text_of(need, "done_model"), matching->model) ||
           number_of(need, "done_need_seq") != number_of(need, "need_seq");
}

static bool is_behind(const struct matching *matching, const json_t *need)
{
    return matching->options->patents || number_of(need, "done_patent_seq") < matching->latest;
}

static bool has_work(const struct matching *matching)
{
    for (size_t i = 0; i < json_array_size(matching->needs); i++) {
        const json_t *need = json_array_get(matching->needs, i);
        if (is_wanted(matching, need) &&
            (is_stale(matching, need) || is_behind(matching, need)))
            return true;
    }
    return false;
}

struct query *matching_query(const struct matching *matching, const json_t *need)
{
    g_autofree char *text =
        g_strconcat(text_of(need, "title"), "\n", text_of(need, "text"), NULL);
    g_autoptr(GPtrArray) classes = g_ptr_array_new();
    json_t *ipc = json_object_get(need, "ipc");
    for (size_t i = 0; i < json_array_size(ipc); i++)
        g_ptr_array_add(classes,
                        (gpointer)(uintptr_t)json_string_value(json_array_get(ipc, i)));
    return parts_query(matching->parts, text, (const char *const *)classes->pdata,
                       classes->len);
}

/* ---- Changed patents against standing needs */

struct changed {
    int64_t id, seq;
};

static bool has_changed(const struct matching *matching, const struct changed *patent,
                        int64_t since)
{
    return matching->options->patents || patent->seq > since;
}

/* Marks the needs for which the patent would be among the best: the score reaches the weakest lead, or leads are wanting.
 * Scores of leads were taken under older statistics; a searched need is weighed exactly, so a mark too many costs only time. */
static void compare_patent(struct matching *matching, const struct changed *patent,
                           const GPtrArray *behind, struct query *const *queries, bool *marked)
{
    for (guint i = 0; i < behind->len; i++) {
        const json_t *need = behind->pdata[i];
        if (marked[i] || !has_changed(matching, patent, number_of(need, "done_patent_seq")))
            continue;
        uint32_t score = matching_score(matching, queries[i], patent->id);
        matching->report->compared++;
        marked[i] = score > 0 && (number_of(need, "leads") < matching->options->k ||
                                  score >= (uint64_t)number_of(need, "weakest") * 19 / 20);
    }
}

/* Needs that have a changed patent among their leads must be searched again: it may have lost its place. */
static bool mark_holders(struct matching *matching, json_t *changed_ids,
                         const GPtrArray *behind, bool *marked, GError **error)
{
    if (!db_begin(matching->db, DB_SERVICE, matching->options->agency_id, error))
        return false;
    json_t *rows =
        match_needs_with(matching->db, matching->options->agency_id, changed_ids, error);
    db_rollback(matching->db); /* it only read */
    if (!rows)
        return false;
    g_autoptr(GHashTable) holders = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < json_array_size(rows); i++)
        g_hash_table_add(holders,
                         (gpointer)(uintptr_t)text_of(json_array_get(rows, i), "need_id"));
    for (guint i = 0; i < behind->len; i++)
        marked[i] |= g_hash_table_contains(holders, text_of(behind->pdata[i], "need_id"));
    json_decref(rows);
    return true;
}

static void take_changed(const struct held_patent *held, void *user)
{
    struct changed changed = {held->patent_id, held->seq};
    g_array_append_val((GArray *)user, changed);
}

static GArray *named_patents(const struct matching *matching)
{
    GArray *named = g_array_new(FALSE, FALSE, sizeof(struct changed));
    for (const char *const *id = matching->options->patents; *id; id++) {
        struct held_patent held;
        if (living_patent(matching->state, g_ascii_strtoll(*id, NULL, 10), &held))
            take_changed(&held, named);
    }
    return named;
}

/* The patents that changed since the need that is furthest behind, or those that are named. */
static GArray *changed_patents(struct matching *matching, const GPtrArray *behind, json_t *ids)
{
    int64_t since = G_MAXINT64;
    for (guint i = 0; i < behind->len; i++)
        since = MIN(since, number_of(behind->pdata[i], "done_patent_seq"));
    GArray *changed;
    if (matching->options->patents) {
        changed = named_patents(matching);
    } else {
        changed = g_array_new(FALSE, FALSE, sizeof(struct changed));
        living_changed(matching->state, since, take_changed, changed);
    }
    for (guint i = 0; i < changed->len; i++)
        json_array_append_new(ids, json_sprintf("%" G_GINT64_FORMAT,
                                                g_array_index(changed, struct changed, i).id));
    return changed;
}

/* Moves the needs that must be searched from `behind` to `stale`; the others stay, and are done. */
static bool sift(struct matching *matching, GPtrArray *behind, GPtrArray *stale, GError **error)
{
    json_t *ids = json_array();
    g_autoptr(GArray) changed = changed_patents(matching, behind, ids);
    g_autofree bool *marked = g_new0(bool, behind->len + 1);
    bool many = changed->len >
                MIN(CHANGED_FOR_ALL, parts_docs(matching->parts) / CHANGED_SHARE_FOR_ALL);
    g_autofree struct query **queries = g_new0(struct query *, behind->len + 1);
    for (guint i = 0; i < behind->len; i++)
        queries[i] = many ? NULL : matching_query(matching, behind->pdata[i]);
    for (guint i = 0; !many && i < changed->len; i++)
        compare_patent(matching, &g_array_index(changed, struct changed, i), behind, queries,
                       marked);
    for (guint i = 0; i < behind->len; i++) {
        query_free(queries[i]);
        marked[i] |= many;
    }
    bool done = many || mark_holders(matching, ids, behind, marked, error);
    json_decref(ids);
    for (guint i = behind->len; done && i-- > 0;)
        if (marked[i])
            g_ptr_array_add(stale, g_ptr_array_steal_index(behind, i));
    return done;
}

/* ---- The step */

static json_t *progress_json(const struct matching *matching, const json_t *need)
{
    return json_pack("{s:s, s:i, s:I, s:I, s:s}", "need_id", text_of(need, "need_id"),
                     "agency_id", matching->options->agency_id, "need_seq",
                     (json_int_t)number_of(need, "need_seq"), "patent_seq",
                     (json_int_t)matching->latest, "model", matching->model);
}

static bool write_needs(struct matching *matching, const GPtrArray *needs, guint from, guint to,
                        bool searched, GError **error)
{
    json_t *leads = json_array(), *weighed = json_array(), *progress = json_array();
    for (guint i = from; i < to; i++) {
        json_array_append_new(progress, progress_json(matching, needs->pdata[i]));
        if (!searched)
            continue;
        matching_search_need(matching, needs->pdata[i], leads);
        json_array_append_new(weighed, json_string(text_of(needs->pdata[i], "need_id")));
    }
    struct match_counts counts = {0};
    g_autofree char *now = NULL;
    bool done = db_begin(matching->db, DB_SERVICE, matching->options->agency_id, error) &&
                (now = db_clock(matching->db, error)) != NULL &&
                titles_add(matching->db, leads, error) &&
                numbers_check(matching->db, leads, error) &&
                match_write(matching->db, leads, weighed, progress, now, &counts, error) &&
                db_commit(matching->db, error);
    if (!done)
        db_rollback(matching->db);
    matching->report->proposed += counts.proposed;
    matching->report->superseded += counts.superseded;
    json_decref(leads);
    json_decref(weighed);
    json_decref(progress);
    return done;
}

static bool write_all(struct matching *matching, const GPtrArray *needs, bool searched,
                      GError **error)
{
    const struct match_options *options = matching->options;
    for (guint from = 0; from < needs->len; from += NEEDS_A_TRANSACTION)
        if (options->stop && options->stop(options->user))
            return true; /* what is not written stays behind, for the next run */
        else if (!write_needs(matching, needs, from,
                              MIN(from + NEEDS_A_TRANSACTION, needs->len), searched, error))
            return false;
    return true;
}

static bool weigh(struct matching *matching, GError **error)
{
    g_autoptr(GPtrArray) stale = g_ptr_array_new(), behind = g_ptr_array_new();
    for (size_t i = 0; i < json_array_size(matching->needs); i++) {
        json_t *need = json_array_get(matching->needs, i);
        if (!is_wanted(matching, need))
            continue;
        if (is_stale(matching, need))
            g_ptr_array_add(stale, need);
        else if (is_behind(matching, need))
            g_ptr_array_add(behind, need);
    }
    return (behind->len == 0 || sift(matching, behind, stale, error)) &&
           write_all(matching, stale, true, error) &&
           (matching->options->patents ||
            write_all(matching, behind, false, error)); /* others may have changed, too */
}

/* Everything is read in one transaction, which ends before leads are written: those have transactions of their own. The one
 * exception, which needs have leads on changed patents, is asked in sift() and sees at most newer leads. */
static bool read_all(struct matching *matching, GError **error)
{
    const struct match_options *options = matching->options;
    if (!db_begin(matching->db, DB_SERVICE, options->agency_id, error))
        return false;
    bool done = matching_read_model(matching, error);
    matching->needs =
        done ? match_needs(matching->db, options->agency_id, options->today, error) : NULL;
    done = matching->needs &&
           match_latest(matching->db, options->agency_id, &matching->latest, error) &&
           check_wanted(matching, error);
    matching->report->needs = (int64_t)json_array_size(matching->needs);
    if (done && has_work(matching))
        done = matching_read_patents(matching, error);
    if (done)
        return db_commit(matching->db, error);
    db_rollback(matching->db);
    return false;
}

void match_report_clear(struct match_report *report)
{
    g_clear_pointer(&report->thin, g_ptr_array_unref);
    g_clear_pointer(&report->held_back, g_hash_table_unref);
}

bool match_run(struct db *db, const struct match_options *options, struct match_report *out,
               GError **error)
{
    *out = (struct match_report){.thin = g_ptr_array_new_with_free_func(g_free),
                                 .held_back = g_hash_table_new(g_str_hash, g_str_equal)};
    if (!match_lock(db, options->agency_id, error))
        return false;
    struct matching matching;
    matching_init(&matching, db, options, out);
    bool done = read_all(&matching, error) && (!matching.state || weigh(&matching, error));
    matching_clear(&matching);
    match_unlock(db, options->agency_id);
    return done;
}
