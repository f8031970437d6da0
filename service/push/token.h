/* token.h - the signed part of a link that answers a push: whoever has it may answer for the enterprise, that push alone, until the
 * link ends. Pure; the moment comes in. */
#pragma once
#include "service/push/seal.h"
#include <stdint.h>

enum { TOKEN_PUSH_LEN = 36, TOKEN_DAYS = 180 };

/* base64url of the push's id, the day when it ends, and 16 bytes of an HMAC under a key derived from the sealing one. The caller
 * frees. NULL: `push_id` is no UUID. */
char *token_make(const struct seal_key *key, const char *push_id, int64_t now_s);
/* The push that it is for. False: altered, of another key, or over. */
bool token_read(const struct seal_key *key, const char *token, int64_t now_s,
                char push_id[static TOKEN_PUSH_LEN + 1]);
