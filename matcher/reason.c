#include "matcher/reason.h"

#include <string.h>

struct share {       /* of one term of the query */
    uint32_t points; /* what it gives */
    uint32_t places; /* how many of its places in the text are still to come */
    bool found;      /* the document has it, though it may give nothing */
    bool told;       /* a place in a classification: its points have been handed out */
};

struct list {
    GArray *items;       /* struct reason */
    GHashTable *by_text; /* words of the need -> place in items + 1 */
};

static void add_reason(struct list *list, char *text, uint32_t points, enum reason_kind kind)
{
    gpointer found = kind == REASON_TERM ? g_hash_table_lookup(list->by_text, text) : NULL;
    if (found) {
        g_array_index(list->items, struct reason, GPOINTER_TO_UINT(found) - 1).points += points;
        g_free(text);
        return;
    }
    struct reason reason = {text, points, kind};
    g_array_append_val(list->items, reason);
    if (kind == REASON_TERM)
        g_hash_table_insert(list->by_text, text, GUINT_TO_POINTER(list->items->len));
}

/* The part of one place of a term in the text: equal parts, what is left over to the first. */
static uint32_t take_part(struct share *share, uint32_t times)
{
    uint32_t part = share->points / times;
    return share->places-- == times ? part + share->points % times : part;
}

/* Joins the found terms from the i-th on whose words overlap; returns the first that does not belong. */
static uint32_t add_run(struct list *list, const struct query *query, struct share *shares,
                        uint32_t i)
{
    uint32_t from = query->words[i].from, to = from, points = 0;
    for (; i < query->word_count && (to == from || query->words[i].from < to); i++) {
        const struct query_word *word = &query->words[i];
        if (!shares[word->term].found)
            continue;
        points += take_part(&shares[word->term], query->terms[word->term].times);
        to = MAX(to, word->to);
    }
    if (points > 0)
        add_reason(list, g_strndup(query->text + from, to - from), points, REASON_TERM);
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
        add_reason(list, g_strdup(path->path.place[level - 1]), points, REASON_CLASS);
}

static gint by_points(gconstpointer a, gconstpointer b)
{
    uint32_t x = ((const struct reason *)a)->points, y = ((const struct reason *)b)->points;
    return (x < y) - (x > y);
}

static struct reasons *take_reasons(GArray *items)
{
    struct reasons *reasons = g_new0(struct reasons, 1);
    gsize count;
    g_array_sort(items, by_points); /* GLib's sort is stable */
    reasons->items = g_array_steal(items, &count);
    reasons->count = (uint32_t)count;
    for (uint32_t i = 0; i < reasons->count; i++)
        reasons->score += reasons->items[i].points;
    return reasons;
}

static struct reasons *explain(const struct query *query, struct share *shares)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(struct reason));
    g_autoptr(GHashTable) by_text = g_hash_table_new(g_str_hash, g_str_equal);
    struct list list = {items, by_text};
    add_words(&list, query, shares);
    for (uint32_t i = 0; i < query->path_count; i++)
        add_path(&list, &query->paths[i], shares);
    return take_reasons(items);
}

static struct share share_of(const struct query_term *term, uint8_t impact)
{
    return (struct share){
        .points = term->weight * impact, .places = term->times, .found = impact > 0};
}

void reasons_of_docs(const struct query *query, const struct index *ix, const uint32_t *docs,
                     uint32_t count, struct reasons **out)
{
    size_t terms = query->term_count;
    g_autofree struct share *shares = g_new0(struct share, terms * count + 1);
    g_autofree uint8_t *impacts = g_new(uint8_t, (gsize)count + 1);
    for (size_t t = 0; t < terms; t++) {
        uint32_t term = query_find(&query->terms[t], ix);
        memset(impacts, 0, count);
        if (term != INDEX_NONE)
            index_impacts(ix, term, docs, count, impacts);
        for (uint32_t i = 0; i < count; i++)
            shares[i * terms + t] = share_of(&query->terms[t], impacts[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        out[i] = explain(query, shares + i * terms);
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
    return explain(query, shares);
}

void reasons_free(struct reasons *reasons)
{
    if (!reasons)
        return;
    for (uint32_t i = 0; i < reasons->count; i++)
        g_free(reasons->items[i].text);
    g_free(reasons->items);
    g_free(reasons);
}
