#include "service/daemon/loading.h"
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

enum state { WAITING, LOADING, DONE, FAILED };

struct entry {
    char *key; /* owner and name */
    enum state state;
    int64_t rows, lines, lines_total;
    unsigned version; /* counts what was told */
};

struct loading {
    pthread_mutex_t lock;
    GQueue entries;       /* struct entry *, the newest first */
    GHashTable *watchers; /* owner -> how many */
};

struct watcher {
    struct loading *loading;
    char *owner, *key;
    unsigned seen; /* version that was sent */
    bool told;     /* anything at all */
};

struct loading *loading_new(void)
{
    struct loading *loading = g_new0(struct loading, 1);
    pthread_mutex_init(&loading->lock, NULL);
    g_queue_init(&loading->entries);
    loading->watchers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return loading;
}

static void entry_free(gpointer data)
{
    struct entry *entry = data;
    g_free(entry->key);
    g_free(entry);
}

void loading_free(struct loading *loading)
{
    if (!loading)
        return;
    g_queue_clear_full(&loading->entries, entry_free);
    g_hash_table_unref(loading->watchers);
    pthread_mutex_destroy(&loading->lock);
    g_free(loading);
}

static char *key_of(const char *owner, const char *name)
{
    return g_strconcat(owner, "\n", name, NULL);
}

static struct entry *find(struct loading *loading, const char *key)
{
    for (GList *link = loading->entries.head; link; link = link->next)
        if (g_str_equal(((struct entry *)link->data)->key, key))
            return link->data;
    return NULL;
}

void loading_begin(struct loading *loading, const char *owner, const char *name)
{
    g_autofree char *key = key_of(owner, name);
    pthread_mutex_lock(&loading->lock);
    struct entry *entry = find(loading, key);
    if (!entry) {
        entry = g_new0(struct entry, 1);
        entry->key = g_steal_pointer(&key);
        g_queue_push_head(&loading->entries, entry);
    }
    entry->state = LOADING;
    entry->rows = entry->lines = 0;
    entry->version++;
    while (g_queue_get_length(&loading->entries) > LOADING_LOADS_MOST)
        entry_free(g_queue_pop_tail(&loading->entries));
    pthread_mutex_unlock(&loading->lock);
}

void loading_tell(struct loading *loading, const char *owner, const char *name, int64_t rows,
                  int64_t lines, int64_t lines_total)
{
    g_autofree char *key = key_of(owner, name);
    pthread_mutex_lock(&loading->lock);
    struct entry *entry = find(loading, key);
    if (entry) {
        entry->rows = rows;
        entry->lines = lines;
        entry->lines_total = lines_total;
        entry->version++;
    }
    pthread_mutex_unlock(&loading->lock);
}

void loading_end(struct loading *loading, const char *owner, const char *name, bool done)
{
    g_autofree char *key = key_of(owner, name);
    pthread_mutex_lock(&loading->lock);
    struct entry *entry = find(loading, key);
    if (entry) {
        entry->state = done ? DONE : FAILED;
        entry->version++;
    }
    pthread_mutex_unlock(&loading->lock);
}

/* ---- Watching */

static void put_event(GString *out, const struct entry *entry)
{
    static const char *const states[] = {
        [WAITING] = "waiting", [LOADING] = "loading", [DONE] = "done", [FAILED] = "failed"};
    json_t *event = json_pack("{s:s, s:I, s:I, s:I}", "state", states[entry->state], "rows",
                              (json_int_t)entry->rows, "lines", (json_int_t)entry->lines,
                              "lines_total", (json_int_t)entry->lines_total);
    char *text = json_dumps(event, JSON_COMPACT);
    g_string_append_printf(out, "id: %u\ndata: %s\n\n", entry->version, text);
    free(text);
    json_decref(event);
}

static bool next(void *user, GString *out)
{
    static const struct entry nothing = {.state = WAITING};
    struct watcher *watcher = user;
    pthread_mutex_lock(&watcher->loading->lock);
    const struct entry *found = find(watcher->loading, watcher->key);
    const struct entry *entry = found ? found : &nothing;
    bool over = entry->state !=
                LOADING; /* of one that has not begun, too: whoever listens asks again */
    if (!watcher->told || entry->version != watcher->seen)
        put_event(out, entry);
    watcher->told = true;
    watcher->seen = entry->version;
    pthread_mutex_unlock(&watcher->loading->lock);
    return !over;
}

static void change_watchers(struct loading *loading, const char *owner, int by)
{
    int count = GPOINTER_TO_INT(g_hash_table_lookup(loading->watchers, owner)) + by;
    if (count > 0)
        g_hash_table_insert(loading->watchers, g_strdup(owner), GINT_TO_POINTER(count));
    else
        g_hash_table_remove(loading->watchers, owner);
}

static void watcher_free(void *user)
{
    struct watcher *watcher = user;
    pthread_mutex_lock(&watcher->loading->lock);
    change_watchers(watcher->loading, watcher->owner, -1);
    pthread_mutex_unlock(&watcher->loading->lock);
    g_free(watcher->owner);
    g_free(watcher->key);
    g_free(watcher);
}

bool loading_watch(struct loading *loading, const char *owner, const char *name,
                   struct answer_stream *out)
{
    pthread_mutex_lock(&loading->lock);
    bool free_place =
        GPOINTER_TO_INT(g_hash_table_lookup(loading->watchers, owner)) < LOADING_WATCHERS_MOST;
    if (free_place)
        change_watchers(loading, owner, 1);
    pthread_mutex_unlock(&loading->lock);
    if (!free_place)
        return false;
    struct watcher *watcher = g_new0(struct watcher, 1);
    *watcher = (struct watcher){
        .loading = loading, .owner = g_strdup(owner), .key = key_of(owner, name)};
    *out = (struct answer_stream){.next = next, .free = watcher_free, .user = watcher};
    return true;
}
