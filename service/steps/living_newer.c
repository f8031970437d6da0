/* living_newer.c - what has come since the base, kept beside it: each index that is full, once, with the facts of its patents.
 *
 * FOLDER/DATABASE-AGENCY.SEQ.NUMBER.index and the same .newer: SEQ is the base's, numbers go on behind its own. Each .newer says what it
 * follows, the base or the one before it, and up to which change the chain knows all then; so one that is missing, damaged or
 * left over from another time ends it, and what is behind is read from the database. What is held no more is in it as well, all of it,
 * each time: as a rule these are few. */
#include "matcher/index_file.h"
#include "service/steps/living_own.h"
#include <string.h>

static char *newer_path(const char *stem, int64_t seq, uint32_t file)
{
    return g_strdup_printf("%s.%" G_GINT64_FORMAT ".%u.newer", stem, seq, file);
}

/* ---- Writing */

static void add_gone(const struct living_state *state, struct facts_builder *builder)
{
    GHashTableIter iter;
    gpointer id, held;
    g_hash_table_iter_init(&iter, state->newer);
    while (g_hash_table_iter_next(&iter, &id, &held)) {
        const struct held_patent gone = {
            .patent_id = *(const int64_t *)id, .seq = FACT_GONE, .owners = ""};
        if (!held)
            facts_add(builder, &gone);
    }
}

/* Of an index's patents, as they are now: those that have changed since it was full come once more with a later one. */
static struct facts *facts_of(const struct living_state *state, const struct index *ix)
{
    struct facts_builder *builder = facts_builder_new();
    add_gone(state, builder);
    for (uint32_t i = 0; i < ix->doc_count; i++) {
        const struct held_patent *held =
            g_hash_table_lookup(state->newer, &ix->ids[ix->order[i]]);
        if (held)
            facts_add(builder, held);
    }
    return facts_finish(builder);
}

static bool keep_next(struct living *living, struct living_state *state, GError **error)
{
    uint32_t number = state->base_parts + state->kept;
    const struct index *ix = parts_at(state->parts, number);
    struct facts_mark mark = state->now;
    mark.patent_seq = g_array_index(state->closed, int64_t, state->kept);
    mark.follows = state->identity;
    mark.identity = mark.index_key = living_identity();
    mark.files = 1;
    g_autofree char *stem = living_stem(living, mark.database);
    g_autofree char *path = living_index_path(stem, state->base.patent_seq, number),
                    *beside = newer_path(stem, state->base.patent_seq, number);
    g_autoptr(facts_t) facts = facts_of(state, ix);
    if (!index_save(ix, mark.index_key, path, error) ||
        !facts_save(facts, &mark, beside, error))
        return false;
    state->identity = mark.identity;
    state->kept++;
    return true;
}

void living_newer_keep(struct living *living, struct living_state *state)
{
    g_autoptr(GError) error = NULL;
    if (!living_keeps_files(living) || state->identity == 0)
        return;
    while (state->kept < state->closed->len)
        if (!keep_next(living, state, &error)) {
            living_say(living, "warning", "what is newer than the kept index can't be kept: %s",
                       error->message);
            return;
        }
}

/* ---- Reading */

struct newer {
    struct index *ix;
    struct facts *facts;
    struct facts_mark mark;
};

static void newer_free(gpointer data)
{
    struct newer *newer = data;
    index_free(newer->ix);
    facts_free(newer->facts);
    g_free(newer);
}

static void say_refused(const struct living *living, const char *path, const char *why)
{
    living_say(living, "warning", "'%s' is not used, what has changed since is read anew: %s",
               path, why);
}

/* Every document has its facts, and all others are of what is held no more. */
static bool fits(const struct newer *newer)
{
    uint32_t at = 0, others = 0;
    for (uint32_t i = 0; i < newer->facts->count; i++) {
        const struct fact *fact = &newer->facts->items[i];
        while (at < newer->ix->doc_count &&
               newer->ix->ids[newer->ix->order[at]] < fact->patent_id)
            at++;
        bool here = at < newer->ix->doc_count &&
                    newer->ix->ids[newer->ix->order[at]] == fact->patent_id;
        others += !here && fact->seq != FACT_GONE;
    }
    return others == 0 && living_has_facts(newer->ix, newer->facts);
}

static bool read_index(const struct living *living, const char *path, struct newer *newer,
                       GError **error)
{
    struct weighing weighing = living_weighing(living);
    newer->ix = index_load(path, newer->mark.index_key, &weighing, error);
    if (newer->ix && !fits(newer))
        g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER, "index and facts are not of one moment");
    return newer->ix && !*error;
}

/* NULL: the chain ends here. What follows something else is left from another time, and no word is lost on it. */
static struct newer *read_next(const struct living *living, const char *stem,
                               const struct living_state *state, uint64_t follows,
                               uint32_t number)
{
    g_autofree char *path = newer_path(stem, state->base.patent_seq, number),
                    *index = living_index_path(stem, state->base.patent_seq, number);
    g_autoptr(GError) wrong = NULL;
    struct newer *newer = g_new0(struct newer, 1);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        newer->facts = facts_load(path, &newer->mark, &wrong);
    bool good = newer->facts && newer->mark.follows == follows &&
                read_index(living, index, newer, &wrong);
    if (wrong)
        say_refused(living, path, wrong->message);
    if (!good)
        g_clear_pointer(&newer, newer_free);
    return newer;
}

static GPtrArray *read_chain(const struct living *living, const char *stem,
                             const struct living_state *state)
{
    GPtrArray *chain = g_ptr_array_new_with_free_func(newer_free);
    uint64_t follows = state->identity;
    struct newer *next;
    while ((next = read_next(living, stem, state, follows, state->base_parts + chain->len))) {
        follows = next->mark.identity;
        g_ptr_array_add(chain, next);
    }
    return chain;
}

/* Later entries of the ledger rest on the earlier ones: where the last file is of this database, all before it are. */
static bool drop_foreign(const struct living *living, struct db *db, GPtrArray *chain,
                         GError **error)
{
    while (chain->len > 0) {
        const struct newer *last = chain->pdata[chain->len - 1];
        json_auto_t *now = match_mark(db, living->agency_id, last->mark.ledger_seq, error);
        const char *foreign = now ? living_what_is_foreign(living, &last->mark, now) : NULL;
        if (!foreign)
            return now != NULL;
        say_refused(living, "a file of what is newer", foreign);
        g_ptr_array_set_size(chain, (gint)chain->len - 1);
    }
    return true;
}

static void take(struct living_state *state, struct newer *newer, GPtrArray *indexes)
{
    g_ptr_array_add(indexes, g_steal_pointer(&newer->ix));
    for (uint32_t i = 0; i < newer->facts->count; i++) {
        struct held_patent held = facts_get(newer->facts, i);
        g_hash_table_replace(state->newer, g_memdup2(&held.patent_id, sizeof held.patent_id),
                             held.seq == FACT_GONE ? NULL : living_held_copy(&held));
    }
    g_array_append_val(state->closed, newer->mark.patent_seq);
    state->kept++;
    state->identity = newer->mark.identity;
    state->seq = newer->mark.patent_seq;
    state->removals = newer->mark.removals;
}

bool living_newer_load(const struct living *living, struct db *db, const char *stem,
                       struct living_state *state, GPtrArray *indexes, GError **error)
{
    g_autoptr(GPtrArray) chain = read_chain(living, stem, state);
    if (!drop_foreign(living, db, chain, error))
        return false;
    for (guint i = 0; i < chain->len; i++)
        take(state, chain->pdata[i], indexes);
    return true;
}

void living_newer_drop(struct living_state *state)
{
    GHashTableIter iter;
    gpointer id, held;
    g_hash_table_iter_init(&iter, state->newer);
    while (g_hash_table_iter_next(&iter, &id, &held))
        if (!held)
            parts_delete(state->parts, *(const int64_t *)id);
}
