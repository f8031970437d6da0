#include "service/daemon/memory.h"
#include <pthread.h>
#include <string.h>

enum { BYTES_MOST = 64 << 20 };

struct known {
    int agency_id; /* whose key asked: what it may see, another one may not */
    struct lead_id id;
    char *text;
};

struct memory {
    pthread_mutex_t lock;
    char *standing;
    gint64 trusted_us; /* until then */
    guint64 changes;
    GHashTable *known; /* struct known, to itself */
    size_t bytes;
};

static guint hash(const void *key)
{
    const struct known *known = key;
    guint64 mixed = ((guint64)known->id.patent_id * 31 + (guint64)known->id.need_id) * 31 +
                    (guint64)known->agency_id;
    return (guint)(mixed ^ mixed >> 32);
}

static gboolean equal(const void *a, const void *b)
{
    const struct known *one = a, *other = b;
    return one->agency_id == other->agency_id && one->id.patent_id == other->id.patent_id &&
           one->id.need_id == other->id.need_id;
}

static void known_free(void *data)
{
    struct known *known = data;
    g_free(known->text);
    g_free(known);
}

struct memory *memory_new(void)
{
    struct memory *memory = g_new0(struct memory, 1);
    pthread_mutex_init(&memory->lock, NULL);
    memory->standing = g_strdup("");
    memory->known = g_hash_table_new_full(hash, equal, known_free, NULL);
    return memory;
}

void memory_free(struct memory *memory)
{
    if (!memory)
        return;
    g_hash_table_unref(memory->known);
    g_free(memory->standing);
    pthread_mutex_destroy(&memory->lock);
    g_free(memory);
}

struct memory_asked memory_ask(struct memory *memory, gint64 now_us)
{
    pthread_mutex_lock(&memory->lock);
    struct memory_asked asked = {now_us, memory->changes};
    pthread_mutex_unlock(&memory->lock);
    return asked;
}

void memory_changed(struct memory *memory)
{
    pthread_mutex_lock(&memory->lock);
    memory->changes++;
    memory->trusted_us = 0;
    pthread_mutex_unlock(&memory->lock);
}

static char *copy_of(const struct memory *memory, int agency_id, struct lead_id id)
{
    const struct known wanted = {agency_id, id, NULL};
    const struct known *known = g_hash_table_lookup(memory->known, &wanted);
    return known ? g_strdup(known->text) : NULL;
}

char *memory_now(struct memory *memory, gint64 now_us, int agency_id, const struct lead_id *id)
{
    pthread_mutex_lock(&memory->lock);
    char *text = now_us < memory->trusted_us ? copy_of(memory, agency_id, *id) : NULL;
    pthread_mutex_unlock(&memory->lock);
    return text;
}

/* Whether what is kept is of this standing; else it is forgotten. Locked. */
static bool is_of(struct memory *memory, const char *standing)
{
    if (!*standing || g_str_equal(memory->standing, standing))
        return *standing;
    g_hash_table_remove_all(memory->known);
    memory->bytes = 0;
    memory->trusted_us = 0;
    g_free(memory->standing);
    memory->standing = g_strdup(standing);
    return true;
}

void memory_recall(struct memory *memory, const struct memory_asked *asked,
                   const char *standing, int agency_id, const struct lead_id *ids, size_t count,
                   char **texts)
{
    pthread_mutex_lock(&memory->lock);
    bool current = is_of(memory, standing);
    if (current && asked->changes == memory->changes)
        memory->trusted_us =
            MAX(memory->trusted_us, asked->at_us + (gint64)MEMORY_TRUST_MS * 1000);
    for (size_t i = 0; i < count; i++)
        texts[i] = current ? copy_of(memory, agency_id, ids[i]) : NULL;
    pthread_mutex_unlock(&memory->lock);
}

static void keep_one(struct memory *memory, int agency_id, struct lead_id id, const char *text)
{
    size_t bytes = strlen(text) + sizeof(struct known);
    const struct known wanted = {agency_id, id, NULL};
    if (memory->bytes + bytes > BYTES_MOST || g_hash_table_contains(memory->known, &wanted))
        return;
    struct known *known = g_new(struct known, 1);
    *known = (struct known){agency_id, id, g_strdup(text)};
    g_hash_table_add(memory->known, known);
    memory->bytes += bytes;
}

void memory_keep(struct memory *memory, const char *standing, int agency_id,
                 const struct lead_id *ids, size_t count, char *const *texts)
{
    pthread_mutex_lock(&memory->lock);
    bool current = *standing && g_str_equal(memory->standing, standing);
    for (size_t i = 0; current && i < count; i++)
        if (texts[i])
            keep_one(memory, agency_id, ids[i], texts[i]);
    pthread_mutex_unlock(&memory->lock);
}
