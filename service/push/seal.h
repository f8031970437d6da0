/* seal.h - secrets at rest: libsodium's secretbox under a key that lies in a file of its own, never in the database.
 *
 * The file holds the key as 64 hexadecimal digits and may be read by its owner alone. A sealed secret is the nonce, then the
 * box. Losing the file loses the secrets: they are then added again. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum seal_error { SEAL_ERROR_KEY, SEAL_ERROR_OPEN };
#define SEAL_ERROR seal_error_quark()
GQuark seal_error_quark(void);

enum { SEAL_KEY_BYTES = 32 };
struct seal_key {
    unsigned char bytes[SEAL_KEY_BYTES];
};

/* Reads the key; makes it where there is none (also when two do so at once: both get the same). Refuses a file that others may
 * read. */
bool seal_key_load(const char *file, struct seal_key *out, GError **error);
void seal_key_clear(struct seal_key *key);

/* Seals bytes. The caller frees (g_bytes_unref). */
GBytes *seal_close(const struct seal_key *key, const char *secret, size_t len);
/* Opens them; the text is the caller's. SEAL_ERROR_OPEN: altered, or sealed under another key. */
char *seal_open(const struct seal_key *key, const unsigned char *sealed, size_t len,
                GError **error);
/* The same of hexadecimal digits. */
char *seal_open_hex(const struct seal_key *key, const char *hex, GError **error);
