#include "matcher/dictionary.h"
#include "matcher/error.h"
#include "matcher/terms.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

/* A slot: 24 bits of parent, 18 of character, 16 of cost. */
enum {
    COST_BITS = 16,
    COST_MAX = (1 << COST_BITS) - 1,
    CHAR_BITS = 18,
    COST_STEPS = 1024, /* to one unit of the natural logarithm */
    WORD_MOST = 32,    /* characters; no word of any language's dictionary comes near */
    FREQUENCY_MOST = 1000000000
};

struct line { /* of the text */
    gunichar chars[WORD_MOST];
    uint32_t count; /* 0: no word for us */
    double frequency;
};

static uint64_t edge_of(uint32_t parent, gunichar c)
{
    return ((uint64_t)parent << CHAR_BITS | c) << COST_BITS;
}

static uint32_t home_of(uint64_t edge, uint32_t mask)
{
    return (uint32_t)((edge * 0x9E3779B97F4A7C15u) >> 36) & mask;
}

/* The slot of an edge, or the empty one where it would stand. */
static uint32_t slot_of(const struct dictionary *d, uint64_t edge)
{
    uint32_t at = home_of(edge, d->mask);
    while (d->slots[at] && (d->slots[at] ^ edge) >> COST_BITS)
        at = (at + 1) & d->mask;
    return at;
}

static bool fail_at(GError **error, size_t number, const char *why)
{
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, "line %zu of the dictionary: %s",
                number, why);
    return false;
}

/* Reads the frequency that stands in [text, end). */
static bool read_frequency(const char *text, const char *end, double *out)
{
    double value = 0;
    const char *p = text;
    for (; p < end && g_ascii_isdigit(*p) && value <= FREQUENCY_MOST; p++)
        value = 10 * value + (*p - '0');
    *out = value;
    return p > text && value >= 1 && value <= FREQUENCY_MOST &&
           (p == end || *p == ' ' || *p == '\t' || *p == '\r');
}

static bool read_word(const char *text, const char *end, struct line *line)
{
    bool usable = true;
    line->count = 0;
    for (const char *p = text; p < end; p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char_validated(p, end - p);
        if (c == (gunichar)-1 || c == (gunichar)-2)
            return false;
        usable = usable && terms_is_han(c) && line->count < WORD_MOST;
        if (usable)
            line->chars[line->count++] = c;
    }
    if (!usable)
        line->count = 0;
    return end > text;
}

static bool read_line(const char *text, const char *end, size_t number, struct line *line,
                      GError **error)
{
    const char *blank = text;
    while (blank < end && *blank != ' ' && *blank != '\t')
        blank++;
    if (!read_word(text, blank, line))
        return fail_at(error, number, "not a word in UTF-8");
    if (blank == end || !read_frequency(blank + 1, end, &line->frequency))
        return fail_at(error, number, "no frequency from 1 to 1000000000 behind the word");
    return true;
}

typedef void take_line(const struct line *line, void *user);

static bool each_line(const char *text, size_t len, take_line *take, void *user, GError **error)
{
    const char *end = text + len, *next;
    size_t number = 0;
    struct line line = {.count = 0};
    for (const char *p = text; p < end; p = next + 1) {
        next = memchr(p, '\n', (size_t)(end - p));
        next = next ? next : end;
        const char *stop = next > p && next[-1] == '\r' ? next - 1 : next;
        number++;
        if (stop > p && !read_line(p, stop, number, &line, error))
            return false;
        if (stop > p && line.count > 0)
            take(&line, user);
    }
    return true;
}

/* What has to be known before the table can be made: the sum of frequencies, and how many edges there are at most (as many as
 * each word has more than it shares with the one before). */
struct survey {
    struct line last;
    double total;
    size_t edges;
};

static void survey_line(const struct line *line, void *user)
{
    struct survey *survey = user;
    uint32_t shared = 0;
    while (shared < MIN(line->count, survey->last.count) &&
           line->chars[shared] == survey->last.chars[shared])
        shared++;
    survey->edges += line->count - shared;
    survey->total += line->frequency;
    survey->last = *line;
}

struct filling {
    struct dictionary *dictionary;
    double total;
};

static void insert_line(const struct line *line, void *user)
{
    struct filling *filling = user;
    struct dictionary *d = filling->dictionary;
    uint32_t node = 0, at = 0;
    for (uint32_t i = 0; i < line->count; i++) {
        uint64_t edge = edge_of(node, line->chars[i]);
        at = slot_of(d, edge);
        d->slots[at] = d->slots[at] ? d->slots[at] : edge;
        node = at + 1;
    }
    double cost = COST_STEPS * log(filling->total / line->frequency);
    d->word_count += (d->slots[at] & COST_MAX) == 0;
    d->slots[at] =
        (d->slots[at] & ~(uint64_t)COST_MAX) | (uint64_t)CLAMP(lrint(cost), 1, COST_MAX);
}

static bool make_room(struct dictionary *d, const struct survey *survey, GError **error)
{
    enum { EDGES_MOST = 1 << 22 };
    if (survey->edges == 0 || survey->edges > EDGES_MOST) {
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
                    survey->edges ? "the dictionary has more words than can be held"
                                  : "the dictionary has no words");
        return false;
    }
    size_t slots = 16;
    while (slots < survey->edges + survey->edges / 2)
        slots *= 2;
    d->slots = g_new0(uint64_t, slots);
    d->mask = (uint32_t)slots - 1;
    d->alone = (uint32_t)CLAMP(lrint(COST_STEPS * log(survey->total)), 1, COST_MAX);
    return true;
}

struct dictionary *dictionary_new(const char *text, size_t len, GError **error)
{
    struct survey survey = {.total = 0};
    g_autoptr(match_dictionary) d = g_new0(struct dictionary, 1);
    if (!each_line(text, len, survey_line, &survey, error) || !make_room(d, &survey, error))
        return NULL;
    struct filling filling = {d, survey.total};
    each_line(text, len, insert_line, &filling, NULL);
    d->digest = XXH3_64bits(text, len);
    return g_steal_pointer(&d);
}

void dictionary_free(struct dictionary *dictionary)
{
    if (!dictionary)
        return;
    g_free(dictionary->slots);
    g_free(dictionary);
}

void dictionary_route(const struct dictionary *d, const gunichar *chars, uint32_t count,
                      uint32_t *costs, uint32_t *next)
{
    costs[count] = 0;
    for (uint32_t i = count; i-- > 0;) {
        uint32_t node = 0, at;
        costs[i] = costs[i + 1] + d->alone;
        next[i] = i + 1;
        for (uint32_t j = i; j < count; j++, node = at + 1) {
            uint64_t edge = edge_of(node, chars[j]);
            at = slot_of(d, edge);
            uint32_t cost = (uint32_t)(d->slots[at] & COST_MAX);
            if (!d->slots[at])
                break;
            if (cost && cost + costs[j + 1] <= costs[i]) {
                costs[i] = cost + costs[j + 1];
                next[i] = j + 1;
            }
        }
    }
}
