#include "service/http/page.h"
#include "http_embedded.h"
#include "service/http/evidence_view.h"
#include "service/http/figures_view.h"
#include "service/http/frame.h"
#include "service/http/html.h"
#include "service/http/leads_view.h"
#include "service/http/web.h"
#include <string.h>

G_DEFINE_QUARK(patbridge - page - error, page_error)

enum { LEADS_SHOWN = 20, ROWS_A_PAGE = 50, RETRY_AFTER_S = 5 };

/* ---- Errors */

static bool wants_page(const struct request *request)
{
    return request->accept && strstr(request->accept, "text/html");
}

static void problem(const struct request *request, struct answer *answer, int status,
                    const char *kind, const char *title, const char *zh, const char *detail)
{
    if (!wants_page(request)) {
        answer_problem(answer, status, kind, title, detail);
        return;
    }
    g_autofree char *root = request_root(request);
    answer->status = status;
    answer->type = "text/html; charset=utf-8";
    answer->body = g_string_new(NULL);
    frame_open(answer->body, root, zh);
    html_add(answer->body,
             "<section class=\"problem\"><h1>%d · %s</h1>\n<p lang=\"en\">%s: %s</p>\n", status,
             zh, title, detail);
    html_add(answer->body,
             "<p><a href=\"%s\">« 首页 <span class=\"en\" "
             "lang=\"en\">home</span></a></p></section>\n",
             *root ? root : "./");
    frame_close(answer->body);
}

static void not_found(const struct request *request, struct answer *answer, const char *detail)
{
    problem(request, answer, 404, "not-found", "Not Found", "没有这一页", detail);
}

static void wrong(const struct request *request, struct answer *answer, const char *detail)
{
    problem(request, answer, 400, "bad-request", "Bad Request", "请求有误", detail);
}

/* The reason of a failure inside goes to the log: it may name servers and users. */
static void failed(const struct request *request, struct answer *answer,
                   const struct page_source *source, const GError *error)
{
    if (g_error_matches(error, PAGE_ERROR, PAGE_ERROR_NOT_FOUND)) {
        not_found(request, answer, error->message);
        return;
    }
    if (g_error_matches(error, PAGE_ERROR, PAGE_ERROR_WRONG)) {
        wrong(request, answer, error->message);
        return;
    }
    source->log(request->path, error, source->user);
    if (g_error_matches(error, PAGE_ERROR, PAGE_ERROR_UNAVAILABLE)) {
        answer->retry_after_s = RETRY_AFTER_S;
        problem(request, answer, 503, "unavailable", "Service Unavailable",
                "数据库暂时不可用，请稍后再试",
                "the database can't be reached; try again in a few seconds");
        return;
    }
    problem(request, answer, 500, "internal", "Internal Server Error", "出错了，原因已写入日志",
            "something went wrong; the log has the reason");
}

/* ---- Pages */

static void open_page(const struct request *request, struct answer *answer, const char *title)
{
    g_autofree char *root = request_root(request);
    answer->status = 200;
    answer->type = "text/html; charset=utf-8";
    answer->body = g_string_sized_new(1 << 16);
    frame_open(answer->body, root, title);
}

/* Nothing is written before everything was read: [figures of each policy…, leads]. */
static bool read_home(const struct page_source *source, json_t *out, GError **error)
{
    for (const char *const *policy = source->policies; *policy; policy++) {
        json_t *figures = source->figures(*policy, source->user, error);
        if (!figures || json_array_append_new(out, figures) != 0)
            return false;
    }
    json_t *leads = source->leads(LEADS_SHOWN, source->user, error);
    return leads && json_array_append_new(out, leads) == 0;
}

static void home(const struct request *request, struct answer *answer,
                 const struct page_source *source, const char *rest)
{
    g_autoptr(GError) error = NULL;
    json_auto_t *read = json_array();
    (void)rest;
    if (!read_home(source, read, &error)) {
        failed(request, answer, source, error);
        return;
    }
    size_t policies = json_array_size(read) - 1;
    open_page(request, answer, "政策进度与最新线索");
    g_string_append(
        answer->body,
        "<h1 id=\"figures\">政策进度 <span class=\"en\" lang=\"en\">How far each agency has "
        "come"
        "</span></h1>\n<p class=\"lede\">点指标名看数字背后的每一条记录，以及未计入的和原因。 "
        "<span class=\"en\" lang=\"en\">Each metric leads to the rows behind its number, and "
        "those left out with the reason.</span></p>\n");
    for (size_t i = 0; i < policies; i++)
        figures_view(answer->body, json_array_get(read, i), source->word);
    leads_view(answer->body, json_array_get(read, policies));
    frame_close(answer->body);
}

static bool read_show(const char *text, enum page_show *out)
{
    *out = !text                          ? PAGE_SHOW_ALL
           : g_str_equal(text, "counted") ? PAGE_SHOW_COUNTED
                                          : PAGE_SHOW_LEFT_OUT;
    return !text || *out == PAGE_SHOW_COUNTED || g_str_equal(text, "left-out");
}

static bool args_are_text(const struct request *request)
{
    GHashTableIter iter;
    gpointer name, value;
    if (!request->args)
        return true;
    for (g_hash_table_iter_init(&iter, request->args);
         g_hash_table_iter_next(&iter, &name, &value);)
        if (!g_utf8_validate(name, -1, NULL) || !g_utf8_validate(value, -1, NULL))
            return false;
    return true;
}

/* NULL, or what is wrong with the question. */
static const char *read_wanted(const struct request *request, struct page_evidence *out)
{
    const char *after = request_arg(request, "after");
    out->agency = request_arg(request, "agency");
    out->as_of = request_arg(request, "as-of");
    out->known_at = request_arg(request, "known");
    out->after_key = "";
    out->limit = ROWS_A_PAGE;
    if (!read_show(request_arg(request, "show"), &out->show))
        return "show is counted or left-out";
    if (after && !evidence_view_cursor(after, &out->after_agency, &out->after_key))
        return "after is no cursor; take it from the link to the next page";
    return NULL;
}

/* `rest` is POLICY/METRIC. */
static void evidence(const struct request *request, struct answer *answer,
                     const struct page_source *source, const char *rest)
{
    g_auto(GStrv) names = g_strsplit(rest, "/", 0);
    struct page_evidence wanted = {0};
    g_autoptr(GError) error = NULL;
    if (g_strv_length(names) != 2 || !g_strv_contains(source->policies, names[0])) {
        not_found(request, answer, "an address of evidence is /evidence/POLICY/METRIC");
        return;
    }
    const char *why = read_wanted(request, &wanted);
    if (why) {
        wrong(request, answer, why);
        return;
    }
    wanted.policy = names[0];
    wanted.metric = names[1];
    json_auto_t *document = source->evidence(&wanted, source->user, &error);
    if (!document) {
        failed(request, answer, source, error);
        return;
    }
    g_autofree char *root = request_root(request);
    open_page(request, answer, "数字背后的记录");
    evidence_view(answer->body, document, &wanted, root, source->word);
    frame_close(answer->body);
}

/* ---- What is not a page */

static void literal(struct answer *answer, const char *type, const char *bytes, size_t len,
                    enum answer_keep keep)
{
    answer->status = 200;
    answer->type = type;
    answer->body = g_string_new_len(bytes, (gssize)len);
    answer->keep = keep;
}

static void style(const struct request *request, struct answer *answer,
                  const struct page_source *source, const char *rest)
{
    (void)request, (void)source, (void)rest;
    literal(answer, "text/css; charset=utf-8", http_style, http_style_size, KEEP_MINUTES);
}

static void icon(const struct request *request, struct answer *answer,
                 const struct page_source *source, const char *rest)
{
    (void)request, (void)source, (void)rest;
    literal(answer, "image/svg+xml", http_icon, http_icon_size, KEEP_MINUTES);
}

static void healthz(const struct request *request, struct answer *answer,
                    const struct page_source *source, const char *rest)
{
    static const char alive[] = "{\"status\":\"ok\"}\n";
    (void)request, (void)source, (void)rest;
    literal(answer, "application/json", alive, sizeof alive - 1, KEEP_NOT);
}

static void readyz(const struct request *request, struct answer *answer,
                   const struct page_source *source, const char *rest)
{
    g_autoptr(GError) error = NULL;
    if (source->ready(source->user, &error))
        healthz(request, answer, source, rest);
    else
        failed(request, answer, source, error);
}

/* ---- Routes. One that ends in "/" (but the root) takes the rest of the path. Each is read with GET and HEAD. */

static const struct route {
    const char *path;
    void (*answer)(const struct request *request, struct answer *answer,
                   const struct page_source *source, const char *rest);
} routes[] = {
    {"/", home},         {"/evidence/", evidence}, {"/style.css", style},
    {"/icon.svg", icon}, {"/healthz", healthz},    {"/readyz", readyz},
};

static const struct route *find_route(const char *path, const char **rest)
{
    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
        size_t len = strlen(routes[i].path);
        bool takes_rest = len > 1 && routes[i].path[len - 1] == '/';
        *rest = path + len;
        if (takes_rest ? g_str_has_prefix(path, routes[i].path)
                       : g_str_equal(path, routes[i].path))
            return &routes[i];
    }
    return NULL;
}

void page_answer(const struct request *request, struct answer *answer, void *source)
{
    const char *rest = NULL;
    const struct route *route = find_route(request->path, &rest);
    const struct web_file *file =
        route ? NULL : web_find(request->path, request->headers[HEADER_COOKIE]);
    if (!route && !file) {
        not_found(request, answer, "there is nothing at this address");
    } else if (!g_str_equal(request->method, "GET") && !g_str_equal(request->method, "HEAD")) {
        answer->allow = "GET, HEAD";
        problem(request, answer, 405, "method", "Method Not Allowed", "此处只读",
                "what is here can only be read: GET or HEAD");
    } else if (!args_are_text(request)) {
        wrong(request, answer, "an argument is not UTF-8");
    } else if (file) {
        web_answer(request, answer, file);
    } else {
        route->answer(request, answer, source, rest);
    }
}
