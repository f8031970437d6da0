#include "service/common/password.h"
#include "service/common/totp.h"
#include "service/daemon/caller.h"
#include "service/daemon/leads.h"
#include "service/daemon/signin.h"
#include <sodium.h>
#include <string.h>

void proof_clear(struct proof *proof)
{
    g_free(proof->digest);
    g_free(proof->both);
    g_free(proof->address);
    g_free(proof->now);
    json_decref(proof->row);
}

/* Digests of the name, the address, and both: what is typed as a name may be a password. */
static bool digest(struct call *call, const char *name, struct proof *proof, GError **error)
{
    g_autofree char *address = caller_address(call, true);
    g_autofree char *of_name = g_strconcat("sign-in name ", name, NULL);
    g_autofree char *of_address = g_strconcat("sign-in address ", address, NULL);
    g_autofree char *of_both = g_strconcat("sign-in both ", address, " ", name, NULL);
    struct seal_key key;
    if (!caller_key(call, &key, error))
        return false;
    proof->digest = caller_digest(&key, of_name);
    proof->both = caller_digest(&key, of_both);
    proof->address = *address ? caller_digest(&key, of_address) : g_strdup("");
    seal_key_clear(&key);
    proof->from = (struct signin_from){name, proof->digest, proof->address, proof->both};
    return true;
}

static bool count(struct call *call, struct proof *proof, GError **error)
{
    int wait_s = 0;
    if (!signin_take(call->db, &proof->from, proof->now, &wait_s, error))
        return false;
    if (wait_s == 0)
        return true;
    call->answer->retry_after_s = wait_s;
    g_set_error(error, API_ERROR, API_LATER, "it failed too often: try again in %d seconds",
                wait_s);
    return false;
}

/* Where too many are at it, nothing was looked at, and nothing is counted. */
static bool is_right(struct call *call, const struct proof *proof, const char *password,
                     bool *right, GError **error)
{
    const char *hash = json_string_value(json_object_get(proof->row, "password_hash"));
    g_autoptr(GError) why = NULL;
    if (password_verify(password, hash, right, &why))
        return true;
    if (signin_untake(call->db, &proof->from, error))
        g_set_error_literal(error, API_ERROR, API_BUSY, why->message);
    return false;
}

bool proof_fail(struct call *call, const struct proof *proof, const char *account,
                GError **error)
{
    if (!signin_fail(call->db, account, proof->now, error))
        return false;
    g_set_error_literal(error, API_ERROR, API_SIGN_IN,
                        "the name, the password or the code is not right");
    return false;
}

/* An account that may not come in takes as long as one that may. */
bool proof_take(struct call *call, const char *name, const char *password, struct proof *proof,
                GError **error)
{
    bool right = false;
    *proof = (struct proof){0};
    if (strlen(name) > NAME_MOST || strlen(password) > PASSWORD_MOST) {
        g_set_error_literal(error, API_ERROR, API_WRONG,
                            "the name or the password is too long");
        return false;
    }
    proof->now = db_clock(call->db, error);
    if (!proof->now || !digest(call, name, proof, error) || !count(call, proof, error))
        return false;
    proof->row = signin_read(call->db, name, error);
    if (!proof->row || !is_right(call, proof, password, &right, error))
        return false;
    return right || proof_fail(call, proof, json_is_object(proof->row) ? name : NULL, error);
}

static bool open_secret(struct call *call, const json_t *row,
                        unsigned char secret[static TOTP_SECRET_BYTES], GError **error)
{
    const char *hex = json_string_value(json_object_get(row, "totp_sealed"));
    struct seal_key key;
    if (!hex) {
        g_set_error_literal(error, API_ERROR, API_CONFLICT, "there is no secret of codes");
        return false;
    }
    if (!caller_key(call, &key, error))
        return false;
    char *text = seal_open_hex(&key, hex, error);
    seal_key_clear(&key);
    bool read = text && totp_read(text, secret);
    if (text)
        sodium_memzero(text, strlen(text));
    if (text && !read)
        g_set_error_literal(error, API_ERROR, API_INTERNAL, "a secret of codes is none");
    g_free(text);
    return read;
}

bool proof_code(struct call *call, const struct proof *proof, const char *code, int64_t *step,
                GError **error)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    if (!open_secret(call, proof->row, secret, error))
        return false;
    *step = totp_find(secret, sizeof secret, code, g_get_real_time() / G_USEC_PER_SEC);
    sodium_memzero(secret, sizeof secret);
    return true;
}

bool signin_signed(struct call *call, bool (*work)(struct call *call, GError **error),
                   GError **error)
{
    g_autofree char *by = leads_by(call);
    db_sign(call->db, by, g_get_user_name());
    bool done = work(call, error);
    db_rollback(call->db);
    db_sign(call->db, NULL, g_get_user_name());
    return done;
}

bool signin_is_name(const char *name)
{
    size_t len = strlen(name);
    for (const char *c = name; *c; c += g_utf8_skip[(guchar)*c])
        if (!g_unichar_isprint(g_utf8_get_char(c)) || strchr("/:", *c))
            return false;
    return len > 0 && len <= NAME_MOST && !g_ascii_isspace(name[0]) &&
           !g_ascii_isspace(name[len - 1]);
}
