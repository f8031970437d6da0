#include "service/common/password.h"
#include <pthread.h>
#include <sodium.h>
#include <string.h>

G_DEFINE_QUARK(patbridge - password - error, password_error)

#define OPS    crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEMORY crypto_pwhash_MEMLIMIT_INTERACTIVE

/* ---- What may be one */

static bool bad(GError **error, const char *why)
{
    g_set_error_literal(error, PASSWORD_ERROR, PASSWORD_ERROR_BAD, why);
    return false;
}

static bool is_one_character(const char *text)
{
    size_t len = (size_t)g_utf8_skip[(guchar)*text];
    for (const char *c = text; *c; c += len)
        if (g_utf8_get_char(c) != g_utf8_get_char(text)) /* else it is as long */
            return false;
    return true;
}

bool password_check(const char *password, const char *name, GError **error)
{
    if (!g_utf8_validate(password, -1, NULL))
        return bad(error, "a password is text");
    if (g_utf8_strlen(password, -1) < PASSWORD_LEAST)
        return bad(error, "a password has at least 10 characters");
    if (strlen(password) > PASSWORD_MOST)
        return bad(error, "a password has at most 256 bytes");
    g_autofree char *folded = g_utf8_casefold(password, -1);
    g_autofree char *folded_name = g_utf8_casefold(name, -1);
    if (is_one_character(password) || g_str_equal(folded, folded_name))
        return bad(error, "a password is not the name, nor one character again and again");
    return true;
}

/* ---- Taking turns */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static int working, waiting;

static bool begin(GError **error)
{
    pthread_mutex_lock(&lock);
    bool may = working < PASSWORDS_AT_ONCE || waiting < PASSWORDS_WAITING;
    waiting += may;
    while (may && working >= PASSWORDS_AT_ONCE)
        pthread_cond_wait(&turn, &lock);
    waiting -= may;
    working += may;
    pthread_mutex_unlock(&lock);
    if (!may)
        g_set_error_literal(error, PASSWORD_ERROR, PASSWORD_ERROR_BUSY,
                            "too many sign in at this moment; try again in some seconds");
    return may;
}

static void end(void)
{
    pthread_mutex_lock(&lock);
    working--;
    pthread_cond_signal(&turn);
    pthread_mutex_unlock(&lock);
}

/* ---- Argon2id */

/* However a keyboard writes it, it is the same text. The caller frees; its bytes are to be wiped. */
static char *normal(const char *password)
{
    return g_utf8_normalize(password, -1, G_NORMALIZE_NFKC);
}

static void wipe(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

/* Out of memory ends the process, as everywhere. */
static char *hash_of(const char *text)
{
    char *hash = g_malloc(crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, text, strlen(text), OPS, MEMORY) != 0)
        g_error("no memory for a password's hash");
    return hash;
}

char *password_hash(const char *password, GError **error)
{
    char *text = normal(password), *hash = NULL;
    if (!text) {
        bad(error, "a password is text");
        return NULL;
    }
    if (begin(error)) {
        hash = hash_of(text);
        end();
    }
    wipe(text);
    return hash;
}

/* Of 32 random bytes that nobody kept, with the parameters above: what is compared with where there is no hash. */
static const char nobodys[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=65536,t=2,p=1$vLa1NQWAD6XPKeYY+SQLaw$"
    "I4/GmPWvCTyg18GPH7YCx0mRnLyuBHEPJyfdrULkyd0";

bool password_verify(const char *password, const char *hash, bool *right, GError **error)
{
    char *text = normal(password);
    *right = false;
    if (!begin(error)) {
        wipe(text);
        return false;
    }
    bool same = crypto_pwhash_str_verify(hash ? hash : nobodys, text ? text : "",
                                         text ? strlen(text) : 0) == 0;
    end();
    *right = same && hash && text;
    wipe(text);
    return true;
}

bool password_is_old(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, OPS, MEMORY) != 0;
}

char *password_make(void)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* no two alike */
    enum { LEN = 23 };
    char *text = g_malloc(LEN + 1);
    for (int i = 0; i < LEN; i++)
        text[i] = i % 6 == 5 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    text[LEN] = 0;
    return text;
}
