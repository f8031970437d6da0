#include "service/daemon/probes.h"
#include "service/daemon/daemon.h"
#include "sql/page.h"

static void add_gauge(GString *out, const char *name, const char *help, gint64 value)
{
    g_string_append_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" G_GINT64_FORMAT "\n",
                           name, help, name, name, value);
}

bool probes_metrics(struct call *call, GError **error)
{
    struct daemon *daemon = call->user;
    struct server_load load;
    if (!db_begin(call->db, DB_READONLY, 0, error))
        return false;
    json_auto_t *samples = page_metrics(call->db, error);
    if (!samples)
        return false;
    GString *text = g_string_sized_new(1 << 14);
    server_load(daemon->server, &load);
    api_metrics(daemon->api, text);
    add_gauge(text, "patbridge_http_connections", "Open connections.", load.connections);
    add_gauge(text, "patbridge_http_queue", "Requests that wait for a worker.",
              (gint64)load.waiting);
    add_gauge(text, "patbridge_http_running", "Requests that are being worked on.",
              (gint64)load.running);
    add_gauge(text, "patbridge_loads_running", "Loads that are being done.",
              atomic_load(&daemon->loads));
    add_gauge(text, "patbridge_steps_led", "Steps that this daemon leads.",
              daemon->steps ? steps_led(daemon->steps) : 0);
    metrics_write_samples(samples, text);
    call->answer->status = 200;
    call->answer->type = "text/plain; version=0.0.4; charset=utf-8";
    call->answer->body = text;
    call->answer->may_pack = true;
    return true;
}

bool probes_openapi(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    (void)error;
    call->answer->status = 200;
    call->answer->type = "application/json";
    call->answer->body = g_string_new_len(daemon->openapi->str, (gssize)daemon->openapi->len);
    call->answer->keep = KEEP_MINUTES;
    call->answer->may_pack = true;
    return true;
}
