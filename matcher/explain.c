#include "matcher/explain.h"

#include <string.h>

/* Where a term first stands; the words are in the order of the text. */
static char *text_of(const struct query *query, uint32_t term)
{
    for (uint32_t i = 0; i < query->word_count; i++)
        if (query->words[i].term == term)
            return g_strndup(query->text + query->words[i].start, query->words[i].len);
    for (uint32_t i = 0; i < query->path_count; i++)
        for (int level = 0; level < query->paths[i].path.depth; level++)
            if (query->paths[i].terms[level] == term)
                return g_strdup(query->paths[i].path.place[level]);
    return g_strdup("");
}

static struct explained_term explain_term(const struct query *query, const struct index *ix,
                                          uint32_t doc, uint32_t t)
{
    const struct query_term *term = &query->terms[t];
    uint32_t number = query_find(term, ix);
    uint32_t impact = number == INDEX_NONE ? 0 : index_impact(ix, number, doc);
    return (struct explained_term){.text = text_of(query, t),
                                   .kind = term->kind,
                                   .is_place = term->times == 0,
                                   .times = term->times,
                                   .weight = term->weight,
                                   .impact = impact,
                                   .points = term->weight * impact,
                                   .docs = number == INDEX_NONE ? 0 : ix->terms[number].docs};
}

struct explained *explain_doc(const struct query *query, const struct index *ix, uint32_t doc)
{
    struct explained *explained = g_new0(struct explained, 1);
    explained->count = query->term_count;
    explained->terms = g_new0(struct explained_term, query->term_count + 1);
    for (uint32_t t = 0; t < query->term_count; t++) {
        explained->terms[t] = explain_term(query, ix, doc, t);
        explained->score += explained->terms[t].points;
    }
    return explained;
}

void explained_free(struct explained *explained)
{
    if (!explained)
        return;
    for (uint32_t t = 0; t < explained->count; t++)
        g_free(explained->terms[t].text);
    g_free(explained->terms);
    g_free(explained);
}

static GHashTable *weighty_terms(const struct query *query)
{
    GHashTable *hashes = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (uint32_t t = 0; t < query->term_count; t++)
        if (query->terms[t].weight > 0)
            g_hash_table_add(hashes, &query->terms[t].hash);
    return hashes;
}

static gint by_start(gconstpointer a, gconstpointer b)
{
    uint32_t x = ((const struct term *)a)->start, y = ((const struct term *)b)->start;
    return (x > y) - (x < y);
}

/* Characters in a stretch of bytes: those that do not go on with another's. */
static uint32_t count_chars(const char *text, uint32_t len)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void set_chars(const char *text, struct span *spans, guint count)
{
    uint32_t at = 0, chars = 0;
    for (guint i = 0; i < count; i++) {
        chars += count_chars(text + at, spans[i].start - at);
        spans[i].char_start = chars;
        spans[i].char_len = count_chars(text + spans[i].start, spans[i].len);
        chars += spans[i].char_len;
        at = spans[i].start + spans[i].len;
    }
}

static GHashTable *found_terms(const struct query *query, const struct index *ix, uint32_t doc)
{
    g_autoptr(match_explained) explained = explain_doc(query, ix, doc);
    GHashTable *hashes = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (uint32_t t = 0; t < query->term_count; t++)
        if (explained->terms[t].points > 0)
            g_hash_table_add(hashes, &query->terms[t].hash);
    return hashes;
}

static void add_spans(GHashTable *wanted, const struct index *ix, const char *text, GArray *out)
{
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    struct terms_reader *reader = terms_reader_new(ix->weighing.dictionary);
    guint first = out->len;
    terms_read(reader, text, strlen(text), terms);
    g_array_sort(terms, by_start);
    for (guint i = 0; i < terms->len; i++) {
        const struct term *term = &g_array_index(terms, struct term, i);
        struct span span = {.start = term->start, .len = term->len};
        struct span *last =
            out->len > first ? &g_array_index(out, struct span, out->len - 1) : NULL;
        if (!g_hash_table_contains(wanted, &term->hash))
            continue;
        if (last && span.start <= last->start + last->len)
            last->len = MAX(last->len, span.start + span.len - last->start);
        else
            g_array_append_val(out, span);
    }
    if (out->len > first)
        set_chars(text, &g_array_index(out, struct span, first), out->len - first);
    terms_reader_free(reader);
}

void explain_spans(const struct query *query, const struct index *ix, const char *text,
                   GArray *out)
{
    g_autoptr(GHashTable) wanted = weighty_terms(query);
    add_spans(wanted, ix, text, out);
}

void explain_found_spans(const struct query *query, const struct index *ix, uint32_t doc,
                         const char *text, GArray *out)
{
    g_autoptr(GHashTable) wanted = found_terms(query, ix, doc);
    add_spans(wanted, ix, text, out);
}

/* Measured: docs/measurements.md. Between two, in proportion. */
static double chance_of(uint32_t known)
{
    static const struct {
        uint32_t known;
        double chance;
    } measured[] = {{0, 0},   {1, .39}, {2, .50},  {3, .58},  {5, .69},
                    {7, .75}, {9, .80}, {13, .85}, {19, .88}, {39, .91}};
    for (size_t i = 1; i < G_N_ELEMENTS(measured); i++)
        if (known <= measured[i].known) {
            double step = measured[i].known - measured[i - 1].known;
            double along = (known - measured[i - 1].known) / step;
            return measured[i - 1].chance +
                   along * (measured[i].chance - measured[i - 1].chance);
        }
    return measured[G_N_ELEMENTS(measured) - 1].chance;
}

static bool is_known(const struct query_term *term, const struct index *const *parts,
                     uint32_t count)
{
    bool known = false;
    for (uint32_t i = 0; i < count && !known; i++)
        known = query_find(term, parts[i]) != INDEX_NONE;
    return known;
}

struct need_strength explain_strength_of(uint32_t known)
{
    double chance = chance_of(known);
    return (struct need_strength){
        .pairs = known, .known = known, .chance = chance, .is_thin = chance < NEED_THIN};
}

struct need_strength explain_strength_over(const struct query *query,
                                           const struct index *const *parts, uint32_t count)
{
    struct need_strength strength = {0};
    for (uint32_t t = 0; t < query->term_count; t++) {
        const struct query_term *term = &query->terms[t];
        if (term->times == 0 || term->kind != TERM_PAIR)
            continue;
        strength.pairs++;
        strength.known += is_known(term, parts, count);
    }
    struct need_strength judged = explain_strength_of(strength.known);
    judged.pairs = strength.pairs;
    return judged;
}

struct need_strength explain_strength(const struct query *query, const struct index *ix)
{
    return explain_strength_over(query, &ix, 1);
}
