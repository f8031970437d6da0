/* pack.h - answers compressed by gzip, where the reader takes that and it is worth the time. */
#pragma once
#include "service/http/exchange.h"

enum { PACK_LEAST = 1024 }; /* bytes; shorter answers fit into one packet anyway */

/* Whether an Accept-Encoding header takes a coding, "gzip" or "br" (RFC 9110, 12.5.3: with a q of 0 it does not). */
bool pack_is_taken(const char *accept_encoding, const char *coding);
/* What gzip made into these bytes, `size` of them. The caller frees. */
GString *pack_undo(const unsigned char *packed, size_t len, size_t size);
/* Compresses the body of an answer that may be. An ETag gets "-gzip" at its end: another coding, another tag. */
void pack_answer(const struct request *request, struct answer *answer);
