#include "service/steps/living_own.h"
#include "service/steps/words.h"

/* ---- Asking */

const struct living_state *living_hold(struct living *living)
{
    pthread_rwlock_rdlock(&living->reading);
    if (living->state)
        return living->state;
    pthread_rwlock_unlock(&living->reading);
    return NULL;
}

void living_let_go(struct living *living)
{
    pthread_rwlock_unlock(&living->reading);
}

struct parts *living_parts(const struct living_state *state)
{
    return state->parts;
}

bool living_patent(const struct living_state *state, int64_t patent_id, struct held_patent *out)
{
    gpointer newer = NULL;
    if (g_hash_table_lookup_extended(state->newer, &patent_id, NULL, &newer)) {
        if (newer)
            *out = *(const struct held_patent *)newer;
        return newer != NULL;
    }
    uint32_t number = facts_find(state->facts, patent_id);
    if (number != UINT32_MAX)
        *out = facts_get(state->facts, number);
    return number != UINT32_MAX;
}

void living_changed(const struct living_state *state, int64_t since,
                    void (*each)(const struct held_patent *, void *), void *user)
{
    GHashTableIter iter;
    gpointer newer;
    for (uint32_t i = 0; i < state->facts->count; i++) {
        const struct fact *fact = &state->facts->items[i];
        if (fact->seq <= since || g_hash_table_contains(state->newer, &fact->patent_id))
            continue;
        struct held_patent held = facts_get(state->facts, i);
        each(&held, user);
    }
    g_hash_table_iter_init(&iter, state->newer);
    while (g_hash_table_iter_next(&iter, NULL, &newer))
        if (newer && ((const struct held_patent *)newer)->seq > since)
            each(newer, user);
}

struct living_figures living_figures(struct living *living)
{
    struct living_figures figures = {.merges = atomic_load(&living->merges),
                                     .longest_us = atomic_load(&living->longest_us)};
    const struct living_state *state = living_hold(living);
    if (!state)
        return figures;
    figures.docs = parts_docs(state->parts);
    figures.deleted = parts_deleted(state->parts);
    figures.parts = parts_count(state->parts);
    figures.bytes = (int64_t)parts_bytes(state->parts);
    figures.seq = state->seq;
    figures.kept = state->kept;
    figures.from_file = state->from_file;
    living_let_go(living);
    return figures;
}

/* ---- Stores */

struct living_store *living_store_new(const struct living_options *options)
{
    struct living_store *store = g_new0(struct living_store, 1);
    store->options = *options;
    pthread_mutex_init(&store->lock, NULL);
    store->agencies = g_hash_table_new(NULL, NULL);
    return store;
}

static void living_free(struct living *living)
{
    atomic_store(&living->stopping, true);
    living_settle(living);
    living_state_free(living->state);
    pthread_mutex_destroy(&living->writing);
    pthread_rwlock_destroy(&living->reading);
    g_free(living);
}

void living_store_free(struct living_store *store)
{
    GHashTableIter iter;
    gpointer living;
    if (!store)
        return;
    g_hash_table_iter_init(&iter, store->agencies);
    while (g_hash_table_iter_next(&iter, NULL, &living))
        living_free(living);
    g_hash_table_unref(store->agencies);
    dictionary_free(store->dictionary);
    pthread_mutex_destroy(&store->lock);
    g_free(store);
}

static struct living *living_new(struct living_store *store, int agency_id)
{
    struct living *living = g_new0(struct living, 1);
    living->store = store;
    living->agency_id = agency_id;
    pthread_mutex_init(&living->writing, NULL);
    pthread_rwlock_init(&living->reading, NULL);
    g_hash_table_insert(store->agencies, GINT_TO_POINTER(agency_id), living);
    return living;
}

struct living *living_of(struct living_store *store, int agency_id, GError **error)
{
    struct living *living = NULL;
    pthread_mutex_lock(&store->lock);
    if (!store->has_dictionary)
        store->has_dictionary = words_open(store->options.words, &store->dictionary, error);
    if (store->has_dictionary)
        living = g_hash_table_lookup(store->agencies, GINT_TO_POINTER(agency_id));
    if (store->has_dictionary && !living)
        living = living_new(store, agency_id);
    pthread_mutex_unlock(&store->lock);
    return living;
}
