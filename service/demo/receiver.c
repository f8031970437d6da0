#include "service/demo/receiver.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MOST = 1 << 20, TOLERANCE_S = 300, SLOW_S = 20 };

/* How to misbehave: "GLOB=KIND:TIMES". */
struct rule {
    char *pattern;
    char *kind;
    int times; /* 0: always */
};

static struct receiver {
    int log;
    GByteArray *key;
    GArray *rules;
    char *retry_after;
    pthread_mutex_t lock;
    json_t *deliveries; /* {id: how many} */
    GHashTable *taken;  /* ids that were answered 2xx */
} receiver;

struct request {
    GByteArray *body;
};

/* ---- Checking, as the standard says; HMAC and base64 are GLib's, the sender's are another library's. */

static bool key_read(const char *file, GByteArray **out)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!g_file_get_contents(file, &text, NULL, NULL))
        return false;
    g_strstrip(text);
    char *end = strpbrk(text, " \t\r\n");
    if (end)
        *end = '\0';
    if (strncmp(text, "whsec_", 6) != 0)
        return false;
    unsigned char *bytes = g_base64_decode(text + 6, &len);
    *out = g_byte_array_new_take(bytes, len);
    return len >= 24 && len <= 64;
}

static char *expected_signature(const char *id, const char *timestamp, const GByteArray *body)
{
    unsigned char digest[32];
    gsize len = sizeof digest;
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, receiver.key->data, receiver.key->len);
    g_hmac_update(hmac, (const guchar *)id, -1);
    g_hmac_update(hmac, (const guchar *)".", 1);
    g_hmac_update(hmac, (const guchar *)timestamp, -1);
    g_hmac_update(hmac, (const guchar *)".", 1);
    g_hmac_update(hmac, body->data, body->len);
    g_hmac_get_digest(hmac, digest, &len);
    g_hmac_unref(hmac);
    return g_base64_encode(digest, len);
}

/* In the same time wherever they differ. */
static bool equal_slowly(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char differs = 0;
    if (strlen(b) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

static bool signature_fits(const char *id, const char *timestamp, const char *signatures,
                           const GByteArray *body)
{
    g_autofree char *expected = expected_signature(id, timestamp, body);
    g_auto(GStrv) words = g_strsplit(signatures, " ", -1);
    bool fits = false;
    for (char **word = words; *word; word++)
        if (strncmp(*word, "v1,", 3) == 0 && equal_slowly(*word + 3, expected))
            fits = true;
    return fits;
}

/* Why it is refused, or NULL. */
static const char *problem_of(const char *id, const char *timestamp, const char *signatures,
                              const GByteArray *body)
{
    int64_t sent, now = g_get_real_time() / G_USEC_PER_SEC;
    if (!id || !timestamp || !signatures)
        return "headers missing";
    if (!g_ascii_string_to_signed(timestamp, 10, 0, G_MAXINT64, &sent, NULL))
        return "timestamp is no number";
    if (sent < now - TOLERANCE_S || sent > now + TOLERANCE_S)
        return "timestamp too old or too new";
    return signature_fits(id, timestamp, signatures, body) ? NULL : "signature does not fit";
}

/* ---- The log */

static bool append(const char *line)
{
    size_t len = strlen(line);
    while (len > 0) {
        ssize_t wrote = write(receiver.log, line, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        line += wrote;
        len -= (size_t)wrote;
    }
    return fsync(receiver.log) == 0;
}

struct delivery {
    const char *id, *timestamp, *problem;
    const GByteArray *body;
    bool duplicate;
    int number;
    int status; /* 0: none is sent */
};

static bool log_delivery(const struct delivery *delivery)
{
    json_auto_t *document =
        json_loadb((const char *)delivery->body->data, delivery->body->len, 0, NULL);
    json_t *lead = json_object_get(json_object_get(document, "data"), "lead");
    json_t *type = json_object_get(document, "type");
    json_auto_t *entry = json_pack(
        "{s:s?, s:s?, s:I, s:b, s:s?, s:b, s:i, s:i, s:O?, s:O?, s:o}", "id", delivery->id,
        "timestamp", delivery->timestamp, "received_at",
        (json_int_t)(g_get_real_time() / G_USEC_PER_SEC), "verified", delivery->problem == NULL,
        "problem", delivery->problem, "duplicate", delivery->duplicate, "delivery",
        delivery->number, "status", delivery->status, "type", type, "lead", lead, "body",
        document ? json_incref(document) : json_null());
    char *text = json_dumps(entry, JSON_COMPACT | JSON_PRESERVE_ORDER);
    g_autofree char *line = g_strconcat(text ? text : "{}", "\n", NULL);
    free(text);
    return append(line);
}

/* The number of this delivery of an id, from 1. */
static int count_delivery(const char *id)
{
    json_int_t number = json_integer_value(json_object_get(receiver.deliveries, id)) + 1;
    json_object_set_new(receiver.deliveries, id, json_integer(number));
    return (int)number;
}

static void remember_line(const char *line)
{
    json_auto_t *entry = json_loads(line, 0, NULL);
    const char *id = json_string_value(json_object_get(entry, "id"));
    json_int_t status = json_integer_value(json_object_get(entry, "status"));
    if (!id)
        return;
    count_delivery(id);
    if (status >= 200 && status < 300)
        g_hash_table_add(receiver.taken, g_strdup(id));
}

/* What an earlier run took; a last line that was cut off by a kill was never answered. */
static bool log_open(const char *file)
{
    g_autofree char *before = NULL;
    gsize len = 0;
    if (g_file_get_contents(file, &before, &len, NULL)) {
        g_auto(GStrv) lines = g_strsplit(before, "\n", -1);
        for (char **line = lines; *line; line++)
            remember_line(*line);
    }
    receiver.log = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (receiver.log >= 0 && len > 0 && before[len - 1] != '\n')
        return append("\n");
    return receiver.log >= 0;
}

/* ---- Answering */

/* What to do with this delivery of this id, or NULL for the usual. */
static const char *rule_for(const char *id, int number)
{
    for (guint i = 0; i < receiver.rules->len; i++) {
        const struct rule *rule = &g_array_index(receiver.rules, struct rule, i);
        if (g_pattern_match_simple(rule->pattern, id) &&
            (rule->times == 0 || number <= rule->times))
            return rule->kind;
    }
    return NULL;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status)
{
    static char text[] = "{}"; /* libmicrohttpd takes no const */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    if (status >= 300 && status < 400)
        MHD_add_response_header(response, "Location", "/elsewhere");
    if ((status == 429 || status == 503) && receiver.retry_after)
        MHD_add_response_header(response, "Retry-After", receiver.retry_after);
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static ssize_t more_of_nothing(void *user, uint64_t position, char *buffer, size_t most)
{
    (void)user;
    (void)position;
    memset(buffer, 'x', most);
    return (ssize_t)most;
}

static enum MHD_Result answer_endlessly(struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, more_of_nothing, NULL, NULL);
    enum MHD_Result queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

/* The kernel sends RST when a socket is closed that lingers for no time. */
static enum MHD_Result cut(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (info)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return MHD_NO;
}

/* The status that goes out; 0 for none. */
static int status_of(const struct delivery *delivery, const char *kind)
{
    if (delivery->problem)
        return g_str_equal(delivery->problem, "signature does not fit") ? 401 : 400;
    if (!kind || g_str_equal(kind, "late") || g_str_equal(kind, "endless"))
        return 200;
    if (g_str_equal(kind, "redirect"))
        return 301;
    return g_str_equal(kind, "reset") || g_str_equal(kind, "slow")
               ? 0
               : (int)g_ascii_strtoll(kind, NULL, 10);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Checks and logs a delivery; *kind is how to misbehave. False when it could not be logged. */
static bool take(struct MHD_Connection *connection, const GByteArray *body,
                 struct delivery *delivery, const char **kind)
{
    const char *id = header(connection, "webhook-id"),
               *timestamp = header(connection, "webhook-timestamp");
    *delivery = (struct delivery){.id = id, .timestamp = timestamp, .body = body};
    delivery->problem =
        problem_of(id, timestamp, header(connection, "webhook-signature"), body);
    pthread_mutex_lock(&receiver.lock);
    delivery->number = 1;
    if (!delivery->problem) {
        delivery->number = count_delivery(id);
        delivery->duplicate = g_hash_table_contains(receiver.taken, id);
    }
    *kind = delivery->problem ? NULL : rule_for(id, delivery->number);
    delivery->status = status_of(delivery, *kind);
    bool logged = log_delivery(delivery);
    if (logged && delivery->status >= 200 && delivery->status < 300)
        g_hash_table_add(receiver.taken, g_strdup(id));
    pthread_mutex_unlock(&receiver.lock);
    return logged;
}

static enum MHD_Result respond(struct MHD_Connection *connection, const struct request *request)
{
    struct delivery delivery;
    const char *kind;
    if (!take(connection, request->body, &delivery, &kind))
        return answer(connection, 500);
    if (kind && g_str_equal(kind, "slow")) {
        g_usleep((gulong)SLOW_S * G_USEC_PER_SEC);
        return answer(connection, 200);
    }
    if (kind && (g_str_equal(kind, "reset") || g_str_equal(kind, "late")))
        return cut(connection);
    if (kind && g_str_equal(kind, "endless"))
        return answer_endlessly(connection);
    return answer(connection, (unsigned)delivery.status);
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are libmicrohttpd's */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **state)
{
    (void)user;
    (void)version;
    struct request *request = *state;
    if (!request) {
        *state = request = g_new0(struct request, 1);
        request->body = g_byte_array_new();
        return MHD_YES;
    }
    if (*len > 0) {
        if (request->body->len + *len > BODY_MOST)
            return MHD_NO;
        g_byte_array_append(request->body, (const guint8 *)data, (guint)*len);
        *len = 0;
        return MHD_YES;
    }
    if (!g_str_equal(method, "POST"))
        return answer(connection, 405);
    if (g_str_equal(url, "/elsewhere")) /* where redirects lead: nobody should come */
        return append("{\"followed\":true}\n") ? answer(connection, 200) : MHD_NO;
    return respond(connection, request);
}

static void forget(void *user, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode how)
{
    (void)user;
    (void)connection;
    (void)how;
    struct request *request = *state;
    if (!request)
        return;
    g_byte_array_unref(request->body);
    g_free(request);
    *state = NULL;
}

/* ---- Starting */

static bool rules_read(char **texts)
{
    receiver.rules = g_array_new(FALSE, TRUE, sizeof(struct rule));
    for (char **text = texts; text && *text; text++) {
        g_auto(GStrv) parts = g_strsplit(*text, "=", 2);
        g_auto(GStrv) kind = parts[0] && parts[1] ? g_strsplit(parts[1], ":", 2) : NULL;
        if (!kind || !kind[0])
            return false;
        const struct rule rule = {g_strdup(parts[0]), g_strdup(kind[0]),
                                  kind[1] ? (int)g_ascii_strtoll(kind[1], NULL, 10) : 0};
        g_array_append_val(receiver.rules, rule);
    }
    return true;
}

static bool write_port(const char *file, unsigned port)
{
    g_autofree char *text = g_strdup_printf("%u\n", port);
    return !file || g_file_set_contents(file, text, -1, NULL);
}

static int serve(int port, const char *port_file)
{
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    sigset_t ends;
    int caught;
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before the threads: they inherit it */
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, handle,
        NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&local, MHD_OPTION_NOTIFY_COMPLETED,
        forget, NULL, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info || !write_port(port_file, info->port)) {
        fprintf(stderr, "receiver: could not listen on 127.0.0.1:%d\n", port);
        return 1;
    }
    fprintf(stderr, "receiver: listens on http://127.0.0.1:%u/\n", (unsigned)info->port);
    sigwait(&ends, &caught);
    MHD_stop_daemon(daemon);
    return 0;
}

int receiver_main(int argc, char **argv)
{
    int port = 0;
    g_autofree char *log = NULL, *secret_file = NULL, *port_file = NULL;
    g_auto(GStrv) answers = NULL;
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &port, "0: any", "N"},
        {"log", 0, 0, G_OPTION_ARG_FILENAME, &log, "a line of JSON for each delivery", "FILE"},
        {"secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file, "whsec_…", "FILE"},
        {"port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, "gets the port's number",
         "FILE"},
        {"answer", 0, 0, G_OPTION_ARG_STRING_ARRAY, &answers, "how to misbehave",
         "PATTERN=KIND[:TIMES]"},
        {"retry-after", 0, 0, G_OPTION_ARG_STRING, &receiver.retry_after,
         "sent with 429 and 503", "VALUE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("- a webhook receiver on 127.0.0.1");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !log || !secret_file ||
        !rules_read(answers)) {
        fprintf(stderr, "receiver: %s\n",
                error ? error->message : "--log and --secret-file are needed; see --help");
        return 2;
    }
    pthread_mutex_init(&receiver.lock, NULL);
    /* GLib makes its C locale at the first number read; where two threads come at once, one finds errno set by the wait, and
     * g_ascii_string_to_signed() calls its number none. */
    g_ascii_strtoll("0", NULL, 10);
    receiver.deliveries = json_object();
    receiver.taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!key_read(secret_file, &receiver.key) || !log_open(log)) {
        fprintf(stderr, "receiver: could not use the secret or the log\n");
        return 1;
    }
    return serve(port, port_file);
}
