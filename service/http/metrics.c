#include "service/http/metrics.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

static const double bounds_s[] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10};
enum { BOUNDS = G_N_ELEMENTS(bounds_s), CLASSES = 6 };
static const char *const classes[CLASSES] = {"gone", "1xx", "2xx", "3xx", "4xx", "5xx"};

struct route_counts {
    _Atomic uint64_t by_class[CLASSES];
    _Atomic uint64_t by_bound[BOUNDS + 1];
    _Atomic uint64_t took_us;
};

struct metrics {
    const char *const *routes;
    size_t count;
    _Atomic uint64_t bytes_in, bytes_out;
    struct route_counts counts[];
};

struct metrics *metrics_new(const char *const *routes, size_t count)
{
    struct metrics *metrics = g_malloc0(sizeof *metrics + count * sizeof(struct route_counts));
    metrics->routes = routes;
    metrics->count = count;
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    g_free(metrics);
}

void metrics_count(struct metrics *metrics, size_t route, int status, int64_t took_us,
                   int64_t bytes_in, int64_t bytes_out)
{
    struct route_counts *counts = &metrics->counts[route];
    size_t bound = 0;
    while (bound < BOUNDS && (double)took_us > bounds_s[bound] * G_USEC_PER_SEC)
        bound++;
    atomic_fetch_add(&counts->by_class[CLAMP(status / 100, 0, CLASSES - 1)], 1);
    atomic_fetch_add(&counts->by_bound[bound], 1);
    atomic_fetch_add(&counts->took_us, (uint64_t)took_us);
    atomic_fetch_add(&metrics->bytes_in, (uint64_t)bytes_in);
    atomic_fetch_add(&metrics->bytes_out, (uint64_t)bytes_out);
}

static void head(GString *out, const char *name, const char *type, const char *help)
{
    g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_requests(struct metrics *metrics, GString *out)
{
    head(out, "patbridge_http_requests_total", "counter",
         "Requests by route and class of status.");
    for (size_t i = 0; i < metrics->count; i++)
        for (size_t k = 0; k < CLASSES; k++) {
            uint64_t count = metrics->counts[i].by_class[k];
            if (count)
                g_string_append_printf(
                    out,
                    "patbridge_http_requests_total{route=\"%s\",status=\"%s\"} "
                    "%" G_GUINT64_FORMAT "\n",
                    metrics->routes[i], classes[k], count);
        }
}

static void write_histogram(const char *route, struct route_counts *counts, GString *out)
{
    uint64_t sum = 0;
    for (size_t k = 0; k <= BOUNDS; k++) {
        char bound[G_ASCII_DTOSTR_BUF_SIZE] = "+Inf";
        sum += counts->by_bound[k];
        if (k < BOUNDS)
            g_ascii_formatd(bound, sizeof bound, "%g", bounds_s[k]);
        g_string_append_printf(out,
                               "patbridge_http_request_seconds_bucket{route=\"%s\",le=\"%s\"} "
                               "%" G_GUINT64_FORMAT "\n",
                               route, bound, sum);
    }
    g_string_append_printf(out, "patbridge_http_request_seconds_sum{route=\"%s\"} %.6f\n",
                           route, (double)counts->took_us / G_USEC_PER_SEC);
    g_string_append_printf(
        out, "patbridge_http_request_seconds_count{route=\"%s\"} %" G_GUINT64_FORMAT "\n",
        route, sum);
}

void metrics_write(struct metrics *metrics, GString *out)
{
    write_requests(metrics, out);
    head(out, "patbridge_http_request_seconds", "histogram",
         "From a request's first line to its answer.");
    for (size_t i = 0; i < metrics->count; i++) {
        uint64_t any = 0;
        for (size_t k = 0; k < CLASSES; k++)
            any += metrics->counts[i].by_class[k];
        if (any)
            write_histogram(metrics->routes[i], &metrics->counts[i], out);
    }
    head(out, "patbridge_http_body_bytes_total", "counter", "Bytes of bodies, in and out.");
    g_string_append_printf(
        out,
        "patbridge_http_body_bytes_total{direction=\"in\"} %" G_GUINT64_FORMAT
        "\npatbridge_http_body_bytes_total{direction=\"out\"} "
        "%" G_GUINT64_FORMAT "\n",
        (uint64_t)metrics->bytes_in, (uint64_t)metrics->bytes_out);
}

static void write_labels(const json_t *labels, GString *out)
{
    const char *name, *before = "{";
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)labels, name, value)
    {
        g_autofree char *text = g_strescape(json_string_value(value), NULL);
        g_string_append_printf(out, "%s%s=\"%s\"", before, name, text);
        before = ",";
    }
    if (*before == ',')
        g_string_append_c(out, '}');
}

void metrics_write_samples(const json_t *samples, GString *out)
{
    const char *last = "";
    for (size_t i = 0; i < json_array_size(samples); i++) {
        const json_t *sample = json_array_get(samples, i);
        const char *name = json_string_value(json_object_get(sample, "name"));
        bool counts = g_str_has_suffix(name, "_total");
        if (!g_str_equal(name, last))
            g_string_append_printf(out, "# TYPE %s %s\n", name, counts ? "counter" : "gauge");
        last = name;
        g_string_append(out, name);
        write_labels(json_object_get(sample, "labels"), out);
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(number, sizeof number, "%.15g",
                        json_number_value(json_object_get(sample, "value")));
        g_string_append_printf(out, " %s\n", number);
    }
}
