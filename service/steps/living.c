#include "service/steps/living_own.h"
#include <stdarg.h>
#include <string.h>

enum {
    SMALL_INDEXES = 12, /* more of them slow every search */
    DELETED_SHARE = 10, /* a tenth of all */
    NEWER_SHARE = 4,    /* a quarter of all */
    FEW = 256,          /* entries that a table takes while searches wait */
};

void living_say(const struct living *living, const char *level, const char *format, ...)
{
    const struct living_options *options = &living->store->options;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (options->say)
        options->say(level, line, options->user);
}

bool living_is_stopping(void *living)
{
    return atomic_load(&((struct living *)living)->stopping);
}

struct weighing living_weighing(const struct living *living)
{
    struct weighing weighing = weighing_default;
    weighing.dictionary = living->store->dictionary;
    return weighing;
}

/* ---- What has changed since */

struct taking {
    struct living *living;
    struct index_builder *builder;
    GHashTable *ids;  /* of what came: patent_id (in held) -> struct held_patent * */
    GPtrArray *texts; /* struct tail_doc *; NULL: too many to be kept */
    uint32_t most;
    int64_t latest;
};

static struct tail_doc *copy_doc(const struct match_patent *row, const struct sketch *sketch)
{
    struct tail_doc *doc = g_new0(struct tail_doc, 1);
    doc->id = row->patent_id;
    doc->title = g_strdup(row->title);
    doc->abstract = g_strdup(row->abstract);
    doc->classes = g_strdupv((char **)(uintptr_t)row->classes);
    doc->sketch = *sketch;
    return doc;
}

static void take_changed(const struct match_patent *row, void *user)
{
    struct taking *taking = user;
    struct held_patent *held = living_held_new(row);
    size_t classes = g_strv_length((char **)(uintptr_t)row->classes);
    struct document document = {row->patent_id, row->title, row->abstract, row->classes,
                                classes};
    index_add_sketch(taking->builder, &document, &held->sketch);
    g_hash_table_insert(taking->ids, &held->patent_id, held);
    taking->latest = MAX(taking->latest, row->seq);
    if (taking->texts && taking->texts->len < taking->most)
        g_ptr_array_add(taking->texts, copy_doc(row, &held->sketch));
    else
        g_clear_pointer(&taking->texts, g_ptr_array_unref);
}

static bool is_gone(const struct living_state *state, int64_t id)
{
    gpointer held = NULL;
    return g_hash_table_lookup_extended(state->newer, &id, NULL, &held) && !held;
}

/* What the last index had, and did not come again. */
static void take_tail(struct taking *taking, struct living_state *state)
{
    gsize count;
    g_autofree gpointer *docs = g_ptr_array_steal(state->tail, &count);
    for (gsize i = 0; i < count; i++) {
        struct tail_doc *doc = docs[i];
        bool stays = !g_hash_table_contains(taking->ids, &doc->id) && !is_gone(state, doc->id);
        struct document document = {doc->id, doc->title, doc->abstract,
                                    (const char *const *)doc->classes,
                                    g_strv_length(doc->classes)};
        if (stays)
            index_add(taking->builder, &document);
        if (stays && taking->texts)
            g_ptr_array_add(taking->texts, doc);
        else
            living_tail_free(doc);
    }
}

static void replace(struct living *living, int64_t begun)
{
    int64_t took = g_get_monotonic_time() - begun, longest = atomic_load(&living->longest_us);
    pthread_rwlock_unlock(&living->reading);
    if (took > longest)
        atomic_store(&living->longest_us, took);
}

static int64_t begin_to_replace(struct living *living)
{
    pthread_rwlock_wrlock(&living->reading);
    return g_get_monotonic_time();
}

static void exchange(GHashTable **a, GHashTable **b)
{
    GHashTable *held = *a;
    *a = *b;
    *b = held;
}

/* The table as it will be, of the values that are in use and those that come; neither is changed. */
static GHashTable *joined(GHashTable *newer, GHashTable *ids)
{
    GHashTable *next =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, living_held_free);
    GHashTable *const both[] = {newer, ids};
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        GHashTableIter iter;
        gpointer id, held;
        g_hash_table_iter_init(&iter, both[i]);
        while (g_hash_table_iter_next(&iter, &id, &held))
            if (i > 0 || !g_hash_table_contains(ids, id))
                g_hash_table_insert(next, g_memdup2(id, sizeof(int64_t)), held);
    }
    return next;
}

/* Of a table that has been left, what is in use no more. */
static void free_left(GHashTable *left, GHashTable *next)
{
    GHashTableIter iter;
    gpointer id, held;
    g_hash_table_iter_init(&iter, left);
    while (g_hash_table_iter_next(&iter, &id, &held))
        if (g_hash_table_lookup(next, id) == held) {
            g_hash_table_iter_steal(&iter);
            g_free(id);
        }
    g_hash_table_unref(left);
}

static void put_few(struct living_state *state, GHashTable *ids)
{
    GHashTableIter iter;
    gpointer id, held;
    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, &held)) {
        g_hash_table_replace(state->newer, g_memdup2(id, sizeof(int64_t)), held);
        g_hash_table_iter_steal(&iter);
    }
}

/* Many are put into a copy of the table first: searches wait for a pointer, not for a hundred thousand entries. */
static void put_newer(struct living *living, struct living_state *state, GHashTable *ids,
                      struct parts_ready *ready)
{
    bool few = g_hash_table_size(ids) <= FEW;
    GHashTable *left = few ? NULL : joined(state->newer, ids);
    int64_t begun = begin_to_replace(living);
    parts_put(state->parts, ready);
    if (few)
        put_few(state, ids);
    else
        exchange(&left, &state->newer);
    replace(living, begun);
    if (left)
        free_left(left, state->newer);
    g_hash_table_steal_all(ids);
}

static bool add_taken(struct living *living, struct living_state *state, struct taking *taking,
                      GError **error)
{
    bool replaces = state->tail->len > 0;
    take_tail(taking, state);
    struct index *ix = index_finish(g_steal_pointer(&taking->builder), error);
    struct parts_change change = {.added = ix, .replaces_last = replaces};
    g_autoptr(match_parts_ready) ready =
        ix ? parts_prepare(state->parts, &change, error) : NULL;
    if (!ready)
        return false;
    put_newer(living, state, taking->ids, ready);
    if (taking->texts && taking->texts->len < taking->most) {
        g_ptr_array_unref(state->tail);
        state->tail = g_steal_pointer(&taking->texts);
    } /* else it is full: the next change begins another index */
    state->seq = MAX(state->seq, taking->latest);
    return true;
}

static bool add_changed(struct living *living, struct living_state *state, struct db *db,
                        GError **error)
{
    uint32_t tail = living->store->options.tail;
    struct match_range range = living_range(living, state->seq);
    struct weighing weighing = living_weighing(living);
    g_autoptr(GHashTable) ids =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, living_held_free);
    struct taking taking = {.living = living,
                            .builder = index_builder_new(&weighing),
                            .ids = ids,
                            .texts = g_ptr_array_new_with_free_func(living_tail_free),
                            .most = tail ? tail : LIVING_TAIL};
    bool done = match_patents(db, &range, take_changed, &taking, error);
    if (done && g_hash_table_size(ids) > 0)
        done = add_taken(living, state, &taking, error);
    index_builder_free(taking.builder);
    if (taking.texts)
        g_ptr_array_unref(taking.texts);
    return done;
}

/* ---- What is held no more */

struct losing {
    const struct parts *parts;
    GArray *ids; /* int64_t */
};

static void take_lost(int64_t id, void *user)
{
    struct losing *losing = user;
    uint32_t doc;
    if (parts_find(losing->parts, id, &doc))
        g_array_append_val(losing->ids, id);
}

/* What is found here, and not held. */
static bool drop_lost(struct living *living, struct living_state *state, struct db *db,
                      GError **error)
{
    g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(int64_t));
    struct losing losing = {state->parts, lost};
    struct match_range range = living_range(living, -1);
    if (!match_lost(db, &range, take_lost, &losing, error))
        return false;
    g_autoptr(GHashTable) ids = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < lost->len; i++)
        g_hash_table_insert(ids, &g_array_index(lost, int64_t, i), NULL);
    struct parts_change change = {.deleted = (const int64_t *)(const void *)lost->data,
                                  .deleted_count = lost->len};
    g_autoptr(match_parts_ready) ready = parts_prepare(state->parts, &change, error);
    if (ready)
        put_newer(living, state, ids, ready);
    return ready != NULL;
}

/* ---- Catching up and merging */

/* What is full now stays as it is, and may be kept. */
static void note_closed(struct living_state *state)
{
    uint32_t newer = parts_count(state->parts) - state->base_parts;
    if (state->closed->len + (state->tail->len > 0) < newer)
        g_array_append_val(state->closed, state->seq);
}

static bool follow(struct living *living, struct living_state *state, struct db *db,
                   GError **error)
{
    json_auto_t *mark = match_mark(db, living->agency_id, 0, error);
    if (!mark)
        return false;
    state->now = living_mark(living, mark);
    int64_t latest = state->now.patent_seq, removals = state->now.removals;
    if (removals != state->removals && !drop_lost(living, state, db, error))
        return false;
    state->removals = removals;
    if (latest > state->seq && !add_changed(living, state, db, error))
        return false;
    state->seq = MAX(state->seq, latest);
    note_closed(state);
    return true;
}

static uint32_t least_of(const struct living *living)
{
    uint32_t least = living->store->options.least;
    return least ? least : LIVING_LEAST;
}

/* So few that they are built anew at once when anything but new patents came. */
static bool is_small_and_drifts(const struct living *living, const struct living_state *state)
{
    return parts_deleted(state->parts) > 0 && parts_docs(state->parts) < least_of(living);
}

static bool wants_merge(const struct living_state *state)
{
    uint64_t docs = parts_docs(state->parts), deleted = parts_deleted(state->parts);
    uint64_t newer = g_hash_table_size(state->newer);
    return parts_count(state->parts) - state->base_parts > SMALL_INDEXES ||
           deleted * DELETED_SHARE > docs ||
           (newer > LIVING_LEAST && newer * NEWER_SHARE > docs);
}

static void put_state(struct living *living, struct living_state *state)
{
    if (state && living->state) {
        struct index_totals others = parts_others(living->state->parts);
        parts_set_others(state->parts, &others);
    }
    int64_t begun = begin_to_replace(living);
    struct living_state *old = living->state;
    living->state = state;
    replace(living, begun);
    living_state_free(old);
}

static bool rebuild(struct living *living, struct db *db, GError **error)
{
    struct living_state *state = living_build(living, db, error);
    if (!state)
        return false;
    if (living->state)
        atomic_fetch_add(&living->merges, 1);
    put_state(living, state);
    return true;
}

/* In the merger's thread: a whole new state beside the one in use, caught up while nobody else changes that one. */
static bool merge_with(struct living *living, struct db *db, GError **error)
{
    struct living_state *state = NULL;
    if (!db_begin(db, DB_SERVICE, living->agency_id, error))
        return false;
    state = living_build(living, db, error);
    if (state) {
        pthread_mutex_lock(&living->writing);
        bool done = follow(living, state, db, error);
        if (done) {
            put_state(living, state);
            living_newer_keep(living, state);
            atomic_fetch_add(&living->merges, 1);
        } else {
            living_state_free(g_steal_pointer(&state));
        }
        pthread_mutex_unlock(&living->writing);
    }
    db_rollback(db); /* it only read */
    return state != NULL;
}

static void *do_merge(void *data)
{
    struct living *living = data;
    const struct living_options *options = &living->store->options;
    g_autoptr(GError) error = NULL;
    struct db *db = options->take(options->user, &error);
    bool done = db && merge_with(living, db, &error);
    if (db)
        options->give(db, !done, options->user);
    if (!done && !living_is_stopping(living))
        living_say(living, "warning", "the index could not be merged: %s",
                   error ? error->message : "?");
    pthread_mutex_lock(&living->writing);
    living->merging = false;
    pthread_mutex_unlock(&living->writing);
    return NULL;
}

/* With `writing` held. */
static void begin_merge(struct living *living)
{
    if (living->merging || living_is_stopping(living))
        return;
    if (living->has_merger)
        pthread_join(living->merger, NULL);
    living->merging = pthread_create(&living->merger, NULL, do_merge, living) == 0;
    living->has_merger = living->merging;
}

/* A state that failed half way is of no use. */
static bool keep_or_drop(struct living *living, bool done)
{
    if (!done)
        put_state(living, NULL);
    return done;
}

static bool bring_up(struct living *living, struct db *db, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!living->state) {
        struct living_state *state = living_load(living, db, &why);
        if (why) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        if (!state)
            return rebuild(living, db, error);
        put_state(living, state);
    }
    if (!keep_or_drop(living, follow(living, living->state, db, error)))
        return false;
    if (is_small_and_drifts(living, living->state))
        return rebuild(living, db, error);
    bool merges = wants_merge(living->state);
    if (merges && !living->store->options.take)
        return rebuild(living, db, error);
    living_newer_keep(living, living->state);
    if (merges)
        begin_merge(living);
    return true;
}

bool living_catch_up(struct living *living, struct db *db, GError **error)
{
    pthread_mutex_lock(&living->writing);
    bool done = bring_up(living, db, error);
    pthread_mutex_unlock(&living->writing);
    return done;
}

void living_prepare(struct living *living)
{
    pthread_mutex_lock(&living->writing);
    if (!living->state && living->store->options.take)
        begin_merge(living);
    pthread_mutex_unlock(&living->writing);
}

void living_set_others(struct living *living, const struct index_totals *others)
{
    pthread_mutex_lock(&living->writing);
    if (living->state) {
        const struct index_totals none = {0};
        struct parts_change change = {.others = others ? others : &none};
        g_autoptr(match_parts_ready) ready = parts_prepare(living->state->parts, &change, NULL);
        int64_t begun = begin_to_replace(living);
        parts_put(living->state->parts, ready);
        replace(living, begun);
    }
    pthread_mutex_unlock(&living->writing);
}

void living_settle(struct living *living)
{
    pthread_mutex_lock(&living->writing);
    bool waits = living->has_merger;
    pthread_t merger = living->merger;
    living->has_merger = false;
    pthread_mutex_unlock(&living->writing);
    if (waits)
        pthread_join(merger, NULL);
}
