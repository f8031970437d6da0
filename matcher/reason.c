#include "matcher/reason.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PARTICLE = 3 }; /* bytes */

struct share {       /* of one term of the query */
    uint32_t points; /* what it gives */
    uint32_t places; /* how many of its places in the text are still to come */
    bool found;      /* the document has it, though it may give nothing */
    bool told;       /* a place in a classification: its points have been handed out */
};

struct found { /* a reason, its text still where the query has it */
    const char *text;
    uint32_t len, points, order;
    enum reason_kind kind;
};

/* Scratch, for one document after the other: most needs have few reasons, and twenty documents are explained at once. */
struct list {
    struct found *items;
    uint32_t count;
    uint32_t *slots; /* of words of the need: place in items + 1, or 0 */
    uint32_t mask;
};

static void list_init(struct list *list, const struct query *query)
{
    uint32_t room = query->word_count + query->path_count + 1, slots = 16;
    while (slots < 2 * room)
        slots *= 2;
    list->items = g_new(struct found, room);
    list->slots = g_new0(uint32_t, slots);
    list->mask = slots - 1;
    list->count = 0;
}

static void list_clear(struct list *list)
{
    g_free(list->items);
    g_free(list->slots);
}

static uint32_t *slot_of(const struct list *list, const char *text, uint32_t len)
{
    uint32_t at = (uint32_t)XXH3_64bits(text, len) & list->mask;
    for (; list->slots[at]; at = (at + 1) & list->mask) {
        const struct found *item = &list->items[list->slots[at] - 1];
        if (item->len == len && memcmp(item->text, text, len) == 0)
            break;
    }
    return &list->slots[at];
}

static void add_words_found(struct list *list, const char *text, uint32_t len, uint32_t points)
{
    uint32_t *slot = slot_of(list, text, len);
    if (*slot) {
        list->items[*slot - 1].points += points;
        return;
    }
    list->items[list->count] = (struct found){text, len, points, list->count, REASON_TERM};
    *slot = ++list->count;
}

static void add_place(struct list *list, const char *place, uint32_t points)
{
    list->items[list->count] =
        (struct found){place, (uint32_t)strlen(place), points, list->count, REASON_CLASS};
    list->count++;
}

/* The part of one place of a term in the text: equal parts, what is left over to the first. */
static uint32_t take_part(struct share *share, uint32_t times)
{
    uint32_t part = share->points / times;
    return share->places-- == times ? part + share->points % times : part;
}

/* Says nothing of its own where it is a word: not in 目的. */
static bool is_particle(const struct query *query, uint32_t first, uint32_t end, uint32_t at)
{
    static const char particles[] = "的了和与及或在是为把被之等與為";
    bool is_one = false;
    for (const char *p = particles; *p && !is_one; p += PARTICLE)
        is_one = memcmp(query->text + at, p, PARTICLE) == 0;
    for (uint32_t i = first; is_one && i < end; i++) {
        const struct query_word *word = &query->words[i];
        if (word->start == at && word->len == PARTICLE &&
            query->terms[word->term].kind == TERM_WORD)
            return true;
    }
    return false;
}

/* 溢流缸的 -> 溢流缸; what is nothing else stays. */
static void trim(const struct query *query, uint32_t first, uint32_t end, uint32_t *from,
                 uint32_t *to)
{
    while (*to - *from > PARTICLE && is_particle(query, first, end, *from))
        *from += PARTICLE;
    while (*to - *from > PARTICLE && is_particle(query, first, end, *to - PARTICLE))
        *to -= PARTICLE;
}

/* Joins the found terms from the i-th on whose words overlap; returns the first that does not belong. */
static uint32_t add_run(struct list *list, const struct query *query, struct share *shares,
                        uint32_t i)
{
    uint32_t first = i, from = query->words[i].from, to = from, points = 0;
    for (; i < query->word_count && (to == from || query->words[i].from < to); i++) {
        const struct query_word *word = &query->words[i];
        if (!shares[word->term].found)
            continue;
        points += take_part(&shares[word->term], query->terms[word->term].times);
        to = MAX(to, word->to);
    }
    trim(query, first, i, &from, &to);
    if (points > 0)
        add_words_found(list, query->text + from, to - from, points);
    return i;
}

static void add_words(struct list *list, const struct query *query, struct share *shares)
{
    for (uint32_t i = 0; i < query->word_count;)
        i = shares[query->words[i].term].found ? add_run(list, query, shares, i) : i + 1;
}

/* Whoever has a place has all places above it: a path is shared down to some level. */
static void add_path(struct list *list, const struct query_path *path, struct share *shares)
{
    uint32_t points = 0;
    int level = 0;
    for (; level < path->path.depth && shares[path->terms[level]].found; level++) {
        struct share *share = &shares[path->terms[level]];
        points += share->told ? 0 : share->points;
        share->told = true;
    }
    if (points > 0)
        add_place(list, path->path.place[level - 1], points);
}

static int by_points(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->points != y->points)
        return x->points < y->points ? 1 : -1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Empties the slots by what is in them: there are far more slots than words found. */
static void forget_slots(struct list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].kind == REASON_TERM) {
            uint32_t at = (uint32_t)XXH3_64bits(list->items[i].text, list->items[i].len);
            for (at &= list->mask; list->slots[at]; at = (at + 1) & list->mask)
                list->slots[at] = 0;
        }
}

/* One piece of memory: the struct, its items, their texts. */
static struct reasons *take_reasons(struct list *list)
{
    size_t size = sizeof(struct reasons) + list->count * sizeof(struct reason);
    for (uint32_t i = 0; i < list->count; i++)
        size += list->items[i].len + 1;
    forget_slots(list);
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, by_points);
    struct reasons *reasons = g_malloc(size);
    *reasons = (struct reasons){(struct reason *)(reasons + 1), list->count, 0};
    char *text = (char *)(reasons->items + list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct found *item = &list->items[i];
        reasons->items[i] = (struct reason){text, item->points, item->kind};
        memcpy(text, item->text, item->len);
        text[item->len] = '\0';
        text += item->len + 1;
        reasons->score += item->points;
    }
    list->count = 0;
    return reasons;
}

static struct reasons *explain(struct list *list, const struct query *query,
                               struct share *shares)
{
    add_words(list, query, shares);
    for (uint32_t i = 0; i < query->path_count; i++)
        add_path(list, &query->paths[i], shares);
    return take_reasons(list);
}

static struct share share_of(const struct query_term *term, uint8_t impact)
{
    return (struct share){
        .points = term->weight * impact, .places = term->times, .found = impact > 0};
}

/* Documents by number, so that those of a tile are looked up together; places[i]: which of the caller's the i-th is. */
static void order_docs(const uint32_t *docs, uint32_t count, uint32_t *sorted, uint32_t *places)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at > 0 && sorted[at - 1] > docs[i]; at--) {
            sorted[at] = sorted[at - 1];
            places[at] = places[at - 1];
        }
        sorted[at] = docs[i];
        places[at] = i;
    }
}

/* Fills shares[i * terms + t] for the i-th document: a term at a time, the next one asked for from memory meanwhile. */
static void take_shares(const struct query *query, const struct index *ix, const uint32_t *docs,
                        uint32_t count, struct share *shares)
{
    size_t terms = query->term_count;
    g_autofree uint32_t *numbers = g_new(uint32_t, terms + 1);
    g_autofree uint8_t *impacts = g_new(uint8_t, (gsize)count + 1);
    for (size_t t = 0; t < terms; t++)
        numbers[t] = query_find(&query->terms[t], ix);
    for (size_t t = 0; t < terms; t++) {
        if (t + 1 < terms && numbers[t + 1] != INDEX_NONE)
            index_expect_docs(ix, numbers[t + 1], docs, count);
        memset(impacts, 0, count);
        if (numbers[t] != INDEX_NONE)
            index_impacts(ix, numbers[t], docs, count, impacts);
        for (uint32_t i = 0; i < count; i++)
            shares[i * terms + t] = share_of(&query->terms[t], impacts[i]);
    }
}

void reasons_of_docs(const struct query *query, const struct index *ix, const uint32_t *docs,
                     uint32_t count, struct reasons **out)
{
    size_t terms = query->term_count;
    g_autofree struct share *shares = g_new0(struct share, terms * count + 1);
    g_autofree uint32_t *sorted = g_new(uint32_t, 2 * (gsize)count + 1);
    uint32_t *places = sorted + count;
    struct list list;
    order_docs(docs, count, sorted, places);
    take_shares(query, ix, sorted, count, shares);
    list_init(&list, query);
    for (uint32_t i = 0; i < count; i++)
        out[places[i]] = explain(&list, query, shares + i * terms);
    list_clear(&list);
}

struct reasons *reasons_of_doc(const struct query *query, const struct index *ix, uint32_t doc)
{
    struct reasons *reasons;
    reasons_of_docs(query, ix, &doc, 1, &reasons);
    return reasons;
}

struct reasons *reasons_of_profile(const struct query *query, const struct profile *profile)
{
    g_autofree struct share *shares = g_new0(struct share, query->term_count + 1);
    for (uint32_t t = 0; t < query->term_count; t++)
        shares[t] = share_of(&query->terms[t], profile_impact(profile, query->terms[t].hash));
    struct list list;
    list_init(&list, query);
    struct reasons *reasons = explain(&list, query, shares);
    list_clear(&list);
    return reasons;
}

void reasons_free(struct reasons *reasons)
{
    g_free(reasons);
}
