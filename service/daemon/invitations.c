#include "service/cli/key.h"
#include "service/daemon/answers.h"
#include "service/daemon/caller.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/signin.h"
#include "service/http/html.h"
#include "service/push/token.h"
#include "sql/signin_link.h"
#include "sql/signin_session.h"

enum { LIFE_S = 3 * 24 * 3600, GONE = 404 };

/* ---- Making one */

static bool find_enterprise(struct call *call, int64_t *id, GError **error)
{
    const char *uscc;
    g_autoptr(GError) why = NULL;
    if (!leads_text(call, "enterprise_uscc", true, &uscc, error))
        return false;
    g_autofree char *key = key_normal(kind_find("enterprise"), uscc, false, &why);
    if (!key || !call->agency_id) {
        g_set_error(error, API_ERROR, API_WRONG, "%s",
                    key ? "say which agency invites: ?agency=CODE" : why->message);
        return false;
    }
    if (!db_begin(call->db, DB_SERVICE, call->agency_id, error))
        return false;
    bool found = signin_enterprise_held(call->db, key, id, error);
    db_rollback(call->db);
    return found;
}

static char *sign(struct call *call, const char *link, int64_t ends_s, GError **error)
{
    struct seal_key key;
    if (!caller_key(call, &key, error))
        return NULL;
    char *token = token_invite(&key, link, ends_s);
    seal_key_clear(&key);
    return token;
}

/* The address that leads to the page, where the world knows us under one. */
static json_t *address_of(const struct call *call, const char *token)
{
    const struct daemon *daemon = call->user;
    g_autofree char *site = app_setting(daemon->app, "public_url");
    g_autofree char *address =
        site ? g_strconcat(site, g_str_has_suffix(site, "/") ? "s/" : "/s/", token, NULL)
             : NULL;
    return address ? json_string(address) : json_null();
}

bool invitations_make(struct call *call, GError **error)
{
    int64_t enterprise_id = 0, now_s = g_get_real_time() / G_USEC_PER_SEC;
    g_autofree char *link = g_uuid_string_random(), *ends_at = NULL;
    g_autofree char *by = leads_by(call);
    if (!find_enterprise(call, &enterprise_id, error))
        return false;
    const struct signin_invitation invitation = {link, call->agency_id, enterprise_id, by,
                                                 LIFE_S};
    g_autofree char *token = sign(call, link, now_s + LIFE_S, error);
    g_autofree char *now = token ? db_clock(call->db, error) : NULL;
    if (!now || !signin_link_add(call->db, &invitation, now, &ends_at, error))
        return false;
    call_json(call, 201,
              json_pack("{s:s, s:o, s:s}", "token", token, "link", address_of(call, token),
                        "ends_at", ends_at),
              NULL);
    return true;
}

/* ---- Its page */

static bool gone(struct call *call)
{
    GString *out = answers_page("链接已失效 This link is no longer valid");
    g_string_append(out, "<p>请向运营服务机构索取新的链接。</p>\n");
    answers_end(call, GONE, out);
    return true;
}

/* {agency, enterprise} of the invitation that may still be used; JSON null: none. */
static json_t *find(struct call *call, GError **error)
{
    char id[TOKEN_PUSH_LEN + 1];
    struct seal_key key;
    if (!caller_key(call, &key, error))
        return NULL;
    bool known = token_read_invitation(&key, call->places.value[0],
                                       g_get_real_time() / G_USEC_PER_SEC, id);
    seal_key_clear(&key);
    g_autofree char *now = known ? db_clock(call->db, error) : NULL;
    if (!known)
        return json_null();
    return now ? signin_link_about(call->db, id, now, error) : NULL;
}

/* Changes nothing: scanners and previews fetch links. */
bool invitations_show(struct call *call, GError **error)
{
    json_auto_t *about = find(call, error);
    if (!about)
        return false;
    if (!json_is_object(about))
        return gone(call);
    GString *out = answers_page("登录 Sign in");
    html_add(out, "<p><strong>企业</strong> %s</p>\n<p><strong>邀请机构</strong> %s</p>\n",
             html_text(about, "enterprise"), html_text(about, "agency"));
    g_string_append(out, "<form method=\"post\">\n<p><button>登录 <span class=\"en\" "
                         "lang=\"en\">sign in</span></button></p>\n</form>\n");
    answers_end(call, 200, out);
    return true;
}

bool invitations_use(struct call *call, GError **error)
{
    char *cookie = NULL;
    bool done;
    if (!signin_check_page(call, error) ||
        !signin_by_token(call, call->places.value[0], &cookie, &done, error))
        return false;
    if (!done)
        return gone(call);
    GString *out = answers_page("已登录 Signed in");
    g_string_append(out, "<p>此链接只能使用一次。 <span class=\"en\" lang=\"en\">The link can "
                         "be used this once.</span></p>\n");
    answers_lead_on(out);
    answers_end(call, 200, out);
    call->answer->cookie = cookie;
    return true;
}
