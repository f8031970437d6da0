#include "service/push/token.h"
#include <glib.h>
#include <sodium.h>
#include <string.h>

enum { ID = 16, DAY = 4, MAC = 16, ALL = ID + DAY + MAC, DAY_S = 86400 };
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char of_pushes[] = "patbridge answer links 1",
                  of_invitations[] = "patbridge invitations 1";

static void sign(const struct seal_key *key, const char *purpose, const unsigned char *bytes,
                 unsigned char *mac)
{
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

/* A day, or a second. */
static void put_end(unsigned char *bytes, uint32_t day)
{
    for (int i = 0; i < DAY; i++)
        bytes[i] = (unsigned char)(day >> (24 - 8 * i));
}

static uint32_t end_of(const unsigned char *bytes)
{
    uint32_t end = 0;
    for (int i = 0; i < DAY; i++)
        end = end << 8 | bytes[i];
    return end;
}

static char *make(const struct seal_key *key, const char *purpose, const char *id, uint32_t end)
{
    unsigned char bytes[ALL];
    size_t len = 0;
    char *text = g_malloc(sodium_base64_ENCODED_LEN(ALL, VARIANT));
    if (sodium_hex2bin(bytes, ID, id, strlen(id), "-", &len, NULL) != 0 || len != ID) {
        g_free(text);
        return NULL;
    }
    put_end(bytes + ID, end);
    sign(key, purpose, bytes, bytes + ID + DAY);
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

/* What a token holds, if it is one that was signed for this purpose. */
static bool open_token(const struct seal_key *key, const char *purpose, const char *token,
                       char id[static TOKEN_PUSH_LEN + 1], uint32_t *end_at)
{
    unsigned char bytes[ALL], mac[MAC];
    size_t len = 0;
    const char *end = NULL;
    if (sodium_base642bin(bytes, ALL, token, strlen(token), NULL, &len, &end, VARIANT) != 0 ||
        len != ALL || *end)
        return false;
    sign(key, purpose, bytes, mac);
    if (sodium_memcmp(mac, bytes + ID + DAY, MAC) != 0)
        return false;
    write_id(bytes, id);
    *end_at = end_of(bytes + ID);
    return true;
}

char *token_make(const struct seal_key *key, const char *push_id, int64_t now_s)
{
    return make(key, of_pushes, push_id, (uint32_t)(now_s / DAY_S + TOKEN_DAYS));
}

bool token_read(const struct seal_key *key, const char *token, int64_t now_s,
                char push_id[static TOKEN_PUSH_LEN + 1])
{
    uint32_t end;
    return open_token(key, of_pushes, token, push_id, &end) && end >= (uint32_t)(now_s / DAY_S);
}

bool token_read_new(const struct seal_key *key, const char *token, int64_t now_s,
                    char push_id[static TOKEN_PUSH_LEN + 1], int64_t *day)
{
    uint32_t end;
    if (!open_token(key, of_pushes, token, push_id, &end))
        return false;
    *day = end;
    return *day - TOKEN_DAYS + TOKEN_NEW_DAYS >= now_s / DAY_S;
}

char *token_invite(const struct seal_key *key, const char *id, int64_t ends_s)
{
    return make(key, of_invitations, id, (uint32_t)ends_s);
}

bool token_read_invitation(const struct seal_key *key, const char *token, int64_t now_s,
                           char id[static TOKEN_PUSH_LEN + 1])
{
    uint32_t end;
    return open_token(key, of_invitations, token, id, &end) && end > now_s;
}
