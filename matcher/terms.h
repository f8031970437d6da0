/* terms.h - text into the terms that are compared.
 *
 * The text is taken as if NFKC-normalised, in lower case and in simplified characters (simplified.h). Terms are of two kinds, counted apart from each other (index.h):
 *   TERM_PAIR  of a run of Han characters (kana and Hangul too) each two neighbours: 发泡鞋底 -> 发泡 泡鞋 鞋底; a lone one
 *              stays. A run of letters and digits as it is: "PU-201a" gives pu, 201a (other alphabets than Latin too). A decimal number is one:
 *              0.4; a number and its unit of two letters or more are two, with a blank between or without: 3.5mm gives 3.5, mm.
 *   TERM_WORD  of the same run of Han the words of a dictionary (dictionary.h): 发泡 鞋底. A run of letters cut back to its
 *              stem, as English goes (Snowball): "bonded", "bonding" and "bonds" give bond; other runs as they are.
 * Everything else parts the runs, except marks and invisible format characters, which do not.
 * Every term says where it stands in the text AS WRITTEN, so that a reason can show the writer's own words:
 *
 *     ＥＶＡ发泡          -> eva (bytes 0-9), 发泡 (9-15)
 *
 * Bytes that are not UTF-8 act as a blank: nothing is refused here and no span begins or ends inside a character.
 * Pure: no I/O, no locale, no globals. */
#pragma once
#include "matcher/dictionary.h"

enum term_kind { TERM_PAIR, TERM_WORD, TERM_KINDS };

struct term {
    uint64_t
        hash; /* XXH3-64 of the normalised term and its kind; who shares it is taken for one */
    uint32_t start; /* first byte in the text as written */
    uint32_t len;   /* bytes; neighbouring pairs of Han characters overlap by one character */
    uint8_t kind;   /* enum term_kind */
};

/* What reading needs; for one thread. Without a dictionary (NULL) there are no words of Han: only pairs. The dictionary must
 * outlive it. */
struct terms_reader *terms_reader_new(const struct dictionary *dictionary);
void terms_reader_free(struct terms_reader *reader);

/* Appends the terms of text[0..len) to `out`, a GArray of struct term; those of a kind in the order they stand. Text beyond
 * 4 GB is not read. */
void terms_read(struct terms_reader *reader, const char *text, size_t len, GArray *out);

/* Chinese characters, kana and Hangul: what is written without blanks. */
bool terms_is_han(gunichar c);

/* The hash of a token (a pair) that somebody else has cut, and of a place in a classification ("G06F 17/30"): never the same number
 * for the same bytes. */
uint64_t terms_hash_token(const char *token, size_t len);
uint64_t terms_hash_place(const char *place);
