#include "service/http/conversation.h"
#include "service/http/guard.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum phase { PHASE_NEW, PHASE_BODY, PHASE_WORK, PHASE_ANSWER };

/* One request, from its first line on. */
struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct request request;
    struct answer answer;
    enum phase phase;
    char *target;
    char id[17];
    int64_t begun_us;
    int64_t got; /* bytes of the body */
    int file;    /* of the body; -1: none */
    bool lost;   /* a part of the body could not be kept */
    bool told;   /* hooks.done has it */
};

/* ---- Answers */

static const char *const headers[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

/* Pictures may stand in a style sheet (data:) or be drawn by a page (blob:); nothing comes from anywhere else. */
static const char *const policies[] = {
    [POLICY_LOOK] = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'",
    [POLICY_FORM] = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                    "form-action 'self'; frame-ancestors 'none'",
    [POLICY_SCRIPT] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                      "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
                      "worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
                      "form-action 'self'; frame-ancestors 'none'",
    [POLICY_PAPER] = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; "
                     "frame-ancestors 'none'",
};

static const char *const keeping[] = {
    [KEEP_NOT] = "no-store",
    [KEEP_MINUTES] = "max-age=300",
    [KEEP_CHECKED] = "no-cache",
    [KEEP_FOREVER] = "public, max-age=31536000, immutable",
};

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value)
        MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct answer *answer,
                        const char *id)
{
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    add_header(response, "Content-Security-Policy", policies[answer->policy]);
    /* Without it a browser sends a form with the Origin "null", which could be anybody's. */
    add_header(response, "Referrer-Policy",
               answer->policy == POLICY_FORM ? "same-origin" : "no-referrer");
    add_header(response, "Content-Type", answer->type);
    add_header(response, "Cache-Control", keeping[answer->keep]);
    add_header(response, "Allow", answer->allow);
    add_header(response, "ETag", answer->etag);
    add_header(response, "Content-Disposition", answer->disposition);
    add_header(response, "Set-Cookie", answer->cookie);
    add_header(response, "X-Request-Id", id);
    add_header(response, "Idempotency-Replayed", answer->repeated);
    add_header(response, "Content-Encoding", answer->coding);
    add_header(response, "Vary", answer->may_pack ? "Accept-Encoding" : NULL);
    add_header(response, "Vary", answer->by_cookie ? "Cookie" : NULL);
    add_header(response, "WWW-Authenticate",
               answer->status == 401 ? "Bearer realm=\"patbridge\"" : NULL);
    add_header(response, "Connection", answer->closes ? "close" : NULL);
    if (answer->retry_after_s > 0) {
        char seconds[12];
        g_snprintf(seconds, sizeof seconds, "%d", answer->retry_after_s);
        add_header(response, "Retry-After", seconds);
    }
}

static void tell_done(struct exchange *exchange)
{
    struct server *server = exchange->server;
    if (exchange->told)
        return;
    exchange->told = true;
    if (server->hooks.done)
        server->hooks.done(&exchange->request, &exchange->answer,
                           g_get_monotonic_time() - exchange->begun_us, server->hooks.user);
}

static struct watched *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static enum MHD_Result send_answer(struct exchange *exchange);

static enum MHD_Result queue(struct exchange *exchange, struct MHD_Response *response)
{
    add_headers(response, &exchange->answer, exchange->request.id);
    enum MHD_Result queued =
        MHD_queue_response(exchange->connection, (unsigned)exchange->answer.status, response);
    MHD_destroy_response(response);
    return queued;
}

static const char no_place[] = "too many listen at this moment; ask again later";

static enum MHD_Result send_stream(struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    struct watched *watched = watched_of(exchange->connection);
    struct MHD_Response *response =
        stream_begin(exchange->server->streams, exchange->connection, watched, &answer->stream);
    if (!response) {
        answer->retry_after_s = 5;
        answer_problem(answer, 503, "busy", "Busy", no_place);
        return send_answer(exchange);
    }
    exchange->phase = PHASE_ANSWER;
    tell_done(exchange);
    MHD_add_response_header(response, "X-Accel-Buffering",
                            "no"); /* nginx hands it on at once */
    watch_step(watched, WATCH_ANSWER, 0);
    return queue(exchange, response);
}

/* The file is open until the last byte is sent, and has no name any more. */
static struct MHD_Response *response_of_file(struct answer *answer, size_t *len)
{
    struct stat of;
    int fd = g_open(answer->file, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0 || fstat(fd, &of) != 0) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    *len = (size_t)of.st_size;
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)of.st_size, fd);
    if (!response)
        close(fd);
    return response;
}

static struct MHD_Response *response_of(struct answer *answer, size_t *len)
{
    if (answer->file)
        return response_of_file(answer, len);
    *len = answer->body->len;
    return MHD_create_response_from_buffer(
        *len, g_string_free(g_steal_pointer(&answer->body), FALSE), MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    size_t len = 0;
    if (answer->stream.next)
        return send_stream(exchange);
    if (!answer->body && !answer->file)
        return MHD_NO;
    exchange->phase = PHASE_ANSWER;
    tell_done(exchange);
    struct MHD_Response *response = response_of(answer, &len);
    if (!response)
        return MHD_NO;
    watch_step(watched_of(exchange->connection), WATCH_ANSWER, (int64_t)len);
    return queue(exchange, response);
}

static enum MHD_Result refuse(struct exchange *exchange, const struct guard_refusal *refusal)
{
    exchange->answer.closes = true;
    answer_problem(&exchange->answer, refusal->status, refusal->kind, refusal->title,
                   refusal->detail);
    return send_answer(exchange);
}

/* ---- The head */

static const char *const header_names[HEADER_COUNT] = {
    [HEADER_HOST] = "Host",
    [HEADER_ACCEPT] = "Accept",
    [HEADER_ACCEPT_ENCODING] = "Accept-Encoding",
    [HEADER_AUTHORIZATION] = "Authorization",
    [HEADER_CONTENT_TYPE] = "Content-Type",
    [HEADER_CONTENT_ENCODING] = "Content-Encoding",
    [HEADER_IDEMPOTENCY_KEY] = "Idempotency-Key",
    [HEADER_IF_MATCH] = "If-Match",
    [HEADER_IF_NONE_MATCH] = "If-None-Match",
    [HEADER_REQUEST_ID] = "X-Request-Id",
    [HEADER_FORWARDED_FOR] = "X-Forwarded-For",
    [HEADER_COOKIE] = "Cookie",
    [HEADER_CSRF_TOKEN] = "X-CSRF-Token",
    [HEADER_ORIGIN] = "Origin",
    [HEADER_FETCH_SITE] = "Sec-Fetch-Site",
};

struct head_reader {
    struct request *request;
    struct guard_header headers[GUARD_HEADERS_MOST + 1];
    size_t count;
};

static enum MHD_Result add_one(void *user, enum MHD_ValueKind kind, const char *name,
                               size_t name_len, const char *value, size_t value_len)
{
    struct head_reader *reader = user;
    (void)kind;
    if (reader->count > GUARD_HEADERS_MOST)
        return MHD_NO;
    reader->headers[reader->count++] =
        (struct guard_header){name, value ? value : name + name_len, name_len, value_len};
    for (int i = 0; i < HEADER_COUNT; i++)
        if (!reader->request->headers[i] && g_ascii_strcasecmp(name, header_names[i]) == 0)
            reader->request->headers[i] = value ? value : "";
    return MHD_YES;
}

static const struct guard_refusal *read_head(struct exchange *exchange, const char *method,
                                             const char *version)
{
    struct head_reader reader = {.request = &exchange->request};
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, add_one, &reader);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const struct guard_head head = {.target = exchange->target,
                                    .headers = reader.headers,
                                    .count = reader.count,
                                    .version = version,
                                    .first = info ? method : NULL,
                                    .head_len = info ? info->header_size : 0};
    exchange->request.accept = exchange->request.headers[HEADER_ACCEPT];
    return guard_check(&head, &exchange->request.body_len);
}

static enum MHD_Result add_arg(void *user, enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    struct request *request = user;
    (void)kind;
    if (!request->args)
        request->args = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (g_hash_table_contains(request->args, name)) /* of two, the first */
        request->args_repeat = true;
    else
        g_hash_table_insert(request->args, g_strdup(name), g_strdup(value ? value : ""));
    return MHD_YES;
}

static const struct guard_refusal has_body = {400, "body", "Bad Request",
                                              "a request here has no body"},
                                  too_much = {413, "body-too-large", "Content Too Large",
                                              "the body is larger than what is taken here"},
                                  no_room = {507, "no-room", "Insufficient Storage",
                                             "the body could not be kept: no room"};

static const struct guard_refusal *prepare_body(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    if (!request->body_taken)
        return request->body_len > 0 ? &has_body : NULL;
    if (request->body_len > request->body_most)
        return &too_much;
    if (!request->body_to_file) {
        request->body = g_string_sized_new((gsize)request->body_len + 1);
        return NULL;
    }
    exchange->file = g_file_open_tmp("patbridge-body-XXXXXX", &request->body_file, NULL);
    return exchange->file < 0 ? &no_room : NULL;
}

static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *path,
                             const char *version)
{
    struct server *server = exchange->server;
    struct request *request = &exchange->request;
    request->method = method;
    request->path = path;
    const struct guard_refusal *refusal = read_head(exchange, method, version);
    if (refusal)
        return refuse(exchange, refusal);
    MHD_get_connection_values(exchange->connection, MHD_GET_ARGUMENT_KIND, add_arg, request);
    if (server->hooks.head &&
        server->hooks.head(request, &exchange->answer, server->hooks.user)) {
        exchange->phase = PHASE_WORK;
        /* The library ends the connection after an answer to this first call. */
        exchange->answer.closes |= request->body_len > 0;
        return exchange->answer.closes ? send_answer(exchange) : MHD_YES;
    }
    refusal = prepare_body(exchange);
    if (refusal)
        return refuse(exchange, refusal);
    exchange->phase = PHASE_BODY;
    watch_step(watched_of(exchange->connection), WATCH_BODY, 0);
    return MHD_YES;
}

/* ---- The body, and the work */

static void keep(struct exchange *exchange, const char *bytes, size_t len)
{
    exchange->got += (int64_t)len;
    watch_step(watched_of(exchange->connection), WATCH_BODY, exchange->got);
    if (exchange->request.body) {
        g_string_append_len(exchange->request.body, bytes, (gssize)len);
        return;
    }
    while (len > 0 && !exchange->lost) {
        ssize_t wrote = write(exchange->file, bytes, len);
        exchange->lost = wrote < 0 && errno != EINTR;
        bytes += MAX(wrote, 0);
        len -= (size_t)MAX(wrote, 0);
    }
}

void conversation_work(void *const *jobs, size_t count, int worker, void *user)
{
    struct server *server = user;
    struct request *requests[WORKERS_BATCH_MOST] = {0};
    struct answer *answers[WORKERS_BATCH_MOST] = {0};
    (void)worker;
    for (size_t i = 0; i < count; i++) {
        struct exchange *exchange = jobs[i];
        requests[i] = &exchange->request;
        answers[i] = &exchange->answer;
    }
    server->hooks.handle(requests, answers, count, server->hooks.user);
    for (size_t i = 0; i < count; i++)
        MHD_resume_connection(((struct exchange *)jobs[i])->connection);
}

static enum MHD_Result work(struct exchange *exchange)
{
    if (exchange->file >= 0)
        close(exchange->file);
    exchange->file = -1;
    if (exchange->lost)
        return refuse(exchange, &no_room);
    exchange->phase = PHASE_WORK;
    watch_step(watched_of(exchange->connection), WATCH_OURS, 0);
    MHD_suspend_connection(exchange->connection);
    workers_add(exchange->server->workers, exchange, exchange->request.batch);
    return MHD_YES;
}

/* An answer to the first call ends the connection where a body follows. */
enum MHD_Result conversation_request(void *user, struct MHD_Connection *connection,
                                     const char *path, const char *method, const char *version,
                                     const char *upload, size_t *upload_len, void **state)
{
    struct exchange *exchange = *state;
    (void)user;
    exchange->connection = connection;
    switch (exchange->phase) {
    case PHASE_NEW:
        return begin(exchange, method, path, version);
    case PHASE_BODY:
        if (*upload_len == 0)
            return work(exchange);
        keep(exchange, upload, *upload_len);
        *upload_len = 0;
        return MHD_YES;
    case PHASE_WORK:
        return send_answer(exchange);
    case PHASE_ANSWER:
        break;
    }
    return MHD_YES;
}

/* A name for the request: unlike others of this run, and of others most likely. */
static _Atomic uint64_t next_name;

void conversation_begin(void)
{
    atomic_store(&next_name, (uint64_t)g_get_real_time() << 12);
}

static void name_it(char id[static 17])
{
    g_snprintf(id, 17, "%016" G_GINT64_MODIFIER "x", atomic_fetch_add(&next_name, 1));
}

void *conversation_target(void *user, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = g_new0(struct exchange, 1);
    exchange->server = user;
    exchange->connection = connection;
    exchange->target = g_strdup(target);
    exchange->file = -1;
    exchange->begun_us = g_get_monotonic_time();
    name_it(exchange->id);
    exchange->request.target = exchange->target;
    exchange->request.id = exchange->id;
    watch_step(watched_of(connection), WATCH_HEAD, 0);
    return exchange;
}

void conversation_end(void *user, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;
    (void)user, (void)why;
    if (!exchange)
        return;
    if (exchange->phase != PHASE_ANSWER) { /* it went away */
        answer_clear(&exchange->answer);
        exchange->answer.status = 0;
    }
    tell_done(exchange);
    watch_step(watched_of(connection), WATCH_WAITING, 0);
    if (exchange->file >= 0)
        close(exchange->file);
    if (exchange->request.body_file)
        g_unlink(exchange->request.body_file);
    g_free(exchange->request.body_file);
    if (exchange->request.body)
        g_string_free(exchange->request.body, TRUE);
    g_clear_pointer(&exchange->request.args, g_hash_table_unref);
    answer_clear(&exchange->answer);
    g_free(exchange->target);
    g_free(exchange);
    *state = NULL;
}

void conversation_connection(void *user, struct MHD_Connection *connection, void **context,
                             enum MHD_ConnectionNotificationCode what)
{
    struct server *server = user;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch_remove(server->watch, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = watch_add(server->watch, info->connect_fd);
}
