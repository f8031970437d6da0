#include "service/common/password.h"
#include "service/common/totp.h"
#include "service/daemon/caller.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/signin.h"
#include "sql/credential.h"
#include <sodium.h>
#include <string.h>

static bool wrong(GError **error, enum api_error code, const char *text)
{
    g_set_error_literal(error, API_ERROR, (int)code, text);
    return false;
}

static bool check_session(const struct call *call, GError **error)
{
    return call->who.session ||
           wrong(error, API_CONFLICT, "a key has no password and no codes");
}

/* A hash, or API_WRONG: it can't be a password; API_BUSY. The caller frees. */
static char *hash_of(const char *password, const char *name, GError **error)
{
    g_autoptr(GError) why = NULL;
    char *hash = password_check(password, name, &why) ? password_hash(password, &why) : NULL;
    if (!hash)
        wrong(error,
              g_error_matches(why, PASSWORD_ERROR, PASSWORD_ERROR_BUSY) ? API_BUSY : API_WRONG,
              why->message);
    return hash;
}

/* That whoever has the session also has the password. */
static bool prove(struct call *call, struct proof *proof, GError **error)
{
    const char *password;
    *proof = (struct proof){0};
    return leads_text(call, "password", true, &password, error) &&
           proof_take(call, call->who.account, password, proof, error) &&
           signin_proved(call->db, &proof->from, error);
}

/* ---- The password */

static bool set_password(struct call *call, const struct proof *proof, const char *fresh,
                         GError **error)
{
    g_autofree char *hash = hash_of(fresh, call->who.account, error);
    const struct credential wanted = {
        .account = call->who.account,
        .hash = hash,
        .before = json_string_value(json_object_get(proof->row, "password_hash")),
        .keep = call->who.key_id,
        .reason = "password changed"};
    return hash && credential_set(call->db, &wanted, proof->now, error);
}

static bool change(struct call *call, GError **error)
{
    const char *fresh;
    struct proof proof;
    bool done = prove(call, &proof, error) &&
                leads_text(call, "new_password", true, &fresh, error) &&
                set_password(call, &proof, fresh, error);
    proof_clear(&proof);
    return done;
}

/* An enterprise that came by a link. */
static bool first(struct call *call, GError **error)
{
    const char *name, *fresh;
    g_autofree char *now = db_clock(call->db, error);
    if (!now || !leads_text(call, "name", true, &name, error) ||
        !leads_text(call, "new_password", true, &fresh, error))
        return false;
    if (!signin_is_name(name))
        return wrong(error, API_WRONG, "a name has 1 to 64 bytes, and neither / nor :");
    g_autofree char *hash = hash_of(fresh, name, error);
    const struct credential_first wanted = {.session = call->who.key_id,
                                            .name = name,
                                            .hash = hash,
                                            .agency_id = call->who.agency_id,
                                            .enterprise_id = call->who.enterprise_id};
    return hash && credential_first(call->db, &wanted, now, error);
}

bool session_password(struct call *call, GError **error)
{
    if (!check_session(call, error) ||
        !signin_signed(call, *call->who.account ? change : first, error))
        return false;
    call_json(call, 200, json_pack("{s:b}", "changed", 1), NULL);
    return true;
}

/* ---- One-time codes */

static bool check_account(const struct call *call, GError **error)
{
    return check_session(call, error) &&
           (*call->who.account ||
            wrong(error, API_CONFLICT, "there is no account: make one by a password"));
}

static GBytes *seal(struct call *call, const char *secret, GError **error)
{
    struct seal_key key;
    if (!caller_key(call, &key, error))
        return NULL;
    GBytes *sealed = seal_close(&key, secret, strlen(secret));
    seal_key_clear(&key);
    return sealed;
}

static bool offer_secret(struct call *call, const struct proof *proof, GError **error)
{
    if (json_is_true(json_object_get(proof->row, "totp")))
        return wrong(error, API_CONFLICT, "codes are asked for already: remove them first");
    g_autofree char *secret = totp_make();
    g_autofree char *address = totp_address(secret, call->who.account);
    GBytes *sealed = seal(call, secret, error);
    bool done = sealed && credential_totp(call->db, call->who.account, 0, sealed, false,
                                          proof->now, error);
    if (sealed)
        g_bytes_unref(sealed);
    if (done)
        call_json(call, 200,
                  json_pack("{s:b, s:s, s:s}", "on", 0, "secret", secret, "uri", address),
                  NULL);
    return done;
}

static bool offer(struct call *call, GError **error)
{
    struct proof proof;
    bool done = prove(call, &proof, error) && offer_secret(call, &proof, error);
    proof_clear(&proof);
    return done;
}

/* By a code of the app that has it: a secret that was never read in locks nobody out. */
static bool confirm_with(struct call *call, struct proof *proof, const char *code,
                         GError **error)
{
    int64_t step;
    bool taken = false;
    proof->now = db_clock(call->db, error);
    proof->row = proof->now ? signin_read(call->db, call->who.account, error) : NULL;
    if (!proof->row || !proof_code(call, proof, code, &step, error))
        return false;
    if (step &&
        !credential_totp_confirm(call->db, call->who.account, step, proof->now, &taken, error))
        return false;
    return taken || wrong(error, API_SIGN_IN, "the code is not right, or was taken before");
}

static bool confirm(struct call *call, GError **error)
{
    const char *code = json_string_value(json_object_get(call->body, "code"));
    struct proof proof = {0};
    bool done = confirm_with(call, &proof, code, error);
    proof_clear(&proof);
    if (done)
        call_json(call, 200, json_pack("{s:b}", "on", 1), NULL);
    return done;
}

bool session_totp(struct call *call, GError **error)
{
    bool by_code = json_is_string(json_object_get(call->body, "code"));
    return check_account(call, error) && signin_signed(call, by_code ? confirm : offer, error);
}

static bool take_off(struct call *call, GError **error)
{
    struct proof proof;
    bool done = prove(call, &proof, error) &&
                credential_totp(call->db, call->who.account, 0, NULL, false, proof.now, error);
    proof_clear(&proof);
    if (done)
        call_json(call, 200, json_pack("{s:b}", "on", 0), NULL);
    return done;
}

bool session_totp_remove(struct call *call, GError **error)
{
    return check_account(call, error) && signin_signed(call, take_off, error);
}
