#include "service/daemon/signin.h"
#include "service/common/password.h"
#include "service/daemon/caller.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/http/cookie.h"
#include "service/push/token.h"
#include "sql/signin_link.h"
#include "sql/signin_session.h"
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, IDLE_MINUTES = 30, HOURS = 12, DAYS = 30 };

/* ---- Cookies */

static bool is_secure(const struct call *call)
{
    const struct daemon *daemon = call->user;
    g_autofree char *secure = app_setting(daemon->app, "secure_cookie");
    g_autofree char *site = app_setting(daemon->app, "public_url");
    return cookie_is_secure(secure, site);
}

static int number_set(const struct call *call, const char *name, int usual, int most)
{
    const struct daemon *daemon = call->user;
    g_autofree char *text = app_setting(daemon->app, name);
    guint64 number = 0;
    return text && g_ascii_string_to_unsigned(text, 10, 1, (guint64)most, &number, NULL)
               ? (int)number
               : usual;
}

/* How long a session lives, and without use. Who reads leads on a phone between two meetings does not sign in each time. */
static void lives_of(const struct call *call, bool enterprise, int *idle_s, int *life_s)
{
    int days = number_set(call, "inbox_days", DAYS, 365);
    *life_s =
        enterprise ? days * DAY_S : number_set(call, "session_hours", HOURS, 24 * 30) * HOUR_S;
    *idle_s = enterprise
                  ? *life_s
                  : number_set(call, "session_idle_minutes", IDLE_MINUTES, 24 * 60) * MINUTE_S;
}

/* The session that the browser has already: it ends when another begins, so that nobody finds himself in one that was put there. */
static bool find_before(struct call *call, const char *now, char before[static KEY_ID_LEN + 1],
                        GError **error)
{
    char token[KEY_TEXT_LEN], digest[KEY_DIGEST_LEN + 1];
    before[0] = 0;
    if (!cookie_read(call->request->headers[HEADER_COOKIE], is_secure(call), token) ||
        !key_read(token, before, digest)) {
        before[0] = 0;
        return true;
    }
    json_auto_t *row = signin_session_find(call->db, before, digest, now, error);
    if (row && !json_is_object(row))
        before[0] = 0;
    return row != NULL;
}

bool signin_check_page(const struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *site = app_setting(daemon->app, "public_url");
    const char *const *headers = call->request->headers;
    if ((!headers[HEADER_FETCH_SITE] && !headers[HEADER_ORIGIN]) ||
        cookie_from_us(call->request, site))
        return true;
    g_set_error_literal(error, API_ERROR, API_CSRF, "the request comes from another site");
    return false;
}

/* ---- What is told of a session */

static json_t *enterprise_of(struct call *call, GError **error)
{
    return call->who.enterprise_id ? signin_enterprise(call->db, call->who.enterprise_id, error)
                                   : json_null();
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

/* Who asks, and with a session what its pages need to ask further. */
static bool tell(struct call *call, int status, GError **error)
{
    char csrf[CSRF_LEN + 1] = "";
    json_t *enterprise = enterprise_of(call, error);
    if (!enterprise)
        return false;
    if (call->who.session)
        cookie_csrf(call->token, csrf);
    call_json(call, status,
              json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:b}", "by",
                        call->who.session ? "session" : "key", "account",
                        text_or_null(call->who.account), "role", role_name(call->who.role),
                        "agency", text_or_null(call->who.agency), "enterprise", enterprise,
                        "csrf", text_or_null(csrf), "change_password", (int)call->who.given),
              NULL);
    return true;
}

bool session_show(struct call *call, GError **error)
{
    return tell(call, 200, error);
}

/* The answer of a request that began one: as GET would answer it. */
static bool tell_new(struct call *call, const char *token, char *cookie, GError **error)
{
    const struct daemon *daemon = call->user;
    bool told = api_adopt(daemon->api, call, token, error) && tell(call, 201, error);
    if (told)
        call->answer->cookie = cookie;
    else
        g_free(cookie);
    return told;
}

/* ---- By name and password */

static bool renew_hash(struct call *call, const char *name, const char *password,
                       const char *hash, GError **error)
{
    if (!password_is_old(hash))
        return true;
    g_autofree char *fresh = password_hash(password, NULL);
    return !fresh || signin_rehash(call->db, name, hash, fresh, error);
}

static bool begin(struct call *call, struct proof *proof, int64_t step, char *token,
                  char **cookie, GError **error)
{
    char id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1], before[KEY_ID_LEN + 1];
    const char *role = json_string_value(json_object_get(proof->row, "role"));
    struct signin_session session = {
        .id = id,
        .digest = digest,
        .account = proof->from.name,
        .totp_step = step,
        .password_hash = json_string_value(json_object_get(proof->row, "password_hash"))};
    bool done = false;
    key_make(token, id, digest);
    lives_of(call, g_str_equal(role, "enterprise"), &session.idle_s, &session.life_s);
    if (!find_before(call, proof->now, before, error))
        return false;
    session.before = *before ? before : NULL;
    if (!signin_succeed(call->db, &session, &proof->from, proof->now, &done, error))
        return false;
    if (!done)
        return proof_fail(call, proof, session.account, error);
    *cookie = cookie_write(token, is_secure(call), session.life_s);
    return true;
}

/* The step of the code that came, 0 where none is asked for. */
static bool look_at_code(struct call *call, struct proof *proof, const char *code,
                         int64_t *step, GError **error)
{
    *step = 0;
    if (!json_is_true(json_object_get(proof->row, "totp")))
        return true;
    if (!code) {
        g_set_error_literal(error, API_ERROR, API_CODE,
                            "this account asks for a one-time code, too: `code`");
        return false;
    }
    return proof_code(call, proof, code, step, error) &&
           (*step || proof_fail(call, proof, proof->from.name, error));
}

static bool come_in(struct call *call, struct proof *proof, const char *password,
                    const char *code, GError **error)
{
    char token[KEY_TEXT_LEN];
    char *cookie = NULL;
    int64_t step;
    const char *hash = json_string_value(json_object_get(proof->row, "password_hash"));
    return look_at_code(call, proof, code, &step, error) &&
           begin(call, proof, step, token, &cookie, error) &&
           tell_new(call, token, cookie, error) &&
           renew_hash(call, proof->from.name, password, hash, error);
}

bool session_sign_in(struct call *call, GError **error)
{
    const char *name, *password, *code;
    struct proof proof;
    if (!signin_check_page(call, error) || !leads_text(call, "name", true, &name, error) ||
        !leads_text(call, "password", true, &password, error) ||
        !leads_text(call, "code", false, &code, error))
        return false;
    bool done = proof_take(call, name, password, &proof, error) &&
                come_in(call, &proof, password, code, error);
    proof_clear(&proof);
    return done;
}

/* ---- By a link */

/* What the token proves: an invitation's id, or a push and the link of it. */
static bool read_token(struct call *call, const char *token, char **link,
                       char push_id[static TOKEN_PUSH_LEN + 1], GError **error)
{
    char id[TOKEN_PUSH_LEN + 1];
    int64_t day, now_s = g_get_real_time() / G_USEC_PER_SEC;
    struct seal_key key;
    push_id[0] = 0;
    if (!caller_key(call, &key, error))
        return false;
    if (token_read_invitation(&key, token, now_s, id))
        *link = g_strdup(id);
    else if (token_read_new(&key, token, now_s, push_id, &day))
        *link = g_strdup_printf("push %s %" G_GINT64_FORMAT, push_id, day);
    seal_key_clear(&key);
    return true;
}

static char *address_digest(struct call *call)
{
    g_autofree char *address = caller_address(call, true);
    g_autofree char *text = g_strconcat("sign-in address ", address, NULL);
    struct seal_key key;
    if (!*address || !caller_key(call, &key, NULL))
        return g_strdup("");
    char *digest = caller_digest(&key, text);
    seal_key_clear(&key);
    return digest;
}

static bool use_link(struct call *call, const char *link, const char *push_id, char *token,
                     char **cookie, bool *done, GError **error)
{
    char id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1], before[KEY_ID_LEN + 1];
    g_autofree char *address = address_digest(call);
    g_autofree char *now = db_clock(call->db, error);
    struct signin_by_link by = {.link = link,
                                .push_id = *push_id ? push_id : NULL,
                                .id = id,
                                .digest = digest,
                                .address = address};
    key_make(token, id, digest);
    lives_of(call, true, &by.idle_s, &by.life_s);
    if (!now || !find_before(call, now, before, error))
        return false;
    by.before = *before ? before : NULL;
    if (!signin_link_use(call->db, &by, now, done, error))
        return false;
    if (*done)
        *cookie = cookie_write(token, is_secure(call), by.life_s);
    return true;
}

static bool by_token(struct call *call, const char *text, char token[static KEY_TEXT_LEN],
                     char **cookie, bool *done, GError **error)
{
    g_autofree char *link = NULL;
    char push_id[TOKEN_PUSH_LEN + 1];
    *done = false;
    return read_token(call, text, &link, push_id, error) &&
           (!link || use_link(call, link, push_id, token, cookie, done, error));
}

bool signin_by_token(struct call *call, const char *text, char **cookie, bool *done,
                     GError **error)
{
    char token[KEY_TEXT_LEN];
    return by_token(call, text, token, cookie, done, error);
}

bool session_link(struct call *call, GError **error)
{
    char token[KEY_TEXT_LEN];
    char *cookie = NULL;
    const char *text;
    bool done;
    if (!signin_check_page(call, error) || !leads_text(call, "token", true, &text, error) ||
        !by_token(call, text, token, &cookie, &done, error))
        return false;
    if (done)
        return tell_new(call, token, cookie, error);
    g_set_error_literal(error, API_ERROR, API_SIGN_IN,
                        "the link was used, is over, or was never one");
    return false;
}

/* ---- Their end */

static bool check_session(const struct call *call, GError **error)
{
    if (call->who.session)
        return true;
    g_set_error_literal(error, API_ERROR, API_CONFLICT, "a key has no session");
    return false;
}

static void tell_ended(struct call *call, int count)
{
    const struct daemon *daemon = call->user;
    sessions_drop(api_sessions(daemon->api), call->who.key_id);
    call_json(call, 200, json_pack("{s:i}", "ended", count), NULL);
    call->answer->cookie = cookie_write(NULL, is_secure(call), 0);
}

bool session_end(struct call *call, GError **error)
{
    g_autofree char *now = db_clock(call->db, error);
    if (!now || !check_session(call, error) ||
        !signin_session_end(call->db, call->who.key_id, now, error))
        return false;
    tell_ended(call, 1);
    return true;
}

static struct signin_whose own(const struct call *call)
{
    return (struct signin_whose){*call->who.account ? call->who.account : NULL,
                                 call->who.agency_id, call->who.enterprise_id};
}

static json_t *show_session(const struct call *call, json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "session_id"));
    return json_pack(
        "{s:s, s:b, s:O, s:O, s:O}", "session", id, "current",
        g_str_equal(id, call->who.key_id), "made_at", json_object_get(row, "made_at"),
        "used_at", json_object_get(row, "used_at"), "ends_at", json_object_get(row, "ends_at"));
}

bool sessions_list(struct call *call, GError **error)
{
    const struct signin_whose whose = own(call);
    g_autofree char *now = db_clock(call->db, error);
    if (!now || !check_session(call, error))
        return false;
    json_auto_t *rows = signin_session_list(call->db, &whose, now, error);
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(items, show_session(call, json_array_get(rows, i)));
    call_json(call, 200, json_pack("{s:o}", "items", items), NULL);
    return rows != NULL;
}

static bool end_everywhere(struct call *call, GError **error)
{
    const struct signin_whose whose = own(call);
    g_autofree char *now = db_clock(call->db, error);
    int count = 0;
    if (!now || !signin_session_end_all(call->db, &whose, NULL, now, &count, error))
        return false;
    tell_ended(call, count);
    return true;
}

bool sessions_end(struct call *call, GError **error)
{
    return check_session(call, error) && signin_signed(call, end_everywhere, error);
}
