#include "service/daemon/answers.h"
#include "service/daemon/caller.h"
#include "service/daemon/signin.h"
#include "service/http/html.h"
#include "service/push/token.h"
#include "sql/feedback.h"
#include "sql/page.h"
#include <string.h>

enum { GONE = 404, FORM_MOST = 2000 };
#define ENTER "enter"

static const struct {
    const char *name, *zh, *en;
} choices[] = {{"interested", "感兴趣，请联系我们", "interested"},
               {"not_fit", "不合适", "not for us"},
               {"stop", "不再接收此机构的推送", "no more of these"}};

/* ---- Pages */

GString *answers_page(const char *title)
{
    GString *out = g_string_new(NULL);
    html_add(out,
             "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n<title>%s · 专利桥</title>\n"
             "<link rel=\"stylesheet\" "
             "href=\"../style.css\">\n<link rel=\"icon\" "
             "href=\"../icon.svg\">\n</head>\n<body>\n<main>\n<h1>%s</h1>\n",
             title, title);
    return out;
}

void answers_lead_on(GString *out)
{
    g_string_append(out, "<p><a class=\"go\" href=\"../inbox\">打开收件箱 <span class=\"en\" "
                         "lang=\"en\">open the inbox</span></a></p>\n");
}

void answers_end(struct call *call, int status, GString *out)
{
    g_string_append(out, "</main>\n</body>\n</html>\n");
    answer_clear(call->answer);
    call->answer->status = status;
    call->answer->type = "text/html; charset=utf-8";
    call->answer->policy = POLICY_FORM;
    call->answer->body = out;
}

static bool gone(struct call *call)
{
    GString *out = answers_page("链接已失效 This link is no longer valid");
    g_string_append(out, "<p>请向运营服务机构索取新的链接。</p>\n");
    answers_end(call, GONE, out);
    return true;
}

static void add_line(GString *out, const char *label, const char *text)
{
    if (*text)
        html_add(out, "<p><strong>%s</strong> %s</p>\n", label, text);
}

static void show(struct call *call, const json_t *push)
{
    GString *out = answers_page(html_text(push, "patent_title"));
    if (html_is(push, "invented"))
        html_invented(out, 0);
    add_line(out, "专利号", html_text(push, "patent"));
    add_line(out, "摘要", html_text(push, "patent_abstract"));
    add_line(out, "对应需求", html_text(push, "need_title"));
    add_line(out, "推送机构", html_text(push, "agency"));
    g_string_append(out, "<form method=\"post\">\n");
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
        html_add(out,
                 "<p><button name=\"answer\" value=\"%s\">%s <span class=\"en\" "
                 "lang=\"en\">%s</span></button></p>\n",
                 choices[i].name, choices[i].zh, choices[i].en);
    g_string_append(
        out, "<p><button name=\"" ENTER "\" value=\"inbox\">进入收件箱，看全部线索 <span "
             "class=\"en\" lang=\"en\">open the inbox</span></button></p>\n</form>\n");
    answers_end(call, 200, out);
}

static void thank(struct call *call, const char *answer)
{
    GString *out = answers_page("已记录 Recorded");
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
        if (g_str_equal(choices[i].name, answer))
            html_add(out, "<p>%s <span class=\"en\" lang=\"en\">%s</span></p>\n", choices[i].zh,
                     choices[i].en);
    answers_lead_on(out);
    answers_end(call, 200, out);
}

/* ---- Behind them */

/* The push that the link is for; false: none, or error is set. */
static bool find(struct call *call, json_t **push, GError **error)
{
    char push_id[TOKEN_PUSH_LEN + 1];
    struct seal_key key;
    const struct page page = {.limit = 1};
    *push = NULL;
    if (!caller_key(call, &key, error))
        return false;
    bool known =
        token_read(&key, call->places.value[0], g_get_real_time() / G_USEC_PER_SEC, push_id);
    seal_key_clear(&key);
    if (!known)
        return true;
    if (!db_begin(call->db, DB_ACROSS, 0, error))
        return false;
    json_auto_t *rows = page_pushes(call->db, &page, 0, NULL, push_id, error);
    *push = json_incref(json_array_get(rows, 0));
    return rows != NULL;
}

bool answers_show(struct call *call, GError **error)
{
    json_auto_t *push = NULL;
    if (!find(call, &push, error))
        return false;
    if (!push)
        return gone(call);
    show(call, push);
    return true;
}

static bool record(struct call *call, const json_t *push, const char *answer, GError **error)
{
    g_autofree char *address = caller_mark(call);
    struct feedback feedback = {.answer = answer, .by = "link", .address = address};
    json_auto_t *kept = NULL;
    g_autofree char *now = db_clock(call->db, error);
    feedback.now = now;
    if (!now || !lead_id_read(html_text(push, "lead"), &feedback.lead) ||
        !feedback_add(call->db, &feedback, &kept, error) || !db_commit(call->db, error))
        return false;
    thank(call, answer);
    return true;
}

/* Whether a form, urlencoded, has this pair: only words are expected. */
static bool says(const struct call *call, const char *name, const char *value)
{
    const GString *body = call->request->body;
    if (!body || body->len > FORM_MOST)
        return false;
    g_auto(GStrv) pairs = g_strsplit(body->str, "&", -1);
    g_autofree char *wanted = g_strconcat(name, "=", value, NULL);
    return g_strv_contains((const char *const *)pairs, wanted);
}

static const char *answer_of(const struct call *call)
{
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
        if (says(call, "answer", choices[i].name))
            return choices[i].name;
    return NULL;
}

/* The link signs in once, while it is new; later the inbox asks for a password, unless a session goes on. */
static bool enter(struct call *call, GError **error)
{
    char *cookie = NULL;
    bool done;
    if (!signin_check_page(call, error) ||
        !signin_by_token(call, call->places.value[0], &cookie, &done, error))
        return false;
    GString *out = answers_page(done ? "已登录 Signed in"
                                     : "此链接不能再用来登录 Used before, or too old");
    if (!done)
        g_string_append(
            out,
            "<p>每个链接只能在七天内登录一次。仍在登录中、或设过密码，请直接打开收件箱；否则请"
            "向运营服务机构索取新的链接。</p>\n");
    answers_lead_on(out);
    answers_end(call, done ? 200 : GONE, out);
    call->answer->cookie = cookie;
    return true;
}

static bool give(struct call *call, const char *answer, GError **error)
{
    json_auto_t *push = NULL;
    if (!find(call, &push, error))
        return false;
    if (!push)
        return gone(call);
    if (answer)
        return record(call, push, answer, error);
    show(call, push);
    return true;
}

bool answers_give(struct call *call, GError **error)
{
    if (says(call, ENTER, "inbox"))
        return enter(call, error);
    return give(call, answer_of(call), error);
}

bool answers_stop(struct call *call, GError **error)
{
    if (says(call, ENTER, "inbox")) /* the same page's button, which stops nothing */
        return enter(call, error);
    const char *answer = answer_of(call);
    return give(call, answer ? answer : "stop", error);
}
