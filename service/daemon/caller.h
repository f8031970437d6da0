/* caller.h - where a request comes from, as far as the proxy says, and keyed digests of what shall not be kept as it is. */
#pragma once
#include "service/http/api.h"
#include "service/push/seal.h"

/* The sealing key, of the setting key_file. The caller clears it. */
bool caller_key(const struct call *call, struct seal_key *key, GError **error);

/* The address that the proxy speaks for; of IPv6 with `network` only the 64 bits that are one household's. "": none was said, or it
 * was no address. The caller frees. */
char *caller_address(const struct call *call, bool network);

/* HMAC-SHA-256 of a text under that key. The caller frees. */
char *caller_digest(const struct seal_key *key, const char *text);

/* A keyed digest of the address that the proxy speaks for: enough to see that two were one, too little to know whose. NULL where
 * none, or no address, was said. The caller frees. */
char *caller_mark(const struct call *call);
