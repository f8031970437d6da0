/* stamp.h - time-stamps of a third party (RFC 3161) on a snapshot: an authority signs that the digest was there at its time.
 *
 * What is stamped is the digest's 64 hexadecimal digits as text, by their SHA-256, as the snapshot's own signature is over them:
 * `openssl ts -verify -data FILE_OF_64_DIGITS -in ANSWER -CAfile CA` says the same. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Asks the authority at `url` (http or https; libcurl) for a time-stamp of the digest, and checks that the answer is one to this very
 * question: granted, over these digits, with its nonce. base64 of the answer; NULL with error. The caller frees. */
char *stamp_fetch(const char *url, const char *digest, GError **error);

/* What is wrong with an answer (base64) as a time-stamp of this digest; NULL: nothing. `ca`: a file of certificates (PEM) to one of
 * which the authority's must lead, valid at the time of the stamp for stamping; NULL: whose signature it is is not asked. *time gets
 * the authority's time, "2026-03-01T08:00:00Z". The caller frees both. */
char *stamp_trouble(const char *answer, const char *digest, const char *ca, char **time);
