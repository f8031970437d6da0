#include "service/http/asker.h"
#include "service/http/cookie.h"
#include "sql/signin_session.h"
#include <string.h>

/* ---- What they may */

static bool check_role(const struct call *call, GError **error)
{
    const struct kind_of_record *kind = call->places.kind;
    unsigned of_kind = !kind ? ROLES_ALL : call->route->writes ? kind->writers : kind->readers;
    if (call->who.role & call->route->roles & of_kind)
        return true;
    g_set_error(error, API_ERROR, API_FORBIDDEN, "%s of the role %s may not do this",
                call->who.session ? "somebody" : "a key", role_name(call->who.role));
    return false;
}

static bool spend(struct asker *asker, struct call *call, GError **error)
{
    int wait_s = 1, rate = call->who.session ? SESSION_RATE : call->who.rate_per_minute;
    int64_t now = g_get_monotonic_time();
    if (call->who.session ? sessions_spend(asker->sessions, call->who.key_id, now, &wait_s)
                          : keys_spend(asker->keys, &call->who, now, &wait_s))
        return true;
    call->answer->retry_after_s = wait_s;
    g_set_error(error, API_ERROR, API_RATE, "more than %d requests in a minute", rate);
    return false;
}

/* ---- Keys */

/* A key that is not known here may be a moment old: unless there is much to read first, it is looked up once more. */
static bool by_key(struct asker *asker, struct call *call, bool last, GError **error)
{
    const char *authorization = call->request->headers[HEADER_AUTHORIZATION];
    call->known =
        keys_find(asker->keys, authorization, g_get_real_time() / G_USEC_PER_SEC, &call->who);
    if (!call->known && authorization && !last && call->request->body_len <= ASKER_BODY_MOST)
        return true;
    if (!call->known && !keys_are_known(asker->keys))
        g_set_error(error, API_ERROR, API_UNAVAILABLE, "keys can't be read; try again");
    else if (!call->known)
        g_set_error(error, API_ERROR, API_NO_KEY, "%s",
                    authorization ? "the key is not known, revoked or expired"
                                  : "sign in, or send a key: Authorization: Bearer pb_…");
    return call->known && check_role(call, error) && spend(asker, call, error);
}

bool asker_refresh(struct asker *asker, struct db *db, GError **error)
{
    json_auto_t *rows = asker->source->load_keys(db, error);
    if (rows)
        keys_replace(asker->keys, rows);
    return rows != NULL;
}

/* ---- Sessions */

static char *setting(const struct asker *asker, const char *name)
{
    return asker->source->setting ? asker->source->setting(name, asker->source->user) : NULL;
}

static bool is_safe(const char *method)
{
    return g_str_equal(method, "GET") || g_str_equal(method, "HEAD");
}

static bool is_over(GError **error)
{
    g_set_error_literal(error, API_ERROR, API_NO_KEY, "the session is over: sign in again");
    return false;
}

static bool check_page(const struct call *call, const char *site, GError **error)
{
    if (is_safe(call->request->method))
        return true;
    bool fits = cookie_csrf_fits(call->token, call->request->headers[HEADER_CSRF_TOKEN]);
    if (fits && cookie_from_us(call->request, site))
        return true;
    g_set_error(error, API_ERROR, API_CSRF, "%s",
                fits ? "the request comes from another site"
                     : "X-CSRF-Token must be `csrf` of GET /v1/session");
    return false;
}

/* What must be known before a long body is read. */
static bool check_body(struct asker *asker, struct call *call, GError **error)
{
    char id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];
    if (call->request->body_len <= ASKER_BODY_MOST)
        return true;
    if (key_read(call->token, id, digest) &&
        sessions_seen(asker->sessions, id, digest, g_get_monotonic_time(), &call->who))
        return check_role(call, error);
    g_set_error(error, API_ERROR, API_NO_KEY,
                "the session was not used for 15 minutes: ask GET /v1/session first");
    return false;
}

bool asker_at_head(struct asker *asker, struct call *call, GError **error)
{
    const char *cookies = call->request->headers[HEADER_COOKIE];
    if (call->request->headers[HEADER_AUTHORIZATION] || !cookies)
        return by_key(asker, call, false, error);
    g_autofree char *secure = setting(asker, "secure_cookie");
    g_autofree char *site = setting(asker, "public_url");
    if (!cookie_read(cookies, cookie_is_secure(secure, site), call->token))
        return by_key(asker, call, false, error);
    return check_page(call, site, error) && check_body(asker, call, error);
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* A number, which may come as a text. */
static int64_t number_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_string(value) ? g_ascii_strtoll(json_string_value(value), NULL, 10)
                                 : json_integer_value(value);
}

static void read_principal(const json_t *row, const char *id, struct principal *who)
{
    *who = (struct principal){.session = true};
    g_strlcpy(who->key_id, id, sizeof who->key_id);
    g_strlcpy(who->agency, text_of(row, "agency"), sizeof who->agency);
    g_strlcpy(who->account, text_of(row, "account"), sizeof who->account);
    who->role = role_of(text_of(row, "role"));
    who->agency_id = (int)number_of(row, "agency_id");
    who->enterprise_id = number_of(row, "enterprise_id");
    who->given = json_is_true(json_object_get(row, "given"));
}

/* Until it is another, nothing is done but what is about the session itself. */
static bool check_given(const struct call *call, GError **error)
{
    if (!call->who.given || g_str_has_prefix(call->route->name, "session"))
        return true;
    g_set_error_literal(error, API_ERROR, API_PASSWORD,
                        "somebody else knows this password: change it first "
                        "(POST /v1/session/password)");
    return false;
}

bool asker_look_up(struct asker *asker, struct call *call, GError **error)
{
    char id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];
    if (!key_read(call->token, id, digest))
        return is_over(error);
    g_autofree char *now = db_clock(call->db, error);
    json_auto_t *row = now ? signin_session_find(call->db, id, digest, now, error) : NULL;
    if (!row)
        return false;
    if (!json_is_object(row)) {
        sessions_drop(asker->sessions, id);
        return is_over(error);
    }
    read_principal(row, id, &call->who);
    sessions_note(asker->sessions, &call->who, digest, g_get_monotonic_time());
    return call->known = true;
}

static bool by_session(struct asker *asker, struct call *call, GError **error)
{
    return asker_look_up(asker, call, error) && check_role(call, error) &&
           check_given(call, error) && spend(asker, call, error);
}

bool asker_for_sure(struct asker *asker, struct call *call, GError **error)
{
    if (*call->token)
        return by_session(asker, call, error);
    return asker_refresh(asker, call->db, error) && by_key(asker, call, true, error);
}
