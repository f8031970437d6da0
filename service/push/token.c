#include "service/push/token.h"
#include <glib.h>
#include <sodium.h>
#include <string.h>

enum { ID = 16, DAY = 4, MAC = 16, ALL = ID + DAY + MAC, DAY_S = 86400 };
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static void sign(const struct seal_key *key, const unsigned char *bytes, unsigned char *mac)
{
    static const char purpose[] = "patbridge answer links 1";
    unsigned char derived[32], whole[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_generichash(derived, sizeof derived, (const unsigned char *)purpose, strlen(purpose),
                       key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha256_init(&state, derived, sizeof derived);
    crypto_auth_hmacsha256_update(&state, bytes, ID + DAY);
    crypto_auth_hmacsha256_final(&state, whole);
    memcpy(mac, whole, MAC);
    sodium_memzero(derived, sizeof derived);
}

static void put_day(unsigned char *bytes, uint32_t day)
{
    for (int i = 0; i < DAY; i++)
        bytes[i] = (unsigned char)(day >> (24 - 8 * i));
}

char *token_make(const struct seal_key *key, const char *push_id, int64_t now_s)
{
    unsigned char bytes[ALL];
    size_t len = 0;
    char *text = g_malloc(sodium_base64_ENCODED_LEN(ALL, VARIANT));
    if (sodium_hex2bin(bytes, ID, push_id, strlen(push_id), "-", &len, NULL) != 0 ||
        len != ID) {
        g_free(text);
        return NULL;
    }
    put_day(bytes + ID, (uint32_t)(now_s / DAY_S + TOKEN_DAYS));
    sign(key, bytes, bytes + ID + DAY);
    return sodium_bin2base64(text, sodium_base64_ENCODED_LEN(ALL, VARIANT), bytes, ALL,
                             VARIANT);
}

static void write_id(const unsigned char *bytes, char *out)
{
    for (int i = 0; i < ID; i++) {
        g_snprintf(out, 3, "%02x", bytes[i]);
        out += 2;
        if (i == 3 || i == 5 || i == 7 || i == 9)
            *out++ = '-';
    }
    *out = '\0';
}

bool token_read(const struct seal_key *key, const char *token, int64_t now_s,
                char push_id[static TOKEN_PUSH_LEN + 1])
{
    unsigned char bytes[ALL], mac[MAC], today[DAY];
    size_t len = 0;
    const char *end = NULL;
    if (sodium_base642bin(bytes, ALL, token, strlen(token), NULL, &len, &end, VARIANT) != 0 ||
        len != ALL || *end)
        return false;
    sign(key, bytes, mac);
    put_day(today, (uint32_t)(now_s / DAY_S));
    if (sodium_memcmp(mac, bytes + ID + DAY, MAC) != 0 || memcmp(bytes + ID, today, DAY) < 0)
        return false;
    write_id(bytes, push_id);
    return true;
}
