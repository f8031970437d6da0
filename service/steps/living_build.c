/* living_build.c - the base of a living index: built from all patents, and written to files. */
#include "matcher/index_file.h"
#include "service/steps/living_own.h"
#include <glib/gstdio.h>
#include <string.h>

enum {
    MB = 1 << 20,
    BUILDER_TIMES_TEXT = 6 /* what a builder takes for a byte of text, about */
};

/* ---- States */

void living_held_free(gpointer held)
{
    g_free(held);
}

/* One piece of memory: the struct, then its texts. */
struct held_patent *living_held_copy(const struct held_patent *patent)
{
    size_t owners_len = owners_block_len(patent->owners);
    const char *const texts[] = {patent->legal_status, patent->type, patent->application_date};
    size_t size = sizeof(struct held_patent) + owners_len;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    struct held_patent *held = g_malloc0(size);
    char *at = (char *)(held + 1);
    const char *copies[G_N_ELEMENTS(texts)] = {NULL};
    *held = *patent;
    held->owners = memcpy(at, patent->owners, owners_len);
    at += owners_len;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i]) {
            size_t len = strlen(texts[i]) + 1;
            copies[i] = memcpy(at, texts[i], len);
            at += len;
        }
    held->legal_status = copies[0];
    held->type = copies[1];
    held->application_date = copies[2];
    return held;
}

struct held_patent *living_held_new(const struct match_patent *row)
{
    size_t len;
    g_autofree char *owners = owners_block(row->owners, &len);
    const struct held_patent patent = {.patent_id = row->patent_id,
                                       .seq = row->seq,
                                       .owners = owners,
                                       .legal_status = row->legal_status,
                                       .type = row->type,
                                       .application_date = row->application_date};
    return living_held_copy(&patent);
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
    state->closed = g_array_new(FALSE, FALSE, sizeof(int64_t));
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
    g_array_unref(state->closed);
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
    struct facts_mark mark;
    uint32_t files; /* indexes that are in files */
    bool kept;      /* all of it is */
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
    uint64_t key = build->mark.index_key;
    g_autofree char *path = living_index_path(build->stem, build->mark.patent_seq, i);
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

/* Whether it is of this snapshot's base: NAME.SEQ.NUMBER.index. */
static bool is_of_base(const char *entry, const char *own, uint32_t files)
{
    return g_str_has_prefix(entry, own) && g_str_has_suffix(entry, ".index") &&
           g_ascii_strtoull(entry + strlen(own), NULL, 10) < files;
}

/* Files of earlier snapshots, what was newer than these, and what killed programs have left. */
static void forget_files(const struct build *build)
{
    g_autofree char *folder = g_path_get_dirname(build->stem),
                    *name = g_path_get_basename(build->stem);
    g_autofree char *prefix = g_strconcat(name, ".", NULL),
                    *facts = g_strconcat(name, ".facts", NULL);
    g_autofree char *own =
        g_strdup_printf("%s.%" G_GINT64_FORMAT ".", name, build->mark.patent_seq);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, entry, NULL);
        if (g_str_has_prefix(entry, prefix) && !g_str_equal(entry, facts) &&
            !is_of_base(entry, own, build->mark.files))
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
    build->mark.files = build->indexes->len;
    g_autofree char *path = g_strconcat(build->stem, ".facts", NULL);
    if (!facts_save(facts, &build->mark, path, &build->error))
        return false;
    build->kept = true;
    forget_files(build);
    return true;
}

/* A snapshot that can't be written costs the next start some time, and nothing else: unless indexes need their files. */
static bool keep_files(struct build *build, const struct facts *facts)
{
    const struct living_options *options = &build->living->store->options;
    bool worth = build->docs >= (options->least ? options->least : LIVING_LEAST);
    if (!living_keeps_files(build->living) || (!worth && build->files == 0))
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
    state->base = build->mark;
    state->identity = build->kept ? build->mark.identity : 0;
    state->seq = build->mark.patent_seq;
    state->removals = build->mark.removals;
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
    json_auto_t *now = match_mark(db, living->agency_id, 0, error);
    if (!now)
        return NULL;
    bool keeps = living_keeps_files(living);
    int64_t most = keeps ? living->store->options.memory_mb : 0;
    struct facts_mark mark = living_mark(living, now);
    g_autofree char *stem = keeps ? living_stem(living, mark.database) : NULL;
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
