#include "matcher/query.h"

#include <math.h>
#include <string.h>

/* Indexes that share their totals: what is true of all of them stands in each. */
struct source {
    const struct index *const *parts;
    uint32_t count;
    query_count *ask; /* for a term's counts instead; NULL: they are counted here */
    void *user;
};

static const struct index *any_of(const struct source *source)
{
    return source->parts[0];
}

/* A term's counts over all of them; its number in the first. */
static struct index_term count_term(const struct source *source, uint64_t hash,
                                    uint32_t *number)
{
    struct index_term sum = {0};
    *number = index_find_term(any_of(source), hash);
    if (source->ask)
        return source->ask(hash, source->user);
    for (uint32_t i = 0; i < source->count; i++) {
        uint32_t found = i ? index_find_term(source->parts[i], hash) : *number;
        if (found == INDEX_NONE)
            continue;
        const struct index_term *term = &source->parts[i]->terms[found];
        sum.docs += term->docs;
        sum.repeat += term->repeat;
        sum.in_text += term->in_text;
        sum.in_both += term->in_both;
    }
    return sum;
}

/* What a term is worth: see index.h. */
static double term_worth(const struct index *ix, const struct index_term *t,
                         enum term_kind kind)
{
    const struct index_kind *k = &ix->kinds[kind];
    double worth = ix->weighing.kind_factor[kind] *
                   log1p(((double)ix->all_docs - t->docs + .5) / (t->docs + .5));
    if (ix->weighing.alpha > 0)
        worth *= pow((t->repeat + k->repeat_prior) / (t->docs + 1.), index_alpha(ix, kind));
    if (ix->weighing.beta > 0)
        worth *= pow((t->in_both + 5 * k->title_prior) / (t->in_text + 5.), ix->weighing.beta);
    return worth;
}

static uint32_t to_weight(double worth)
{
    return (uint32_t)CLAMP(lrint(worth * QUERY_SCALE), 0, QUERY_WEIGHT_MAX);
}

/* Asks for the terms from memory before the first of them is looked at. */
static void expect_terms(const struct source *source, const struct bag *bag)
{
    g_autofree uint64_t *hashes = g_new(uint64_t, (gsize)bag->count + 1);
    for (uint32_t i = 0; i < bag->count; i++)
        hashes[i] = bag->entries[i].hash;
    for (uint32_t i = 0; i < source->count; i++)
        index_expect(source->parts[i], hashes, bag->count);
}

static void take_terms(struct query *query, const struct source *source, const struct bag *bag,
                       size_t spare)
{
    query->terms = g_new0(struct query_term, bag->count + spare + 1);
    for (uint32_t i = 0; i < bag->count; i++) {
        struct query_term *term = &query->terms[i];
        term->hash = bag->entries[i].hash;
        term->times = bag->entries[i].in_text;
        term->kind = bag->entries[i].kind;
        struct index_term counts = count_term(source, term->hash, &term->number);
        term->weight =
            to_weight(term->times * term_worth(any_of(source), &counts, bag->entries[i].kind));
    }
    query->term_count = bag->count;
}

/* Words of the dictionary (and of letters) do not overlap: *at walks along them, and stays before the place asked for. */
static void grow(struct query_word *word, const GArray *terms, guint *at)
{
    uint32_t end = word->start + word->len;
    word->from = word->start;
    word->to = end;
    for (guint i = *at; i < terms->len; i++) {
        const struct term *whole = &g_array_index(terms, struct term, i);
        if (whole->start >= end)
            break;
        if (whole->kind != TERM_WORD)
            continue;
        if (whole->start + whole->len <= word->start) {
            *at = i + 1;
            continue;
        }
        word->from = MIN(word->from, whole->start);
        word->to = MAX(word->to, whole->start + whole->len);
    }
}

/* The entries of a bag are in order of first appearance, which is also the order of the query's terms. */
static void take_words(struct query *query, const struct bag *bag, const GArray *terms)
{
    guint at = 0;
    query->words = g_new(struct query_word, terms->len + 1);
    query->word_count = terms->len;
    for (guint i = 0; i < terms->len; i++) {
        const struct term *term = &g_array_index(terms, struct term, i);
        query->words[i] = (struct query_word){
            .start = term->start, .len = term->len, .term = bag_find(bag, term->hash)};
        grow(&query->words[i], terms, &at);
    }
}

static void take_path(struct query *query, const struct source *source, const char *symbol,
                      uint32_t text_terms)
{
    struct query_path *path = &query->paths[query->path_count];
    double above = (double)any_of(source)->all_docs,
           factor = any_of(source)->weighing.class_factor;
    path->path = class_path(symbol);
    for (int i = 0; i < path->path.depth; i++) {
        uint64_t hash = terms_hash_place(path->path.place[i]);
        uint32_t number, at = text_terms;
        double docs = count_term(source, hash, &number).docs;
        while (at < query->term_count && query->terms[at].hash != hash)
            at++;
        if (at == query->term_count)
            query->terms[query->term_count++] = (struct query_term){
                .hash = hash,
                .number = number,
                .weight = to_weight(factor * log((above + 1) / (docs + 1)))};
        path->terms[i] = at;
        above = docs;
    }
    query->path_count += path->path.depth > 0;
}

static void sum_weights(struct query *query)
{
    double sum = 0;
    for (uint32_t i = 0; i < query->term_count; i++)
        sum += query->terms[i].weight;
    query->weight_sum = 0;
    for (uint32_t i = 0; i < query->term_count; i++) {
        struct query_term *term = &query->terms[i];
        if (sum > QUERY_WEIGHT_SUM_MAX)
            term->weight = (uint32_t)(term->weight * (QUERY_WEIGHT_SUM_MAX / sum));
        query->weight_sum += term->weight;
    }
}

/* In the order of the text; what begins together, the longer first. */
static gint by_place(gconstpointer a, gconstpointer b)
{
    const struct term *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->len < y->len) - (x->len > y->len);
}

struct query *query_new(const struct index *ix, const char *text, const char *const *classes,
                        size_t class_count)
{
    return query_new_over(&ix, 1, text, classes, class_count);
}

static struct query *prepare(const struct source *source, const char *text,
                             const char *const *classes, size_t class_count)
{
    struct query *query = g_new0(struct query, 1);
    struct bag bag;
    bag_init(&bag, any_of(source)->weighing.dictionary);
    query->text = g_strdup(text ? text : "");
    terms_read(bag.reader, query->text, strlen(query->text), bag.terms);
    g_array_sort(bag.terms, by_place);
    for (guint i = 0; i < bag.terms->len; i++) {
        const struct term *term = &g_array_index(bag.terms, struct term, i);
        bag_add_term(&bag, term->hash, term->kind, false);
    }
    expect_terms(source, &bag);
    take_terms(query, source, &bag, class_count * CLASS_LEVELS);
    take_words(query, &bag, bag.terms);
    query->paths = g_new0(struct query_path, class_count + 1);
    for (size_t i = 0; i < class_count; i++)
        take_path(query, source, classes[i], bag.count);
    sum_weights(query);
    bag_clear(&bag);
    return query;
}

struct query *query_new_over(const struct index *const *parts, uint32_t count, const char *text,
                             const char *const *classes, size_t class_count)
{
    struct source source = {.parts = parts, .count = count};
    return prepare(&source, text, classes, class_count);
}

struct query *query_new_counted(const struct index *ix, const char *text,
                                const char *const *classes, size_t class_count,
                                query_count *count, void *user)
{
    struct source source = {&ix, 1, count, user};
    return prepare(&source, text, classes, class_count);
}

struct query *query_new_tokens(const struct index *ix, const uint64_t *tokens, size_t count)
{
    struct source source = {.parts = &ix, .count = 1};
    struct query *query = g_new0(struct query, 1);
    struct bag bag;
    bag_init(&bag, ix->weighing.dictionary);
    index_expect(ix, tokens, count);
    for (size_t i = 0; i < count; i++)
        bag_add_token(&bag, tokens[i]);
    query->text = g_strdup("");
    take_terms(query, &source, &bag, 0);
    sum_weights(query);
    bag_clear(&bag);
    return query;
}

void query_free(struct query *query)
{
    if (!query)
        return;
    g_free(query->text);
    g_free(query->terms);
    g_free(query->words);
    g_free(query->paths);
    g_free(query);
}

double query_fit(const struct query *query, uint32_t score)
{
    return query->weight_sum ? score / ((double)INDEX_IMPACT_MAX * query->weight_sum) : 0;
}
