#include "matcher/parts.h"
#include "matcher/error.h"
#include "matcher/top.h"

#include <string.h>

struct part {
    struct index *ix;
    uint8_t *gone; /* a bit a document number */
    uint32_t gone_count;
};

struct parts {
    struct part *parts;
    const struct index **indexes; /* the same, side by side */
    uint32_t count;
    struct index_totals others; /* of parts that somebody else holds */
};

struct parts_searcher {
    const struct parts *parts;
    uint32_t count; /* of searchers; the parts may be gone before they are */
    struct searcher **searchers;
};

static bool is_gone(const struct part *part, uint32_t doc)
{
    return part->gone[doc / 8] >> (doc % 8) & 1;
}

static void mark_gone(struct part *part, uint32_t doc)
{
    if (is_gone(part, doc))
        return;
    part->gone[doc / 8] = (uint8_t)(part->gone[doc / 8] | 1u << (doc % 8));
    part->gone_count++;
}

static bool take_out(struct part *part, int64_t id)
{
    uint32_t doc = index_find(part->ix, id);
    if (doc == INDEX_NONE || is_gone(part, doc))
        return false;
    mark_gone(part, doc);
    return true;
}

/* What a later part has anew is no longer true in an earlier one. */
static void take_out_older(struct parts *parts, uint32_t later)
{
    const struct index *ix = parts->parts[later].ix;
    for (uint32_t i = 0; i < ix->doc_count; i++)
        for (uint32_t earlier = 0; earlier < later; earlier++)
            take_out(&parts->parts[earlier], ix->ids[ix->order[i]]);
}

static void add_totals(struct index_totals *all, const struct index_totals *own)
{
    all->docs += own->docs;
    all->length += own->length;
    for (int kind = 0; kind < TERM_KINDS; kind++) {
        all->sums[kind].docs += own->sums[kind].docs;
        all->sums[kind].repeat += own->sums[kind].repeat;
        all->sums[kind].in_text += own->sums[kind].in_text;
        all->sums[kind].in_both += own->sums[kind].in_both;
    }
}

static bool weigh_alike(const struct weighing *a, const struct weighing *b)
{
    bool kinds = true;
    for (int kind = 0; kind < TERM_KINDS; kind++)
        kinds &= a->kind_factor[kind] == b->kind_factor[kind];
    return kinds && a->k1 == b->k1 && a->b == b->b && a->alpha == b->alpha &&
           a->beta == b->beta && a->delta == b->delta && a->class_factor == b->class_factor &&
           a->title_times == b->title_times && a->dictionary == b->dictionary;
}

struct index_totals parts_totals(const struct parts *parts)
{
    struct index_totals all = {0};
    for (uint32_t i = 0; i < parts->count; i++)
        add_totals(&all, &parts->parts[i].ix->own);
    return all;
}

static void share_totals(struct parts *parts)
{
    struct index_totals all = parts_totals(parts);
    add_totals(&all, &parts->others);
    for (uint32_t i = 0; i < parts->count; i++)
        index_use_totals(parts->parts[i].ix, &all);
}

static void free_part(struct part *part)
{
    index_free(part->ix);
    g_free(part->gone);
}

static void take_part(struct parts *parts, struct index *ix)
{
    parts->indexes[parts->count] = ix;
    parts->parts[parts->count++] = (struct part){.ix = ix, .gone = g_malloc0(ix->span / 8 + 1)};
}

struct parts *parts_new(struct index *const *indexes, uint32_t count, GError **error)
{
    struct parts *parts = g_new0(struct parts, 1);
    bool alike = count > 0;
    parts->parts = g_new0(struct part, count + 1);
    parts->indexes = g_new0(const struct index *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        take_part(parts, indexes[i]);
        alike = alike && weigh_alike(&indexes[i]->weighing, &indexes[0]->weighing);
    }
    if (!alike) {
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
                    "no indexes, or not under one weighing");
        parts_free(parts);
        return NULL;
    }
    share_totals(parts);
    for (uint32_t later = 1; later < count; later++)
        take_out_older(parts, later);
    return parts;
}

/* ---- Changes, made ready beside searches */

struct place {
    uint32_t part, doc;
};

struct parts_ready {
    struct part *parts; /* as they will be, then those that were */
    const struct index **indexes;
    uint32_t count;
    struct index_weights **weights; /* of each that stays */
    uint32_t kept;
    GArray *gone; /* struct place: of those that stay */
    struct part added, replaced;
    struct index_totals others;
};

static void note_gone(struct parts_ready *ready, int64_t id)
{
    for (uint32_t i = 0; i < ready->kept; i++) {
        struct place place = {i, index_find(ready->parts[i].ix, id)};
        if (place.doc != INDEX_NONE && !is_gone(&ready->parts[i], place.doc))
            g_array_append_val(ready->gone, place);
    }
}

static void take_kept(struct parts_ready *ready, const struct parts *parts)
{
    ready->parts = g_new0(struct part, ready->kept + 2);
    ready->indexes = g_new0(const struct index *, ready->kept + 2);
    for (uint32_t i = 0; i < ready->kept; i++) {
        ready->parts[i] = parts->parts[i];
        ready->indexes[i] = parts->indexes[i];
    }
    ready->count = ready->kept;
}

static void take_added(struct parts_ready *ready, struct index *ix)
{
    ready->added = (struct part){.ix = ix, .gone = g_malloc0(ix->span / 8 + 1)};
    for (uint32_t i = 0; i < ix->doc_count; i++)
        note_gone(ready, ix->ids[ix->order[i]]);
    ready->parts[ready->count] = ready->added;
    ready->indexes[ready->count++] = ix;
}

static void weigh_anew(struct parts_ready *ready)
{
    struct index_totals all = ready->others;
    for (uint32_t i = 0; i < ready->count; i++)
        add_totals(&all, &ready->parts[i].ix->own);
    ready->weights = g_new0(struct index_weights *, ready->kept + 1);
    for (uint32_t i = 0; i < ready->kept; i++)
        ready->weights[i] = index_weights_new(ready->parts[i].ix, &all);
    if (ready->added.ix)
        index_use_totals(ready->added.ix, &all);
}

struct parts_ready *parts_prepare(const struct parts *parts, const struct parts_change *change,
                                  GError **error)
{
    if (change->added && !weigh_alike(&change->added->weighing, &parts->indexes[0]->weighing)) {
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT, "not under one weighing");
        index_free(change->added);
        return NULL;
    }
    struct parts_ready *ready = g_new0(struct parts_ready, 1);
    ready->kept = parts->count - (change->replaces_last ? 1 : 0);
    ready->others = change->others ? *change->others : parts->others;
    ready->gone = g_array_new(FALSE, FALSE, sizeof(struct place));
    take_kept(ready, parts);
    for (size_t i = 0; i < change->deleted_count; i++)
        note_gone(ready, change->deleted[i]);
    if (change->added)
        take_added(ready, change->added);
    if (change->added || change->replaces_last || change->others)
        weigh_anew(ready);
    return ready;
}

static void put_weights(const struct parts_ready *ready)
{
    for (uint32_t i = 0; ready->weights && i < ready->kept; i++)
        index_weights_exchange(ready->parts[i].ix, ready->weights[i]);
}

/* What is deleted and has come anew is noted twice. */
static void put_gone(const struct parts_ready *ready)
{
    for (guint i = 0; i < ready->gone->len; i++) {
        const struct place *place = &g_array_index(ready->gone, struct place, i);
        mark_gone(&ready->parts[place->part], place->doc);
    }
}

void parts_put(struct parts *parts, struct parts_ready *ready)
{
    struct parts old = *parts;
    put_weights(ready);
    put_gone(ready);
    *parts = (struct parts){ready->parts, ready->indexes, ready->count, ready->others};
    if (ready->kept < old.count)
        ready->replaced = old.parts[ready->kept];
    ready->parts = old.parts;
    ready->indexes = old.indexes;
    ready->added = (struct part){0};
}

void parts_ready_free(struct parts_ready *ready)
{
    if (!ready)
        return;
    for (uint32_t i = 0; ready->weights && i < ready->kept; i++)
        index_weights_free(ready->weights[i]);
    free_part(&ready->added);
    free_part(&ready->replaced);
    g_array_unref(ready->gone);
    g_free(ready->weights);
    g_free(ready->parts);
    g_free(ready->indexes);
    g_free(ready);
}

void parts_free(struct parts *parts)
{
    if (!parts)
        return;
    for (uint32_t i = 0; i < parts->count; i++)
        free_part(&parts->parts[i]);
    g_free(parts->parts);
    g_free(parts->indexes);
    g_free(parts);
}

bool parts_delete(struct parts *parts, int64_t id)
{
    bool found = false;
    for (uint32_t i = 0; i < parts->count; i++)
        found |= take_out(&parts->parts[i], id);
    return found;
}

uint32_t parts_count(const struct parts *parts)
{
    return parts->count;
}

const struct index *parts_at(const struct parts *parts, uint32_t i)
{
    return parts->indexes[i];
}

size_t parts_bytes(const struct parts *parts)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < parts->count; i++)
        bytes += index_bytes(parts->indexes[i]);
    return bytes;
}

void parts_set_others(struct parts *parts, const struct index_totals *others)
{
    parts->others = others ? *others : (struct index_totals){0};
    share_totals(parts);
}

struct index_totals parts_others(const struct parts *parts)
{
    return parts->others;
}

struct index_term parts_counts(const struct parts *parts, uint64_t hash)
{
    struct index_term sum = {0};
    for (uint32_t i = 0; i < parts->count; i++) {
        uint32_t number = index_find_term(parts->indexes[i], hash);
        if (number == INDEX_NONE)
            continue;
        const struct index_term *term = &parts->indexes[i]->terms[number];
        sum.docs += term->docs;
        sum.repeat += term->repeat;
        sum.in_text += term->in_text;
        sum.in_both += term->in_both;
    }
    return sum;
}

uint32_t parts_term_docs(const struct parts *parts, uint64_t hash)
{
    return parts_counts(parts, hash).docs;
}

uint32_t parts_deleted(const struct parts *parts)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < parts->count; i++)
        count += parts->parts[i].gone_count;
    return count;
}

uint32_t parts_docs(const struct parts *parts)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < parts->count; i++)
        count += parts->parts[i].ix->doc_count;
    return count - parts_deleted(parts);
}

const struct index *parts_find(const struct parts *parts, int64_t id, uint32_t *doc)
{
    for (uint32_t i = parts->count; i-- > 0;) {
        *doc = index_find(parts->parts[i].ix, id);
        if (*doc != INDEX_NONE && !is_gone(&parts->parts[i], *doc))
            return parts->parts[i].ix;
    }
    *doc = INDEX_NONE;
    return NULL;
}

struct query *parts_query(const struct parts *parts, const char *text,
                          const char *const *classes, size_t class_count)
{
    return query_new_over(parts->indexes, parts->count, text, classes, class_count);
}

struct parts_searcher *parts_search_new(const struct parts *parts)
{
    struct parts_searcher *s = g_new0(struct parts_searcher, 1);
    s->parts = parts;
    s->count = parts->count;
    s->searchers = g_new0(struct searcher *, parts->count + 1);
    for (uint32_t i = 0; i < parts->count; i++)
        s->searchers[i] = search_new(parts->parts[i].ix);
    return s;
}

void parts_search_free(struct parts_searcher *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++)
        search_free(s->searchers[i]);
    g_free(s->searchers);
    g_free(s);
}

struct keeping { /* of one part */
    const struct part *part;
    search_keep *keep;
    void *user;
};

static bool keep_living(int64_t id, void *user)
{
    const struct keeping *keeping = user;
    return !is_gone(keeping->part, index_find(keeping->part->ix, id)) &&
           (!keeping->keep || keeping->keep(id, keeping->user));
}

size_t parts_search_top(struct parts_searcher *s, const struct query *query, size_t k,
                        enum search_mode mode, search_keep *keep, void *user, struct hit *out)
{
    struct top top = {.hits = out, .k = k};
    for (uint32_t i = 0; i < s->count && k > 0; i++) {
        struct keeping keeping = {&s->parts->parts[i], keep, user};
        bool asks = keep || keeping.part->gone_count > 0;
        search_more(s->searchers[i], query, mode, asks ? keep_living : NULL, &keeping, &top);
    }
    top_sort(&top);
    return top.count;
}
