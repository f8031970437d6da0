/* living_files.c - a living index as files: their names, whose they are, and the way back from them. */
#include "matcher/index_file.h"
#include "service/steps/living_own.h"
#include <string.h>
#include <xxhash.h>

/* ---- Names and marks */

bool living_keeps_files(const struct living *living)
{
    return living->store->options.folder != NULL;
}

static uint32_t part_count(const struct living *living)
{
    return MAX(living->store->options.parts, 1u);
}

struct match_range living_range(const struct living *living, int64_t since)
{
    uint32_t parts = part_count(living), part = living->store->options.part;
    uint64_t share =
        UINT64_MAX / parts; /* of all ids; the last range takes what is left over */
    uint64_t first = part * share, last = part + 1 == parts ? UINT64_MAX : first + share - 1;
    return (struct match_range){.agency_id = living->agency_id,
                                .first = (int64_t)(first + (uint64_t)INT64_MIN),
                                .last = (int64_t)(last + (uint64_t)INT64_MIN),
                                .since = since,
                                .stop = living_is_stopping,
                                .stop_user = (void *)(uintptr_t)living};
}

static const char *text_of(const json_t *mark, const char *name)
{
    const char *text = json_string_value(json_object_get(mark, name));
    return text ? text : "";
}

static int64_t number_of(const json_t *mark, const char *name)
{
    return json_integer_value(json_object_get(mark, name));
}

/* "FOLDER/1f0e3dad9990-1", or "…-1-2of3" of a range. */
char *living_stem(const struct living *living, const char *database)
{
    g_autofree char *range =
        part_count(living) > 1
            ? g_strdup_printf("-%uof%u", living->store->options.part + 1, part_count(living))
            : g_strdup("");
    return g_strdup_printf("%s/%.12s-%d%s", living->store->options.folder, database,
                           living->agency_id, range);
}

char *living_index_path(const char *stem, int64_t seq, uint32_t file)
{
    return g_strdup_printf("%s.%" G_GINT64_FORMAT ".%u.index", stem, seq, file);
}

static uint64_t index_key(const struct living *living, const json_t *mark)
{
    const int64_t numbers[] = {living->agency_id, living->store->options.part,
                               part_count(living), number_of(mark, "latest")};
    uint64_t seed = XXH3_64bits(text_of(mark, "database"), strlen(text_of(mark, "database")));
    return XXH3_64bits_withSeed(numbers, sizeof numbers, seed);
}

/* No other file has it. */
uint64_t living_identity(void)
{
    return (uint64_t)g_random_int() << 32 | g_random_int() | 1;
}

struct facts_mark living_mark(const struct living *living, const json_t *now)
{
    struct facts_mark out;
    memset(&out, 0, sizeof out);
    g_strlcpy(out.database, text_of(now, "database"), sizeof out.database);
    g_strlcpy(out.ledger, text_of(now, "ledger"), sizeof out.ledger);
    out.ledger_seq = number_of(now, "ledger_seq");
    out.patent_seq = number_of(now, "latest");
    out.removals = number_of(now, "removals");
    out.index_key = index_key(living, now);
    out.identity = living_identity();
    out.agency_id = living->agency_id;
    out.part = living->store->options.part;
    out.parts = part_count(living);
    return out;
}

/* ---- Out of the files */

/* Whether a snapshot is of this database, and of a state that it has been in. */
const char *living_what_is_foreign(const struct living *living, const struct facts_mark *mark,
                                   const json_t *now)
{
    if (!g_str_equal(mark->database, text_of(now, "database")) ||
        mark->agency_id != living->agency_id || mark->part != living->store->options.part ||
        mark->parts != part_count(living))
        return "it is of another database, agency or range";
    if (!g_str_equal(mark->ledger, text_of(now, "entry")))
        return "the database has gone another way since: it was restored from a backup";
    if (mark->patent_seq > number_of(now, "latest"))
        return "it knows changes that the database does not";
    return NULL;
}

static bool map_indexes(const struct living *living, const char *stem,
                        const struct facts_mark *mark, GPtrArray *indexes, GError **error)
{
    struct weighing weighing = living_weighing(living);
    for (uint32_t i = 0; i < mark->files; i++) {
        g_autofree char *path = living_index_path(stem, mark->patent_seq, i);
        struct index *ix = index_load(path, mark->index_key, &weighing, error);
        if (!ix)
            return false;
        g_ptr_array_add(indexes, ix);
    }
    return true;
}

/* Both rise: the two lists are gone through side by side. */
bool living_has_facts(const struct index *ix, const struct facts *facts)
{
    uint32_t at = 0;
    for (uint32_t k = 0; k < ix->doc_count; k++) {
        int64_t id = ix->ids[ix->order[k]];
        while (at < facts->count && facts->items[at].patent_id < id)
            at++;
        if (at == facts->count || facts->items[at].patent_id != id)
            return false;
    }
    return true;
}

/* Every document of the indexes has its facts, and none else. */
static bool fit_together(const GPtrArray *indexes, const struct facts *facts)
{
    bool fit = true;
    uint64_t docs = 0;
    for (guint i = 0; fit && i < indexes->len; i++) {
        const struct index *ix = indexes->pdata[i];
        fit = living_has_facts(ix, facts);
        docs += ix->doc_count;
    }
    return fit && docs == facts->count;
}

static bool read_indexes(const struct living *living, const char *stem,
                         const struct living_state *state, GPtrArray *indexes, GError **error)
{
    if (!map_indexes(living, stem, &state->base, indexes, error))
        return false;
    if (fit_together(indexes, state->facts))
        return true;
    g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER, "index and facts are not of one moment");
    return false;
}

static bool take_parts(struct living_state *state, GPtrArray *indexes, GError **error)
{
    state->parts = parts_new((struct index *const *)indexes->pdata, indexes->len, error);
    g_ptr_array_set_size(indexes, 0);
    if (state->parts)
        living_newer_drop(state);
    return state->parts != NULL;
}

static struct living_state *state_from(const struct facts_mark *mark, struct facts *facts)
{
    struct living_state *state = living_state_new();
    state->base = *mark;
    state->identity = mark->identity;
    state->base_parts = mark->files;
    state->facts = facts;
    state->seq = mark->patent_seq;
    state->removals = mark->removals;
    state->from_file = true;
    return state;
}

/* *wrong: the files are of no use; *error: the database failed. Takes the facts. */
static struct living_state *read_state(const struct living *living, struct db *db,
                                       const char *stem, const struct facts_mark *mark,
                                       struct facts *facts, GError **wrong, GError **error)
{
    g_autoptr(GPtrArray) indexes = g_ptr_array_new();
    struct living_state *state = state_from(mark, facts);
    if (read_indexes(living, stem, state, indexes, wrong) &&
        living_newer_load(living, db, stem, state, indexes, error) &&
        take_parts(state, indexes, wrong))
        return state;
    for (guint i = 0; i < indexes->len; i++)
        index_free(indexes->pdata[i]);
    living_state_free(state);
    return NULL;
}

static struct living_state *refused(const struct living *living, const char *path,
                                    const char *why)
{
    living_say(living, "warning",
               "the kept index '%s' is not used, all patents are read anew: %s", path, why);
    return NULL;
}

struct living_state *living_load(struct living *living, struct db *db, GError **error)
{
    struct facts_mark mark;
    g_autoptr(GError) wrong = NULL;
    json_auto_t *now =
        living_keeps_files(living) ? match_mark(db, living->agency_id, 0, error) : NULL;
    if (!now)
        return NULL;
    g_autofree char *stem = living_stem(living, text_of(now, "database"));
    g_autofree char *path = g_strconcat(stem, ".facts", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    struct facts *facts = facts_load(path, &mark, &wrong);
    if (!facts)
        return refused(living, path, wrong->message);
    json_auto_t *then = match_mark(db, living->agency_id, mark.ledger_seq, error);
    const char *foreign = then ? living_what_is_foreign(living, &mark, then) : NULL;
    if (!then || foreign) {
        facts_free(facts);
        return then ? refused(living, path, foreign) : NULL;
    }
    GError *failed = NULL;
    struct living_state *state = read_state(living, db, stem, &mark, facts, &wrong, &failed);
    if (failed)
        g_propagate_error(error, failed);
    return state || failed ? state : refused(living, path, wrong->message);
}
