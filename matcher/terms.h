/* terms.h - text into the terms that are compared.
 *
 * The text is taken as if NFKC-normalised and in lower case. Then
 *   - a run of letters and digits is one term: "PU-201a" gives pu, 201a (other alphabets than Latin too: "α" is a term);
 *   - a run of Han characters (kana and Hangul too) gives each two neighbours: 发泡鞋底 -> 发泡 泡鞋 鞋底; a lone one stays;
 *   - everything else parts the runs, except marks and invisible format characters, which do not.
 * Every term says where it stands in the text AS WRITTEN, so that a reason can show the writer's own words:
 *
 *     ＥＶＡ发泡          -> eva (bytes 0-9), 发泡 (9-15)
 *
 * Bytes that are not UTF-8 act as a blank: nothing is refused here and no span begins or ends inside a character.
 * Pure: no I/O, no locale, no globals. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct term {
    uint64_t hash;  /* XXH3-64 of the normalised term; who shares it is taken for one */
    uint32_t start; /* first byte in the text as written */
    uint32_t len;   /* bytes; neighbouring pairs of Han characters overlap by one character */
};

/* Appends the terms of text[0..len) to `out`, a GArray of struct term, in the order they stand. Text beyond 4 GB is not read. */
void terms_read(const char *text, size_t len, GArray *out);

/* The hash of a token that somebody else has cut, and of a place in a classification ("G06F 17/30"): never the same number
 * for the same bytes. */
uint64_t terms_hash_token(const char *token, size_t len);
uint64_t terms_hash_place(const char *place);
