#include "service/track/sign.h"
#include "service/common/keyfile.h"
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

const char digest_of_nothing[DIGEST_HEX + 1] =
    "0000000000000000000000000000000000000000000000000000000000000000";

bool sign_key_load(const char *file, struct sign_key *out, GError **error)
{
    unsigned char seed[KEYFILE_BYTES], public[crypto_sign_PUBLICKEYBYTES];
    if (!keyfile_load(file, seed, error))
        return false;
    crypto_sign_seed_keypair(public, out->secret, seed);
    sodium_bin2hex(out->public_hex, sizeof out->public_hex, public, sizeof public);
    sodium_memzero(seed, sizeof seed);
    return true;
}

void sign_key_clear(struct sign_key *key)
{
    sodium_memzero(key, sizeof *key);
}

void sign_text(const struct sign_key *key, const char *text, char out[SIGNATURE_HEX + 1])
{
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text),
                         key->secret);
    sodium_bin2hex(out, SIGNATURE_HEX + 1, signature, sizeof signature);
}

static bool read_hex(const char *text, unsigned char *out, size_t len)
{
    size_t got = 0;
    return sodium_hex2bin(out, len, text, strlen(text), NULL, &got, NULL) == 0 && got == len;
}

bool sign_is_of(const char *public_hex, const char *text, const char *signature)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], bytes[crypto_sign_BYTES];
    return sodium_init() >= 0 && read_hex(public_hex, public, sizeof public) &&
           read_hex(signature, bytes, sizeof bytes) &&
           crypto_sign_verify_detached(bytes, (const unsigned char *)text, strlen(text),
                                       public) == 0;
}

/* One context for each thread: making one costs more than a line's digest. */
static void free_context(gpointer context)
{
    EVP_MD_CTX_free(context);
}
static GPrivate context_of_thread = G_PRIVATE_INIT(free_context);

static EVP_MD_CTX *begin_digest(void)
{
    EVP_MD_CTX *context = g_private_get(&context_of_thread);
    bool begun = context && EVP_DigestInit_ex2(context, NULL, NULL) == 1;
    if (!context) {
        context = EVP_MD_CTX_new();
        g_private_set(&context_of_thread, context);
        begun = EVP_DigestInit_ex2(context, EVP_sha256(), NULL) == 1;
    }
    g_assert(begun);
    return context;
}

void chain_next(const char *previous, const char *body, char out[DIGEST_HEX + 1])
{
    unsigned char digest[DIGEST_HEX / 2];
    EVP_MD_CTX *context = begin_digest();
    bool done = EVP_DigestUpdate(context, previous, strlen(previous)) == 1 &&
                EVP_DigestUpdate(context, "\n", 1) == 1 &&
                EVP_DigestUpdate(context, body, strlen(body)) == 1 &&
                EVP_DigestFinal_ex(context, digest, NULL) == 1;
    g_assert(done);
    sodium_bin2hex(out, DIGEST_HEX + 1, digest, sizeof digest);
}
