/* sign.h - Ed25519 signatures over digests (libsodium), and SHA-256 in hexadecimal. Keys, digests and signatures travel as
 * hexadecimal text. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_HEX = 64, PUBLIC_HEX = 64, SIGNATURE_HEX = 128 };

/* What stands in front of the first digest of a chain. */
extern const char digest_of_nothing[DIGEST_HEX + 1];

typedef struct sign_key {
    unsigned char secret[64];
    char public_hex[PUBLIC_HEX + 1];
} sign_key_t;

/* The key that a file's 32 bytes are the seed of; made where there is none (service/common/keyfile.h). */
bool sign_key_load(const char *file, struct sign_key *out, GError **error);
void sign_key_clear(struct sign_key *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sign_key_t, sign_key_clear)

/* Signs a text. */
void sign_text(const struct sign_key *key, const char *text, char out[SIGNATURE_HEX + 1]);
/* True when `signature` over the text was made with the key of `public_hex`. */
bool sign_is_of(const char *public_hex, const char *text, const char *signature);

/* SHA-256 of `previous`, a line feed, and `body`: the next link of a chain. */
void chain_next(const char *previous, const char *body, char out[DIGEST_HEX + 1]);
