#include "service/http/stream.h"
#include <pthread.h>
#include <string.h>

enum {
    BLOCK = 1024,
    SILENT_MS = 5000
}; /* a comment in between shows whether anybody still listens */

struct stream {
    struct streams *all;
    struct MHD_Connection *connection;
    struct watched *watched;
    struct answer_stream source;
    GString *ready; /* not yet taken by the library */
    gint64 until_us, sent_us;
    bool over;
};

/* The lock is held from asking for something new until a connection that got nothing is suspended: whoever has news wakes it
 * afterwards, and none is missed. */
struct streams {
    pthread_mutex_t lock;
    GPtrArray *waiting; /* struct stream *, suspended */
    int count;
    bool ends;
};

struct streams *streams_new(void)
{
    struct streams *streams = g_new0(struct streams, 1);
    pthread_mutex_init(&streams->lock, NULL);
    streams->waiting = g_ptr_array_new();
    return streams;
}

void streams_free(struct streams *streams)
{
    if (!streams)
        return;
    pthread_mutex_destroy(&streams->lock);
    g_ptr_array_unref(streams->waiting);
    g_free(streams);
}

static void read_news(struct stream *stream)
{
    gint64 now = g_get_monotonic_time();
    stream->over |= !stream->source.next(stream->source.user, stream->ready) ||
                    now > stream->until_us || stream->all->ends;
    if (stream->ready->len == 0 && now > stream->sent_us + SILENT_MS * 1000LL)
        g_string_append(stream->ready, ":\n\n");
    if (stream->ready->len > 0)
        stream->sent_us = now;
}

static ssize_t take(struct stream *stream, char *out, size_t most)
{
    size_t len = MIN(stream->ready->len, most);
    memcpy(out, stream->ready->str, len);
    g_string_erase(stream->ready, 0, (gssize)len);
    watch_step(stream->watched, WATCH_ANSWER, (int64_t)len);
    return (ssize_t)len;
}

/* Called by the library when it could send something. */
static ssize_t on_read(void *user, uint64_t at, char *out, size_t most)
{
    struct stream *stream = user;
    struct streams *all = stream->all;
    ssize_t got = 0;
    (void)at;
    pthread_mutex_lock(&all->lock);
    if (stream->ready->len == 0 && !stream->over)
        read_news(stream);
    if (stream->ready->len > 0) {
        got = take(stream, out, most);
    } else if (stream->over) {
        got = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        watch_step(stream->watched, WATCH_OURS, 0);
        g_ptr_array_add(all->waiting, stream);
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&all->lock);
    return got;
}

static void on_free(void *user)
{
    struct stream *stream = user;
    pthread_mutex_lock(&stream->all->lock);
    stream->all->count--;
    pthread_mutex_unlock(&stream->all->lock);
    stream->source.free(stream->source.user);
    g_string_free(stream->ready, TRUE);
    g_free(stream);
}

static bool claim(struct streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    bool free_place = streams->count < STREAMS_MOST && !streams->ends;
    streams->count += free_place;
    pthread_mutex_unlock(&streams->lock);
    return free_place;
}

struct MHD_Response *stream_begin(struct streams *streams, struct MHD_Connection *connection,
                                  struct watched *watched, struct answer_stream *source)
{
    if (!claim(streams))
        return NULL;
    gint64 now = g_get_monotonic_time();
    struct stream *stream = g_new0(struct stream, 1);
    *stream = (struct stream){.all = streams,
                              .connection = connection,
                              .watched = watched,
                              .source = *source,
                              .ready = g_string_new("retry: 1000\n\n"),
                              .until_us = now + STREAM_MS * 1000LL,
                              .sent_us = now};
    *source = (struct answer_stream){0};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, stream, on_free);
    if (!response)
        on_free(stream);
    return response;
}

/* With the lock held. */
static void wake(struct streams *streams)
{
    for (guint i = 0; i < streams->waiting->len; i++)
        MHD_resume_connection(((struct stream *)streams->waiting->pdata[i])->connection);
    g_ptr_array_set_size(streams->waiting, 0);
}

void streams_wake(struct streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    wake(streams);
    pthread_mutex_unlock(&streams->lock);
}

void streams_end(struct streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->ends = true;
    wake(streams);
    pthread_mutex_unlock(&streams->lock);
}
