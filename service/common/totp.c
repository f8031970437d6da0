#include "service/common/totp.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_code(const unsigned char *secret, size_t len, int64_t step, int digits,
               char out[static 9])
{
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0, modulus = 1;
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, (int)len, counter, sizeof counter, mac, &mac_len))
        g_error("libcrypto has no HMAC-SHA-1");
    unsigned at = mac[mac_len - 1] & 15; /* dynamic truncation */
    unsigned value = (unsigned)(mac[at] & 0x7f) << 24 | (unsigned)mac[at + 1] << 16 |
                     (unsigned)mac[at + 2] << 8 | mac[at + 3];
    for (int i = 0; i < digits; i++)
        modulus *= 10;
    g_snprintf(out, 9, "%0*u", digits, value % modulus);
}

/* Six digits, without the blanks that apps show between them. */
static bool read_digits(const char *text, char out[static TOTP_DIGITS + 1])
{
    int count = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (!g_ascii_isdigit(*text) || count == TOTP_DIGITS)
            return false;
        out[count++] = *text;
    }
    out[count] = 0;
    return count == TOTP_DIGITS;
}

int64_t totp_find(const unsigned char *secret, size_t len, const char *text, int64_t now_s)
{
    char typed[TOTP_DIGITS + 1], code[9];
    int64_t now = now_s / TOTP_STEP_S, found = 0;
    if (!read_digits(text, typed))
        return 0;
    for (int64_t step = now - 1; step <= now + 1; step++) { /* all three, however it ends */
        totp_code(secret, len, step, TOTP_DIGITS, code);
        if (sodium_memcmp(code, typed, TOTP_DIGITS) == 0)
            found = step;
    }
    return found;
}

char *totp_make(void)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    GString *text = g_string_new(NULL);
    unsigned bits = 0, held = 0;
    randombytes_buf(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        held = held << 8 | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5)
            g_string_append_c(text, base32[held >> (bits - 5) & 31]);
    }
    sodium_memzero(bytes, sizeof bytes);
    return g_string_free(text, FALSE);
}

bool totp_read(const char *secret, unsigned char out[static TOTP_SECRET_BYTES])
{
    size_t len = 0;
    unsigned bits = 0, held = 0;
    for (; *secret; secret++) {
        const char *letter = strchr(base32, *secret);
        if (!letter)
            return false;
        held = held << 5 | (unsigned)(letter - base32);
        bits += 5;
        if (bits < 8)
            continue;
        if (len == TOTP_SECRET_BYTES)
            return false;
        bits -= 8;
        out[len++] = (unsigned char)(held >> bits);
    }
    return len == TOTP_SECRET_BYTES && bits == 0;
}

char *totp_address(const char *secret, const char *name)
{
    g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("otpauth://totp/PatBridge:%s?secret=%s&issuer=PatBridge", escaped,
                           secret);
}
