/* token.h - the signed part of a link. That of a push: whoever has it may answer for the enterprise, that push alone, until the link
 * ends; while it is new, it may also sign the enterprise in, once. That of an invitation: it signs in, once. What was used is
 * not known here. Pure; the moment comes in. */
#pragma once
#include "service/push/seal.h"
#include <stdint.h>

enum { TOKEN_PUSH_LEN = 36, TOKEN_DAYS = 180, TOKEN_NEW_DAYS = 7 };

/* base64url of the push's id, the day when it ends, and 16 bytes of an HMAC under a key derived from the sealing one. The caller
 * frees. NULL: `push_id` is no UUID. */
char *token_make(const struct seal_key *key, const char *push_id, int64_t now_s);
/* The push that it is for. False: altered, of another key, or over. */
bool token_read(const struct seal_key *key, const char *token, int64_t now_s,
                char push_id[static TOKEN_PUSH_LEN + 1]);
/* The same, and the link is new: at most TOKEN_NEW_DAYS old. *day: the day when it ends, which tells it from others of the push. */
bool token_read_new(const struct seal_key *key, const char *token, int64_t now_s,
                    char push_id[static TOKEN_PUSH_LEN + 1], int64_t *day);

/* An invitation's: base64url of its id (a UUID), the second when it ends, and the HMAC under another key. The caller frees; NULL: no
 * UUID. */
char *token_invite(const struct seal_key *key, const char *id, int64_t ends_s);
bool token_read_invitation(const struct seal_key *key, const char *token, int64_t now_s,
                           char id[static TOKEN_PUSH_LEN + 1]);
