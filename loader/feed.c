#include "loader/feed.h"
#include <pthread.h>
#include <string.h>

struct feed {
    struct reader *reader;
    const struct duplicates *duplicates;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    struct feed_block *waiting, *done;
    GError *failure;
    bool ended;   /* the thread gives nothing more */
    bool stopped; /* nobody takes any more */
};

/* ---- Rows */

/* One piece of memory: the pointers, then the texts they point to. */
static const char *const *cells_copy(const char *const *cells, size_t count)
{
    size_t bytes = (count + 1) * sizeof(char *);
    for (size_t i = 0; i < count; i++)
        bytes += strlen(cells[i]) + 1;
    char **copy = g_malloc(bytes);
    char *text = (char *)(copy + count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(cells[i]) + 1;
        memcpy(text, cells[i], size);
        copy[i] = text;
        text += size;
    }
    copy[count] = NULL;
    return (const char *const *)copy;
}

static void raw_copy(struct raw_row *to, const struct raw_row *from)
{
    *to = (struct raw_row){.line = from->line,
                           .place = from->place,
                           .sheet = from->sheet,
                           .headers = from->headers,
                           .columns = from->columns,
                           .header_count = from->header_count,
                           .unit_line = from->unit_line,
                           .cell_count = from->cell_count};
    to->object = json_incref(from->object);
    to->text = g_strdup(from->text);
    to->cells = from->cells ? cells_copy(from->cells, from->cell_count) : NULL;
}

static size_t raw_bytes(const struct raw_row *raw)
{
    size_t bytes = raw->text ? strlen(raw->text) : 0;
    for (size_t i = 0; raw->cells && i < raw->cell_count; i++)
        bytes += strlen(raw->cells[i]);
    const char *name;
    json_t *value;
    json_object_foreach(raw->object, name, value) bytes += 32 + json_string_length(value);
    return bytes;
}

static void row_free(gpointer data)
{
    struct feed_row *row = data;
    record_clear(&row->record);
    refusal_clear(&row->refusal);
    g_free((void *)(uintptr_t)row->raw.cells);
    g_free((char *)(uintptr_t)row->raw.text);
    json_decref(row->raw.object);
    g_free(row);
}

void feed_row_refuse(struct feed_row *row, const char *column, struct problem *problem)
{
    refusal_set(&row->refusal, row->raw.line, column, NULL, problem);
    row->refusal.sheet = g_strdup(row->raw.sheet);
    row->refused = true;
}

static void check_duplicate(const struct duplicates *duplicates, struct feed_row *row)
{
    struct problem problem = {0};
    const char *field = NULL;
    if (!duplicates_check(duplicates, &row->record, &problem, &field))
        feed_row_refuse(row, field, &problem);
    problem_clear(&problem);
}

/* Takes over the refusal when there is one. */
static struct feed_row *row_make(const struct feed *feed, enum reader_step step,
                                 const struct raw_row *raw, struct refusal *refusal)
{
    struct feed_row *row = g_new0(struct feed_row, 1);
    raw_copy(&row->raw, raw);
    row->refused =
        step == READER_BAD_ROW || !record_read(feed->reader, raw, &row->record, refusal);
    if (row->refused) {
        row->refusal = *refusal;
        memset(refusal, 0, sizeof *refusal);
    } else if (feed->duplicates) {
        check_duplicate(feed->duplicates, row);
    }
    return row;
}

/* ---- Blocks */

static struct feed_block *block_new(void)
{
    struct feed_block *block = g_new0(struct feed_block, 1);
    block->rows = g_ptr_array_new_with_free_func(row_free);
    return block;
}

void feed_block_free(struct feed_block *block)
{
    if (!block)
        return;
    patent_keys_free(block->keys);
    g_ptr_array_unref(block->rows);
    g_free(block);
}

/* Patents are looked up by what is gathered here. */
static void gather_keys(struct feed_block *block)
{
    patent_keys_free(g_steal_pointer(&block->keys));
    block->keys = patent_keys_new(block->rows);
}

void feed_block_drop(struct feed_block *block, guint count)
{
    g_ptr_array_remove_range(block->rows, 0, count);
    if (block->keys)
        gather_keys(block);
}

/* NULL: reading failed. */
static struct feed_block *block_read(const struct feed *feed, GError **error)
{
    g_autoptr(feed_block) block = block_new();
    size_t bytes = 0;
    while (block->rows->len < LOAD_CHUNK_ROWS && bytes < LOAD_CHUNK_BYTES) {
        struct raw_row raw = {0};
        struct refusal refusal = {0};
        enum reader_step step = reader_next(feed->reader, &raw, &refusal, error);
        block->last = step == READER_END;
        if (step == READER_ROW || step == READER_BAD_ROW)
            g_ptr_array_add(block->rows, row_make(feed, step, &raw, &refusal));
        refusal_clear(&refusal);
        if (step == READER_FAILED)
            return NULL;
        if (block->last)
            break;
        bytes += raw_bytes(&raw);
    }
    block->skipped = reader_skipped(feed->reader);
    if (g_str_equal(reader_kind(feed->reader)->name, "patent"))
        gather_keys(block);
    return g_steal_pointer(&block);
}

/* ---- The thread */

/* Frees what was given back. The lock is held on entry and on return, but not meanwhile. */
static void free_done(struct feed *feed)
{
    struct feed_block *done = g_steal_pointer(&feed->done);
    if (!done)
        return;
    pthread_mutex_unlock(&feed->lock);
    feed_block_free(done);
    pthread_mutex_lock(&feed->lock);
}

/* Waits for room for another block, and frees meanwhile what comes back. The lock is held. */
static void wait_for_room(struct feed *feed)
{
    free_done(feed);
    while (feed->waiting && !feed->stopped) {
        pthread_cond_wait(&feed->moved, &feed->lock);
        free_done(feed);
    }
}

/* Puts a block where it waits to be taken. False: nobody takes it, and it is freed. */
static bool hand_over(struct feed *feed, struct feed_block *block, GError *failure)
{
    bool ended = !block || block->last;
    pthread_mutex_lock(&feed->lock);
    wait_for_room(feed);
    bool stopped = feed->stopped;
    feed->failure = failure;
    feed->ended = ended || stopped;
    if (!stopped)
        feed->waiting = block;
    pthread_cond_broadcast(&feed->moved);
    pthread_mutex_unlock(&feed->lock);
    if (stopped)
        feed_block_free(block);
    return !ended && !stopped;
}

static void *run(void *user)
{
    struct feed *feed = user;
    bool more = true;
    while (more) {
        GError *failure = NULL;
        struct feed_block *block = block_read(feed, &failure);
        more = hand_over(feed, block, failure);
    }
    return NULL;
}

struct feed *feed_start(struct reader *reader, const struct duplicates *duplicates,
                        GError **error)
{
    struct feed *feed = g_new0(struct feed, 1);
    feed->reader = reader;
    feed->duplicates = duplicates;
    pthread_mutex_init(&feed->lock, NULL);
    pthread_cond_init(&feed->moved, NULL);
    int why = pthread_create(&feed->thread, NULL, run, feed);
    if (why == 0)
        return feed;
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_OPEN, "could not start a thread to read: %s",
                g_strerror(why));
    pthread_cond_destroy(&feed->moved);
    pthread_mutex_destroy(&feed->lock);
    g_free(feed);
    return NULL;
}

struct feed_block *feed_next(struct feed *feed, GError **error)
{
    pthread_mutex_lock(&feed->lock);
    while (!feed->waiting && !feed->ended)
        pthread_cond_wait(&feed->moved, &feed->lock);
    struct feed_block *block = g_steal_pointer(&feed->waiting);
    if (!block && feed->failure)
        g_propagate_error(error, g_steal_pointer(&feed->failure));
    pthread_cond_broadcast(&feed->moved);
    pthread_mutex_unlock(&feed->lock);
    return block;
}

void feed_give_back(struct feed *feed, struct feed_block *block)
{
    pthread_mutex_lock(&feed->lock);
    struct feed_block *before = feed->done;
    feed->done = block;
    pthread_cond_broadcast(&feed->moved);
    pthread_mutex_unlock(&feed->lock);
    feed_block_free(before); /* the thread is behind, or has ended */
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    pthread_mutex_lock(&feed->lock);
    feed->stopped = true;
    pthread_cond_broadcast(&feed->moved);
    pthread_mutex_unlock(&feed->lock);
    pthread_join(feed->thread, NULL);
    feed_block_free(feed->waiting);
    feed_block_free(feed->done);
    g_clear_error(&feed->failure);
    pthread_cond_destroy(&feed->moved);
    pthread_mutex_destroy(&feed->lock);
    g_free(feed);
}
