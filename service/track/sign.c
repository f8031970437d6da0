#include "service/track/sign.h"
#include "service/common/keyfile.h"
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

void chain_next(const char *previous, const char *body, char out[DIGEST_HEX + 1])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)previous, -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)body, -1);
    g_strlcpy(out, g_checksum_get_string(sum), DIGEST_HEX + 1);
}
