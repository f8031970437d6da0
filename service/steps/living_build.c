/* living_build.c - the base of a living index: built from all patents, written to files, mapped again. */
#include "matcher/index_file.h"
#include "service/steps/living_own.h"
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <xxhash.h>

enum {
    MB = 1 << 20,
    BUILDER_TIMES_TEXT = 6 /* what a builder takes for a byte of text, about */
};

/* ---- Names and marks */

static bool keeps_files(const struct living *living)
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
static char *stem_of(const struct living *living, const char *database)
{
    g_autofree char *range =
        part_count(living) > 1
            ? g_strdup_printf("-%uof%u", living->store->options.part + 1, part_count(living))
            : g_strdup("");
    return g_strdup_printf("%s/%.12s-%d%s", living->store->options.folder, database,
                           living->agency_id, range);
}

static char *index_path(const char *stem, int64_t seq, uint32_t file)
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

static struct facts_mark mark_of(const struct living *living, const json_t *mark,
                                 uint32_t files)
{
    struct facts_mark out;
    memset(&out, 0, sizeof out);
    g_strlcpy(out.database, text_of(mark, "database"), sizeof out.database);
    g_strlcpy(out.ledger, text_of(mark, "ledger"), sizeof out.ledger);
    out.ledger_seq = number_of(mark, "ledger_seq");
    out.patent_seq = number_of(mark, "latest");
    out.removals = number_of(mark, "removals");
    out.index_key = index_key(living, mark);
    out.agency_id = living->agency_id;
    out.part = living->store->options.part;
    out.parts = part_count(living);
    out.files = files;
    return out;
}

/* ---- States */

void living_held_free(gpointer held)
{
    g_free(held);
}

/* One piece of memory: the struct, then its texts. */
struct held_patent *living_held_new(const struct match_patent *row)
{
    size_t owners_len;
    g_autofree char *owners = owners_block(row->owners, &owners_len);
    const char *const texts[] = {row->legal_status, row->type, row->application_date};
    size_t size = sizeof(struct held_patent) + owners_len;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    struct held_patent *held = g_malloc0(size);
    char *at = (char *)(held + 1);
    const char *copies[G_N_ELEMENTS(texts)] = {NULL};
    held->owners = memcpy(at, owners, owners_len);
    at += owners_len;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i]) {
            size_t len = strlen(texts[i]) + 1;
            copies[i] = memcpy(at, texts[i], len);
            at += len;
        }
    held->patent_id = row->patent_id;
    held->seq = row->seq;
    held->legal_status = copies[0];
    held->type = copies[1];
    held->application_date = copies[2];
    return held;
}

void living_tail_free(gpointer data)
{
    struct tail_doc *doc = data;
    g_free(doc->title);
    g_free(doc->abstract);
    g_strfreev(doc->classes);
    g_free(doc);
}

struct living_state *living_state_new(void)
{
    struct living_state *state = g_new0(struct living_state, 1);
    state->newer = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, living_held_free);
    state->tail = g_ptr_array_new_with_free_func(living_tail_free);
    return state;
}

void living_state_free(struct living_state *state)
{
    if (!state)
        return;
    parts_free(state->parts);
    facts_free(state->facts);
    g_hash_table_unref(state->newer);
    g_ptr_array_unref(state->tail);
    g_free(state);
}

/* ---- Building */

struct build {
    struct living *living;
    struct weighing weighing;
    struct index_builder *builder;
    uint64_t text, text_most; /* bytes of text in the builder; so many make an index */
    uint32_t docs, in_builder;
    struct facts_builder *facts;
    GPtrArray *indexes; /* struct index *, each handed on or freed */
    const char *stem;
    const json_t *mark;
    uint32_t files; /* indexes that are in files */
    GError *error;
};

static bool over_memory(const struct living *living, const GPtrArray *indexes)
{
    size_t bytes = 0;
    for (guint i = 0; i < indexes->len; i++)
        bytes += index_bytes(indexes->pdata[i]);
    int64_t most = living->store->options.memory_mb;
    return most > 0 && bytes > (size_t)most * MB;
}

/* From memory to a file, and used from there where memory is short. */
static bool file_index(struct build *build, guint i, bool map)
{
    uint64_t key = index_key(build->living, build->mark);
    g_autofree char *path = index_path(build->stem, number_of(build->mark, "latest"), i);
    if (i >= build->files && !index_save(build->indexes->pdata[i], key, path, &build->error))
        return false;
    build->files = MAX(build->files, i + 1);
    struct index *mapped = map ? index_load(path, key, &build->weighing, &build->error) : NULL;
    if (mapped) {
        index_free(build->indexes->pdata[i]);
        build->indexes->pdata[i] = mapped;
    }
    return !map || mapped;
}

/* The builder's patents become an index. */
static bool close_index(struct build *build)
{
    struct index *ix = index_finish(g_steal_pointer(&build->builder), &build->error);
    if (!ix)
        return false;
    g_ptr_array_add(build->indexes, ix);
    build->text = build->in_builder = 0;
    return true;
}

static void take_patent(const struct match_patent *row, void *user)
{
    struct build *build = user;
    if (build->error)
        return;
    if (!build->builder)
        build->builder = index_builder_new(&build->weighing);
    g_autofree struct held_patent *held = living_held_new(row);
    size_t classes = g_strv_length((char **)(uintptr_t)row->classes);
    struct document document = {row->patent_id, row->title, row->abstract, row->classes,
                                classes};
    index_add_sketch(build->builder, &document, &held->sketch);
    facts_add(build->facts, held);
    build->docs++;
    build->in_builder++;
    build->text +=
        (row->title ? strlen(row->title) : 0) + (row->abstract ? strlen(row->abstract) : 0);
    if (build->text >= build->text_most && close_index(build))
        file_index(build, build->indexes->len - 1, true);
}

/* Files of earlier snapshots. */
static void forget_files(const struct build *build)
{
    g_autofree char *folder = g_path_get_dirname(build->stem),
                    *name = g_path_get_basename(build->stem);
    g_autofree char *prefix = g_strconcat(name, ".", NULL);
    g_autofree char *own =
        g_strdup_printf("%s.%" G_GINT64_FORMAT ".", name, number_of(build->mark, "latest"));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir))) {
        bool is_index = g_str_has_prefix(entry, prefix) && strstr(entry, ".index");
        g_autofree char *path = g_build_filename(folder, entry, NULL);
        if (is_index && !g_str_has_prefix(entry, own))
            g_unlink(path);
    }
}

/* The facts name the index files, so they are written last: whoever reads finds the old snapshot or the new one. */
static bool write_files(struct build *build, const struct facts *facts)
{
    bool map = over_memory(build->living, build->indexes);
    for (guint i = 0; i < build->indexes->len; i++)
        if (!file_index(build, i, map || i < build->files))
            return false;
    struct facts_mark mark = mark_of(build->living, build->mark, build->indexes->len);
    g_autofree char *path = g_strconcat(build->stem, ".facts", NULL);
    if (!facts_save(facts, &mark, path, &build->error))
        return false;
    forget_files(build);
    return true;
}

/* A snapshot that can't be written costs the next start some time, and nothing else: unless indexes need their files. */
static bool keep_files(struct build *build, const struct facts *facts)
{
    const struct living_options *options = &build->living->store->options;
    bool worth = build->docs >= (options->least ? options->least : LIVING_LEAST);
    if (!keeps_files(build->living) || (!worth && build->files == 0))
        return true;
    if (g_mkdir_with_parents(options->folder, 0700) == 0 && write_files(build, facts))
        return true;
    living_say(build->living, "warning", "the index can't be kept in '%s': %s", options->folder,
               build->error ? build->error->message : "no such folder can be made");
    bool lost = false;
    for (guint i = 0; i < build->indexes->len; i++)
        lost |= build->indexes->pdata[i] == NULL;
    if (!lost)
        g_clear_error(&build->error);
    return !lost;
}

static struct living_state *state_of(struct build *build, struct facts *facts)
{
    struct living_state *state = living_state_new();
    state->facts = facts;
    state->base_parts = build->indexes->len;
    state->seq = number_of(build->mark, "latest");
    state->removals = number_of(build->mark, "removals");
    state->parts = parts_new((struct index *const *)build->indexes->pdata, build->indexes->len,
                             &build->error);
    g_ptr_array_set_size(build->indexes, 0);
    if (state->parts)
        return state;
    living_state_free(state);
    return NULL;
}

static bool read_all(struct build *build, struct db *db)
{
    struct match_range range = living_range(build->living, -1);
    GError *failed = NULL;
    bool done = match_patents(db, &range, take_patent, build, &failed);
    if (failed && !build->error)
        g_propagate_error(&build->error, failed);
    else
        g_clear_error(&failed);
    if (!done || build->error)
        return false;
    if (!build->builder && build->indexes->len == 0)
        build->builder = index_builder_new(&build->weighing); /* of nothing */
    return !build->builder || close_index(build);
}

static void build_clear(struct build *build)
{
    index_builder_free(build->builder);
    facts_builder_free(build->facts);
    for (guint i = 0; i < build->indexes->len; i++)
        index_free(build->indexes->pdata[i]);
    g_ptr_array_unref(build->indexes);
}

struct living_state *living_build(struct living *living, struct db *db, GError **error)
{
    json_auto_t *mark = match_mark(db, living->agency_id, 0, error);
    if (!mark)
        return NULL;
    int64_t most = keeps_files(living) ? living->store->options.memory_mb : 0;
    g_autofree char *stem =
        keeps_files(living) ? stem_of(living, text_of(mark, "database")) : NULL;
    struct build build = {.living = living,
                          .weighing = living_weighing(living),
                          .text_most =
                              most > 0 ? (uint64_t)most * MB / BUILDER_TIMES_TEXT : UINT64_MAX,
                          .facts = facts_builder_new(),
                          .indexes = g_ptr_array_new(),
                          .stem = stem,
                          .mark = mark};
    if (most > 0)
        g_mkdir_with_parents(living->store->options.folder, 0700);
    struct living_state *state = NULL;
    if (read_all(&build, db)) {
        struct facts *facts = facts_finish(g_steal_pointer(&build.facts));
        if (keep_files(&build, facts))
            state = state_of(&build, facts);
        else
            facts_free(facts);
    }
    build_clear(&build);
    if (build.error)
        g_propagate_error(error, build.error);
    return state;
}

/* ---- Out of the files */

/* Whether a snapshot is of this database, and of a state that it has been in. */
static const char *what_is_foreign(const struct living *living, const struct facts_mark *mark,
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

static struct parts *map_indexes(const struct living *living, const char *stem,
                                 const struct facts_mark *mark, GError **error)
{
    g_autoptr(GPtrArray) indexes = g_ptr_array_new();
    struct weighing weighing = living_weighing(living);
    bool good = true;
    for (uint32_t i = 0; good && i < mark->files; i++) {
        g_autofree char *path = index_path(stem, mark->patent_seq, i);
        struct index *ix = index_load(path, mark->index_key, &weighing, error);
        good = ix != NULL;
        if (ix)
            g_ptr_array_add(indexes, ix);
    }
    if (good)
        return parts_new((struct index *const *)indexes->pdata, indexes->len, error);
    for (guint i = 0; i < indexes->len; i++)
        index_free(indexes->pdata[i]);
    return NULL;
}

/* Both rise: the two lists are gone through side by side. */
static bool has_facts(const struct index *ix, const struct facts *facts)
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
static bool fit_together(const struct parts *parts, const struct facts *facts)
{
    bool fit = parts_docs(parts) == facts->count;
    for (uint32_t i = 0; fit && i < parts_count(parts); i++)
        fit = has_facts(parts_at(parts, i), facts);
    return fit;
}

static struct living_state *state_from(const struct living *living, const char *stem,
                                       const struct facts_mark *mark, struct facts *facts,
                                       GError **error)
{
    struct parts *parts = map_indexes(living, stem, mark, error);
    if (parts && !fit_together(parts, facts)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_OTHER, "index and facts are not of one moment");
        parts_free(g_steal_pointer(&parts));
    }
    if (!parts) {
        facts_free(facts);
        return NULL;
    }
    struct living_state *state = living_state_new();
    state->parts = parts;
    state->base_parts = parts_count(parts);
    state->facts = facts;
    state->seq = mark->patent_seq;
    state->removals = mark->removals;
    state->from_file = true;
    return state;
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
    json_auto_t *now = keeps_files(living) ? match_mark(db, living->agency_id, 0, error) : NULL;
    if (!now)
        return NULL;
    g_autofree char *stem = stem_of(living, text_of(now, "database"));
    g_autofree char *path = g_strconcat(stem, ".facts", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    struct facts *facts = facts_load(path, &mark, &wrong);
    if (!facts)
        return refused(living, path, wrong->message);
    json_auto_t *then = match_mark(db, living->agency_id, mark.ledger_seq, error);
    const char *foreign = then ? what_is_foreign(living, &mark, then) : NULL;
    if (!then || foreign) {
        facts_free(facts);
        return then ? refused(living, path, foreign) : NULL;
    }
    struct living_state *state = state_from(living, stem, &mark, facts, &wrong);
    return state ? state : refused(living, path, wrong->message);
}
