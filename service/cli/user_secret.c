#include "service/cli/key.h"
#include "service/cli/secret.h"
#include "service/cli/user.h"
#include "service/common/password.h"
#include "service/common/totp.h"
#include "service/daemon/sending.h"
#include "service/push/seal.h"
#include "service/push/token.h"
#include "service/track/qr.h"
#include "sql/account.h"
#include "sql/credential.h"
#include "sql/signin_link.h"
#include "sql/signin_session.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { INVITATION_S = 3 * 24 * 3600 };

static const char *said(const struct app *app, const char *zh, const char *en)
{
    return app->chinese ? zh : en;
}

static bool begin(struct app *app, char **now, GError **error)
{
    if (sodium_init() < 0)
        return app_wrong_use(error, "libsodium can't be used here");
    if (!app_db(app, error))
        return false;
    *now = db_clock(app->db, error);
    return *now != NULL;
}

/* An account that is there, before anybody types a password for it. */
static bool check_account(struct app *app, const char *name, GError **error)
{
    if (!db_begin(app->db, DB_ACROSS, 0, error))
        return false;
    g_autofree char *role = account_role(app->db, name, error);
    db_rollback(app->db);
    return role != NULL;
}

/* ---- Passwords */

static char *wanted_password(struct app *app, const char *name, bool generate, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (generate)
        return password_make();
    char *password = secret_ask(said(app, "密码：", "password: "),
                                said(app, "再输一次：", "again: "), error);
    if (!password || password_check(password, name, &why))
        return password;
    secret_free(password);
    app_wrong_use(error, "%s", why->message);
    return NULL;
}

static void show_password(struct app *app, const char *name, const char *password)
{
    if (app->json) {
        app_print_json(json_pack("{s:s, s:s?}", "name", name, "password", password));
        return;
    }
    if (password)
        printf("%s\n", password);
    fprintf(stderr, "%s\n",
            password ? said(app, "密码只显示这一次，首次登录须更改。",
                            "the password is shown this once, and has to be changed at the "
                            "first sign-in")
                     : said(app, "密码已更改。", "the password is set"));
}

static bool set_password(struct app *app, const char *name, bool generate, const char *now,
                         GError **error)
{
    char *password = wanted_password(app, name, generate, error);
    g_autofree char *hash = password ? password_hash(password, error) : NULL;
    const struct credential wanted = {
        .account = name, .hash = hash, .given = generate, .reason = "password set by command"};
    bool done = hash && credential_set(app->db, &wanted, now, error);
    if (done)
        show_password(app, name, generate ? password : NULL);
    secret_free(password);
    return done;
}

bool user_add(struct app *app, const struct user_wanted *wanted, GError **error)
{
    g_autofree char *now = NULL;
    if (!begin(app, &now, error))
        return false;
    char *password = wanted_password(app, wanted->name, wanted->generate, error);
    g_autofree char *hash = password ? password_hash(password, error) : NULL;
    const struct credential_account account = {.name = wanted->name,
                                               .role = wanted->role,
                                               .agency_id = wanted->agency_id,
                                               .invented = wanted->invented,
                                               .hash = hash,
                                               .given = wanted->generate};
    bool done = hash && credential_add(app->db, &account, now, error);
    if (done)
        show_password(app, wanted->name, wanted->generate ? password : NULL);
    secret_free(password);
    return done;
}

bool user_password(struct app *app, const char *name, bool generate, bool none, GError **error)
{
    g_autofree char *now = NULL;
    const struct credential wanted = {.account = name, .reason = "password taken away"};
    if (!begin(app, &now, error) || !check_account(app, name, error))
        return false;
    if (!none)
        return set_password(app, name, generate, now, error);
    if (!credential_set(app->db, &wanted, now, error))
        return false;
    if (app->json)
        app_print_json(json_pack("{s:s, s:n}", "name", name, "password"));
    return true;
}

/* ---- One-time codes */

static void show_secret(struct app *app, const char *secret, const char *address)
{
    g_autofree char *qr = app->json ? NULL : qr_text(address, NULL);
    if (app->json)
        app_print_json(json_pack("{s:s, s:s}", "secret", secret, "uri", address));
    else
        printf("%s%s\n%s\n", qr ? qr : "", secret, address);
    fprintf(stderr, "%s\n",
            said(app, "用验证器扫码。密钥只显示这一次；从现在起登录需要验证码。",
                 "read it into an authenticator; it is shown this once. From now on a sign-in "
                 "asks for a code."));
}

static bool add_secret(struct app *app, const char *name, const char *now, GError **error)
{
    struct seal_key key;
    if (!sending_key(app, &key, error))
        return false;
    char *secret = totp_make();
    g_autofree char *address = totp_address(secret, name);
    GBytes *sealed = seal_close(&key, secret, strlen(secret));
    seal_key_clear(&key);
    bool done = credential_totp(app->db, name, 0, sealed, true, now, error);
    g_bytes_unref(sealed);
    if (done)
        show_secret(app, secret, address);
    secret_free(secret);
    return done;
}

bool user_totp(struct app *app, const char *name, bool off, GError **error)
{
    g_autofree char *now = NULL;
    if (!begin(app, &now, error))
        return false;
    if (!off)
        return add_secret(app, name, now, error);
    if (!credential_totp(app->db, name, 0, NULL, false, now, error))
        return false;
    if (app->json)
        app_print_json(json_pack("{s:s, s:b}", "name", name, "totp", 0));
    return true;
}

/* ---- Sessions */

static void list_sessions(const struct app *app, json_t *rows)
{
    if (app->json) {
        app_print_json(json_incref(rows));
        return;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *id, *made, *used, *ends;
        if (json_unpack(json_array_get(rows, i), "{s:s, s:s, s:s, s:s}", "session_id", &id,
                        "made_at", &made, "used_at", &used, "ends_at", &ends) == 0)
            printf("%s\t%s\t%s\t%s\n", id, made, used, ends);
    }
}

bool user_sessions(struct app *app, const char *name, bool end, GError **error)
{
    g_autofree char *now = NULL;
    const struct signin_whose whose = {.account = name};
    int count = 0;
    if (!begin(app, &now, error))
        return false;
    if (!end) {
        json_auto_t *rows = signin_session_list(app->db, &whose, now, error);
        if (rows)
            list_sessions(app, rows);
        return rows != NULL;
    }
    if (!signin_session_end_all(app->db, &whose, NULL, now, &count, error))
        return false;
    if (app->json)
        app_print_json(json_pack("{s:s, s:i}", "name", name, "ended", count));
    else
        printf("%s: %d\n", said(app, "已结束的会话", "sessions ended"), count);
    return true;
}

/* ---- Invitations */

static bool find_enterprise(struct app *app, const char *uscc, int agency_id, int64_t *id,
                            GError **error)
{
    g_autofree char *key = key_normal(kind_find("enterprise"), uscc, app->chinese, error);
    if (!key || !db_begin(app->db, DB_SERVICE, agency_id, error))
        return false;
    bool found = signin_enterprise_held(app->db, key, id, error);
    db_rollback(app->db);
    return found;
}

static char *sign(struct app *app, const char *link, GError **error)
{
    struct seal_key key;
    if (!sending_key(app, &key, error))
        return NULL;
    char *token = token_invite(&key, link, g_get_real_time() / G_USEC_PER_SEC + INVITATION_S);
    seal_key_clear(&key);
    return token;
}

static void show_link(struct app *app, const char *token, const char *ends_at)
{
    g_autofree char *site = app_setting(app, "public_url");
    g_autofree char *address =
        site ? g_strconcat(site, g_str_has_suffix(site, "/") ? "s/" : "/s/", token, NULL)
             : NULL;
    if (app->json)
        app_print_json(
            json_pack("{s:s, s:s?, s:s}", "token", token, "link", address, "ends_at", ends_at));
    else
        printf("%s\n", address ? address : token);
}

bool user_invite(struct app *app, const char *uscc, GError **error)
{
    g_autofree char *now = NULL, *ends_at = NULL, *link = g_uuid_string_random();
    struct signin_invitation invitation = {
        .link = link, .by = g_get_user_name(), .life_s = INVITATION_S};
    if (!begin(app, &now, error) || !app_agency(app, &invitation.agency_id, error) ||
        !find_enterprise(app, uscc, invitation.agency_id, &invitation.enterprise_id, error))
        return false;
    g_autofree char *token = sign(app, link, error);
    if (!token || !signin_link_add(app->db, &invitation, now, &ends_at, error))
        return false;
    show_link(app, token, ends_at);
    return true;
}
