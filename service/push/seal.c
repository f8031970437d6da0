#include "service/push/seal.h"
#include "service/common/keyfile.h"
#include <sodium.h>

G_DEFINE_QUARK(patbridge - seal - error, seal_error)

G_STATIC_ASSERT((int)SEAL_KEY_BYTES == (int)crypto_secretbox_KEYBYTES);
G_STATIC_ASSERT((int)SEAL_KEY_BYTES == (int)KEYFILE_BYTES);

bool seal_key_load(const char *file, struct seal_key *out, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (keyfile_load(file, out->bytes, &why))
        return true;
    g_set_error_literal(error, SEAL_ERROR, SEAL_ERROR_KEY, why->message);
    return false;
}

void seal_key_clear(struct seal_key *key)
{
    sodium_memzero(key, sizeof *key);
}

GBytes *seal_close(const struct seal_key *key, const char *secret, size_t len)
{
    size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len;
    unsigned char *sealed = g_malloc(size);
    randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, (const unsigned char *)secret,
                          len, sealed, key->bytes);
    return g_bytes_new_take(sealed, size);
}

char *seal_open(const struct seal_key *key, const unsigned char *sealed, size_t len,
                GError **error)
{
    size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    char *text = len >= around ? g_malloc0(len - around + 1) : NULL;
    if (text &&
        crypto_secretbox_open_easy((unsigned char *)text, sealed + crypto_secretbox_NONCEBYTES,
                                   len - crypto_secretbox_NONCEBYTES, sealed, key->bytes) == 0)
        return text;
    g_free(text);
    g_set_error(error, SEAL_ERROR, SEAL_ERROR_OPEN,
                "could not open a sealed secret: it was altered, or sealed under another key");
    return NULL;
}

char *seal_open_hex(const struct seal_key *key, const char *hex, GError **error)
{
    size_t len = 0;
    g_autoptr(GByteArray) sealed = g_byte_array_new();
    g_byte_array_set_size(sealed, (guint)strlen(hex) / 2);
    if (sodium_hex2bin(sealed->data, sealed->len, hex, strlen(hex), NULL, &len, NULL) != 0)
        len = 0;
    return seal_open(key, sealed->data, len, error);
}
