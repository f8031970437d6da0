#include "matcher/terms.h"

#include <stdbool.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum run { RUN_NONE, RUN_WORD, RUN_HAN };
enum kind { KIND_BREAK, KIND_WORD, KIND_HAN, KIND_MARK };

static const uint64_t PLACE_SEED = 0x43504349; /* any number but 0 */

struct reader {
    GArray *out;
    GString *word; /* the word so far, normalised */
    enum run run;
    size_t start;  /* where the word, or the last Han character, begins */
    size_t end;    /* and ends */
    gunichar last; /* the last Han character */
    bool alone;    /* it is the first of its run */
};

uint64_t terms_hash_token(const char *token, size_t len)
{
    return XXH3_64bits(token, len);
}

uint64_t terms_hash_place(const char *place)
{
    return XXH3_64bits_withSeed(place, strlen(place), PLACE_SEED);
}

static void emit(struct reader *r, const char *bytes, size_t len, size_t start, size_t end)
{
    struct term term = {XXH3_64bits(bytes, len), (uint32_t)start, (uint32_t)(end - start)};
    g_array_append_val(r->out, term);
}

static void emit_han(struct reader *r, gunichar first, gunichar second, size_t start,
                     size_t end)
{
    char bytes[12];
    int len = g_unichar_to_utf8(first, bytes);
    if (second)
        len += g_unichar_to_utf8(second, bytes + len);
    emit(r, bytes, (size_t)len, start, end);
}

static void finish_run(struct reader *r)
{
    if (r->run == RUN_WORD)
        emit(r, r->word->str, r->word->len, r->start, r->end);
    else if (r->run == RUN_HAN && r->alone)
        emit_han(r, r->last, 0, r->start, r->end);
    g_string_truncate(r->word, 0);
    r->run = RUN_NONE;
}

static bool is_han(gunichar c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x20000 && c <= 0x3FFFD) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 ||
           c == 0x3007 || (c >= 0x3021 && c <= 0x3029) || (c >= 0x3041 && c <= 0x3096) ||
           (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC || c == 0x309D || c == 0x309E ||
           (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xAC00 && c <= 0xD7A3);
}

static enum kind kind_of(gunichar c)
{
    if (c < 0x80)
        return g_ascii_isalnum((char)c) ? KIND_WORD : KIND_BREAK;
    if (is_han(c))
        return KIND_HAN;
    if (g_unichar_isalnum(c))
        return KIND_WORD;
    return g_unichar_ismark(c) || g_unichar_type(c) == G_UNICODE_FORMAT ? KIND_MARK
                                                                        : KIND_BREAK;
}

static void feed_word(struct reader *r, gunichar c, size_t start, size_t end)
{
    if (r->run != RUN_WORD) {
        finish_run(r);
        r->run = RUN_WORD;
        r->start = start;
    }
    if (c < 0x80)
        g_string_append_c(r->word, (char)c);
    else
        g_string_append_unichar(r->word, c);
    r->end = end;
}

static void feed_han(struct reader *r, gunichar c, size_t start, size_t end)
{
    bool joins = r->run == RUN_HAN;
    if (joins)
        emit_han(r, r->last, c, r->start, end);
    else
        finish_run(r);
    r->run = RUN_HAN;
    r->alone = !joins;
    r->last = c;
    r->start = start;
    r->end = end;
}

/* One normalised character that stands at [start, end) of the text. */
static void feed(struct reader *r, gunichar c, size_t start, size_t end)
{
    c = c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : g_unichar_tolower(c);
    switch (kind_of(c)) {
    case KIND_WORD:
        feed_word(r, c, start, end);
        break;
    case KIND_HAN:
        feed_han(r, c, start, end);
        break;
    case KIND_MARK:
        if (r->run == RUN_WORD && g_unichar_ismark(c))
            feed_word(r, c, start, end);
        break;
    case KIND_BREAK:
        finish_run(r);
        break;
    }
}

/* Decodes one character, or gives U+FFFD and one byte. */
static size_t decode(const char *p, size_t left, gunichar *c)
{
    unsigned char lead = (unsigned char)*p;
    if (lead < 0x80) {
        *c = lead;
        return 1;
    }
    gunichar got = g_utf8_get_char_validated(p, (gssize)MIN(left, 6));
    if (got >= 0x110000) {
        *c = 0xFFFD;
        return 1;
    }
    *c = got;
    return (size_t)g_unichar_to_utf8(got, NULL);
}

/* What NFKC makes of a character that stands alone, where that can be said without a look into its tables; 0 otherwise. */
static gunichar fold_simply(gunichar c)
{
    if (c < 0x80 || (c >= 0x4E00 && c <= 0x9FFF))
        return c ? c : ' ';
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    return (c >= 0x3000 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) ||
                   (c >= 0x2018 && c <= 0x201F)
               ? ' '
               : 0;
}

/* Does this character melt into the one before it under NFKC? Those do that come apart into a mark, a Jamo vowel or a Jamo tail
 * first. */
static bool melts(const char *p, size_t left)
{
    gunichar c, parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    if (left == 0 || (unsigned char)*p < 0xCC)
        return false;
    decode(p, left, &c);
    if (fold_simply(c))
        return false; /* by far the most */
    g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
    return g_unichar_ismark(parts[0]) || (parts[0] >= 0x1160 && parts[0] <= 0x11FF);
}

static void feed_folded(struct reader *r, const char *segment, size_t len, size_t start)
{
    g_autofree char *folded = g_utf8_normalize(segment, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
    for (const char *p = folded; p && *p; p += g_utf8_skip[(guchar)*p])
        feed(r, g_utf8_get_char(p), start, start + len);
}

/* A base character with all that melts into it; returns where the next begins. */
static size_t read_segment(struct reader *r, const char *text, size_t at, size_t len)
{
    gunichar c;
    size_t next = at + decode(text + at, len - at, &c);
    gunichar simple = melts(text + next, len - next) ? 0 : fold_simply(c);
    if (simple || c == 0xFFFD) {
        feed(r, simple ? simple : ' ', at, next);
        return next;
    }
    while (melts(text + next, len - next)) {
        gunichar mark;
        next += decode(text + next, len - next, &mark);
    }
    if (c == 0)
        feed(r, ' ', at, next);
    else
        feed_folded(r, text + at, next - at, at);
    return next;
}

void terms_read(const char *text, size_t len, GArray *out)
{
    len = MIN(len, UINT32_MAX);
    struct reader r = {.out = out, .word = g_string_new(NULL)};
    for (size_t at = 0; at < len;)
        at = read_segment(&r, text, at, len);
    finish_run(&r);
    g_string_free(r.word, TRUE);
}
