#include "matcher/terms.h"
#include "matcher/quantity.h"
#include "matcher/simplified.h"

#include <libstemmer.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum run { RUN_NONE, RUN_WORD, RUN_HAN };
enum kind { KIND_BREAK, KIND_WORD, KIND_HAN, KIND_MARK };

enum { RUN_MOST = 4096 }; /* Han characters that are cut into words at once */

static const uint64_t PLACE_SEED = 0x43504349; /* any numbers but 0, not alike */
static const uint64_t WORD_SEED = 0x574F5244;

struct span { /* bytes of the text */
    size_t start, end;
};

struct terms_reader {
    const struct dictionary *dictionary;
    struct sb_stemmer *stemmer;
    GArray *out;
    GString *word; /* the word so far, normalised */
    enum run run;
    size_t start;  /* where the word, or the last Han character, begins */
    size_t end;    /* and ends */
    gunichar last; /* the last Han character */
    bool alone;    /* it is the first of its run */
    bool pointed;  /* a point stands behind the digits so far */
    /* Of a word that begins with digits: its bytes of them, and where they end and what follows begins in the text. */
    size_t digits;
    struct span parted;
    /* The run of Han so far, for the dictionary. */
    gunichar han[RUN_MOST];
    struct span spans[RUN_MOST];
    uint32_t han_count;
    uint32_t costs[RUN_MOST + 1], next[RUN_MOST];
};

struct terms_reader *terms_reader_new(const struct dictionary *dictionary)
{
    struct terms_reader *r = g_new(struct terms_reader, 1);
    r->dictionary = dictionary;
    r->stemmer = sb_stemmer_new("english", "UTF_8");
    r->word = g_string_new(NULL);
    r->han_count = 0;
    return r;
}

void terms_reader_free(struct terms_reader *reader)
{
    if (!reader)
        return;
    sb_stemmer_delete(reader->stemmer);
    g_string_free(reader->word, TRUE);
    g_free(reader);
}

uint64_t terms_hash_token(const char *token, size_t len)
{
    return XXH3_64bits(token, len);
}

uint64_t terms_hash_place(const char *place)
{
    return XXH3_64bits_withSeed(place, strlen(place), PLACE_SEED);
}

static void emit(struct terms_reader *r, enum term_kind kind, const char *bytes, size_t len,
                 struct span span)
{
    struct term term = {.hash = kind == TERM_WORD ? XXH3_64bits_withSeed(bytes, len, WORD_SEED)
                                                  : XXH3_64bits(bytes, len),
                        .start = (uint32_t)span.start,
                        .len = (uint32_t)(span.end - span.start),
                        .kind = (uint8_t)kind};
    g_array_append_val(r->out, term);
}

static void emit_pair(struct terms_reader *r, gunichar first, gunichar second, struct span span)
{
    char bytes[12];
    int len = g_unichar_to_utf8(first, bytes);
    if (second)
        len += g_unichar_to_utf8(second, bytes + len);
    emit(r, TERM_PAIR, bytes, (size_t)len, span);
}

/* Cuts the run of Han so far into words. */
static void emit_words(struct terms_reader *r)
{
    if (!r->dictionary)
        r->han_count = 0;
    if (r->han_count > 0)
        dictionary_route(r->dictionary, r->han, r->han_count, r->costs, r->next);
    for (uint32_t i = 0; i < r->han_count; i = r->next[i]) {
        g_string_truncate(r->word, 0);
        for (uint32_t j = i; j < r->next[i]; j++)
            g_string_append_unichar(r->word, r->han[j]);
        struct span span = {r->spans[i].start, r->spans[r->next[i] - 1].end};
        emit(r, TERM_WORD, r->word->str, r->word->len, span);
    }
    r->han_count = 0;
}

static bool is_english(const GString *word)
{
    for (gsize i = 0; i < word->len; i++)
        if (!g_ascii_islower(word->str[i]))
            return false;
    return true;
}

static void emit_stem(struct terms_reader *r, struct span span)
{
    if (!is_english(r->word)) {
        emit(r, TERM_WORD, r->word->str, r->word->len, span);
        return;
    }
    const sb_symbol *stem =
        sb_stemmer_stem(r->stemmer, (const sb_symbol *)r->word->str, (int)r->word->len);
    if (stem)
        emit(r, TERM_WORD, (const char *)stem, (size_t)sb_stemmer_length(r->stemmer), span);
}

static void emit_word(struct terms_reader *r, struct span span)
{
    emit(r, TERM_PAIR, r->word->str, r->word->len, span);
    emit_stem(r, span);
}

/* 3.5mm is what "3.5 mm" is: a number and a unit. */
static void finish_word(struct terms_reader *r)
{
    struct span span = {r->start, r->end};
    if (r->digits > 0 && quantity_is_unit(r->word->str + r->digits)) {
        g_autofree char *unit = g_strdup(r->word->str + r->digits);
        g_string_truncate(r->word, r->digits);
        emit_word(r, (struct span){r->start, r->parted.start});
        g_string_assign(r->word, unit);
        span.start = r->parted.end;
    }
    emit_word(r, span);
}

static void finish_run(struct terms_reader *r)
{
    if (r->run == RUN_WORD) {
        finish_word(r);
    } else if (r->run == RUN_HAN) {
        if (r->alone)
            emit_pair(r, r->last, 0, (struct span){r->start, r->end});
        emit_words(r);
    }
    g_string_truncate(r->word, 0);
    r->run = RUN_NONE;
    r->pointed = false;
}

bool terms_is_han(gunichar c)
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
    if (terms_is_han(c))
        return KIND_HAN;
    if (g_unichar_isalnum(c))
        return KIND_WORD;
    return g_unichar_ismark(c) || g_unichar_type(c) == G_UNICODE_FORMAT ? KIND_MARK
                                                                        : KIND_BREAK;
}

static bool is_digit(gunichar c)
{
    return c >= '0' && c <= '9';
}

static bool is_number(const struct terms_reader *r)
{
    return r->run == RUN_WORD && strspn(r->word->str, "0123456789.") == r->word->len;
}

static void feed_word(struct terms_reader *r, gunichar c, size_t start, size_t end)
{
    if (r->run != RUN_WORD) {
        finish_run(r);
        r->run = RUN_WORD;
        r->start = start;
        r->digits = 0;
    }
    if (!is_digit(c) && r->digits == 0 && r->word->len > 0 && is_number(r)) {
        r->digits = r->word->len;
        r->parted = (struct span){r->end, start};
    }
    if (c < 0x80)
        g_string_append_c(r->word, (char)c);
    else
        g_string_append_unichar(r->word, c);
    r->end = end;
}

static void feed_han(struct terms_reader *r, gunichar c, size_t start, size_t end)
{
    bool joins = r->run == RUN_HAN;
    if (joins)
        emit_pair(r, r->last, c, (struct span){r->start, end});
    else
        finish_run(r);
    if (r->han_count == RUN_MOST)
        emit_words(r);
    r->han[r->han_count] = c;
    r->spans[r->han_count++] = (struct span){start, end};
    r->run = RUN_HAN;
    r->alone = !joins;
    r->last = c;
    r->start = start;
    r->end = end;
}

/* 0.4 is one term: a point behind digits waits for the next character. True when this was it. */
static bool feed_point(struct terms_reader *r, gunichar c)
{
    if (r->pointed && is_digit(c)) {
        r->pointed = false;
        g_string_append_c(r->word, '.');
        return false;
    }
    if (r->pointed)
        finish_run(r);
    r->pointed = c == '.' && is_number(r);
    return r->pointed;
}

/* One normalised character that stands at [start, end) of the text. */
static void feed(struct terms_reader *r, gunichar c, size_t start, size_t end)
{
    c = c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : simplified_of(g_unichar_tolower(c));
    if ((c == '.' || r->pointed) && feed_point(r, c))
        return;
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

static void feed_folded(struct terms_reader *r, const char *segment, size_t len, size_t start)
{
    g_autofree char *folded = g_utf8_normalize(segment, (gssize)len, G_NORMALIZE_ALL_COMPOSE);
    for (const char *p = folded; p && *p; p += g_utf8_skip[(guchar)*p])
        feed(r, g_utf8_get_char(p), start, start + len);
}

/* A base character with all that melts into it; returns where the next begins. */
static size_t read_segment(struct terms_reader *r, const char *text, size_t at, size_t len)
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

void terms_read(struct terms_reader *r, const char *text, size_t len, GArray *out)
{
    len = MIN(len, UINT32_MAX);
    r->out = out;
    r->run = RUN_NONE;
    r->pointed = false;
    for (size_t at = 0; at < len;)
        at = read_segment(r, text, at, len);
    finish_run(r);
}
