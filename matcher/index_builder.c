/* index_builder.c - documents in, a struct index out. Documents are first kept as they came (a forward list of term numbers
 * and times), because impacts need the mean length, which is known only at the end. */
#include "matcher/error.h"
#include "matcher/index.h"
#include "matcher/index_own.h"

#include <stdlib.h>
#include <string.h>

struct forward { /* one posting, as it came */
    uint32_t term;
    uint32_t times; /* f */
};

struct entry { /* one document, as it came */
    int64_t id;
    size_t first; /* its forward list ends where the next one's begins */
    uint32_t length;
};

struct index_builder {
    struct index *ix; /* terms, slots and sums grow here */
    uint32_t term_room;
    GArray *docs;
    struct forward *list;
    size_t list_count, list_room;
    struct bag bag;
};

struct index_builder *index_builder_new(const struct weighing *weighing)
{
    struct index_builder *builder = g_new0(struct index_builder, 1);
    builder->ix = g_new0(struct index, 1);
    builder->ix->weighing = *weighing;
    builder->term_room = 1024;
    builder->ix->terms = g_new0(struct index_term, builder->term_room);
    index_set_slots(builder->ix, 2 * builder->term_room);
    builder->docs = g_array_new(FALSE, FALSE, sizeof(struct entry));
    bag_init(&builder->bag, weighing->dictionary);
    return builder;
}

void index_builder_free(struct index_builder *builder)
{
    if (!builder)
        return;
    index_free(builder->ix);
    g_array_unref(builder->docs);
    g_free(builder->list);
    bag_clear(&builder->bag);
    g_free(builder);
}

static uint32_t term_number(struct index_builder *builder, const struct bag_entry *entry)
{
    struct index *ix = builder->ix;
    uint32_t *slot = index_slot(ix, entry->hash);
    if (*slot)
        return *slot - 1;
    if (ix->term_count + 1 == builder->term_room) { /* one stays free for the end */
        builder->term_room *= 2;
        ix->terms = g_renew(struct index_term, ix->terms, builder->term_room);
        index_set_slots(ix, 2 * builder->term_room);
        slot = index_slot(ix, entry->hash);
    }
    ix->terms[ix->term_count] =
        (struct index_term){.hash = entry->hash, .level = entry->level, .kind = entry->kind};
    *slot = ++ix->term_count;
    return *slot - 1;
}

static void count_term(struct index_term *term, const struct bag_entry *entry)
{
    term->docs++;
    term->repeat += entry->in_title + entry->in_text >= 2;
    term->in_text += entry->in_text > 0;
    term->in_both += entry->in_text > 0 && entry->in_title > 0;
}

static void reserve_list(struct index_builder *builder, size_t more)
{
    if (builder->list_count + more <= builder->list_room)
        return;
    builder->list_room = MAX(2 * builder->list_room, builder->list_count + more);
    builder->list = g_renew(struct forward, builder->list, builder->list_room);
}

static void add_bag(struct index_builder *builder, int64_t id)
{
    const struct bag *bag = &builder->bag;
    uint32_t title_times = builder->ix->weighing.title_times;
    struct entry doc = {id, builder->list_count, index_bag_length(builder->ix, bag)};
    g_array_append_val(builder->docs, doc);
    reserve_list(builder, bag->count);
    for (uint32_t i = 0; i < bag->count; i++) {
        const struct bag_entry *entry = &bag->entries[i];
        uint32_t term = term_number(builder, entry);
        uint32_t times = entry->level ? 1 : entry->in_text + title_times * entry->in_title;
        builder->list[builder->list_count++] = (struct forward){term, times};
        count_term(&builder->ix->terms[term], entry);
    }
}

void index_add(struct index_builder *builder, const struct document *document)
{
    bag_reset(&builder->bag);
    bag_add_document(&builder->bag, document);
    add_bag(builder, document->id);
}

void index_add_sketch(struct index_builder *builder, const struct document *document,
                      struct sketch *out)
{
    const struct bag *bag = &builder->bag;
    index_add(builder, document);
    sketch_init(out);
    for (uint32_t i = 0; i < bag->count; i++)
        if (bag->entries[i].level == 0 && bag->entries[i].kind == TERM_PAIR)
            sketch_add(out, bag->entries[i].hash);
}

void index_add_tokens(struct index_builder *builder, int64_t id, const uint64_t *tokens,
                      size_t count)
{
    bag_reset(&builder->bag);
    for (size_t i = 0; i < count; i++)
        bag_add_token(&builder->bag, tokens[i]);
    add_bag(builder, id);
}

static struct entry *doc_at(const struct index_builder *builder, uint32_t i)
{
    return &g_array_index(builder->docs, struct entry, i);
}

static size_t list_end(const struct index_builder *builder, uint32_t arrival)
{
    return arrival + 1 < builder->docs->len ? doc_at(builder, arrival + 1)->first
                                            : builder->list_count;
}

static int by_id(gconstpointer a, gconstpointer b, gpointer user)
{
    const struct index_builder *builder = user;
    int64_t x = doc_at(builder, *(const uint32_t *)a)->id,
            y = doc_at(builder, *(const uint32_t *)b)->id;
    return (x > y) - (x < y);
}

/* The arrivals in the order of their ids: a document's number is its place in it. */
static uint32_t *order_documents(struct index_builder *builder)
{
    uint32_t count = builder->docs->len, *order = g_new0(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)count, sizeof *order, by_id, builder);
    return order;
}

/* The numbers of documents: by length, then by id, each length from a new chunk on. `number` gets them by place in `order`. */
static void number_documents(struct index_builder *builder, const uint32_t *order,
                             uint32_t *number)
{
    struct index *ix = builder->ix;
    uint32_t *next = g_new0(uint32_t, INDEX_LENGTH_CODES + 1), at = 0;
    for (uint32_t i = 0; i < ix->doc_count; i++)
        next[index_length_code(doc_at(builder, order[i])->length)]++;
    for (uint32_t code = 0; code < INDEX_LENGTH_CODES; code++) {
        uint32_t count = next[code];
        next[code] = at;
        at += (count + INDEX_CHUNK - 1) / INDEX_CHUNK * INDEX_CHUNK;
    }
    ix->span = at;
    for (uint32_t i = 0; i < ix->doc_count; i++)
        number[i] = next[index_length_code(doc_at(builder, order[i])->length)]++;
    g_free(next);
}

static bool set_documents(struct index_builder *builder, const uint32_t *order, GError **error)
{
    struct index *ix = builder->ix;
    ix->doc_count = builder->docs->len;
    ix->own.docs = ix->doc_count;
    ix->order = g_new(uint32_t, ix->doc_count + 1);
    number_documents(builder, order, ix->order);
    ix->ids = g_new0(int64_t, ix->span + 1);
    ix->lengths = g_new0(uint32_t, ix->span / INDEX_CHUNK + 1);
    for (uint32_t i = 0; i < ix->doc_count; i++) {
        const struct entry *doc = doc_at(builder, order[i]);
        ix->ids[ix->order[i]] = doc->id;
        ix->lengths[ix->order[i] / INDEX_CHUNK] = index_length(doc->length);
        ix->own.length += doc->length;
        if (i > 0 && doc->id == doc_at(builder, order[i - 1])->id) {
            g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
                        "two documents have the id %" G_GINT64_FORMAT, doc->id);
            return false;
        }
    }
    return true;
}

static void sum_terms(struct index *ix)
{
    for (uint32_t t = 0; t < ix->term_count; t++) {
        const struct index_term *term = &ix->terms[t];
        struct index_sums *sums = &ix->own.sums[term->kind];
        if (term->level)
            continue;
        sums->docs += term->docs;
        sums->repeat += term->repeat;
        sums->in_text += term->in_text;
        sums->in_both += term->in_both;
    }
}

/* Where the next posting of each term goes: at first, where its postings begin. */
static uint32_t *posting_starts(const struct index *ix)
{
    uint32_t *next = g_new0(uint32_t, ix->term_count + 1);
    uint32_t at = 0;
    for (uint32_t t = 0; t < ix->term_count; t++) {
        next[t] = at;
        at += ix->terms[t].docs;
    }
    next[ix->term_count] = at;
    return next;
}

/* From document numbers to arrivals; INDEX_NONE where there is no document. */
static uint32_t *arrivals_of(const struct index *ix, const uint32_t *order)
{
    uint32_t *arrivals = g_new(uint32_t, ix->span + 1);
    memset(arrivals, 0xff, ix->span * sizeof *arrivals);
    for (uint32_t i = 0; i < ix->doc_count; i++)
        arrivals[ix->order[i]] = order[i];
    return arrivals;
}

/* Turns the forward lists round, document by document in the order of numbers, so that every term's postings rise. Those with
 * a great f go to `heavy`, and leave room behind the term's others. */
static void turn_round(struct index_builder *builder, const uint32_t *order, uint32_t *next,
                       const struct index_postings *out, GArray *heavy)
{
    const struct index *ix = builder->ix;
    g_autofree uint32_t *arrivals = arrivals_of(ix, order);
    for (uint32_t doc = 0; doc < ix->span; doc++) {
        size_t end = arrivals[doc] == INDEX_NONE ? 0 : list_end(builder, arrivals[doc]);
        size_t i = end ? doc_at(builder, arrivals[doc])->first : 0;
        for (; i < end; i++) {
            const struct forward *f = &builder->list[i];
            if (f->times >= INDEX_TIMES) {
                struct index_heavy posting = {f->term, doc, f->times, 0};
                g_array_append_val(heavy, posting);
                continue;
            }
            out->docs[next[f->term]] = doc;
            out->times[next[f->term]++] = (uint8_t)f->times;
        }
    }
}

static int by_term_and_doc(const void *a, const void *b)
{
    const struct index_heavy *x = a, *y = b;
    if (x->term != y->term)
        return x->term < y->term ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static void take_heavy(struct index *ix, GArray *heavy)
{
    ix->heavy_count = heavy->len;
    ix->heavy = g_new(struct index_heavy, heavy->len + 1);
    if (heavy->len > 0)
        memcpy(ix->heavy, heavy->data, heavy->len * sizeof *ix->heavy);
    qsort(ix->heavy, ix->heavy_count, sizeof *ix->heavy, by_term_and_doc);
    for (uint32_t i = 0; i < ix->heavy_count; i++)
        ix->terms[ix->heavy[i].term].is_heavy = true;
    g_array_unref(heavy);
}

static bool build_postings(struct index_builder *builder, const uint32_t *order, GError **error)
{
    struct index *ix = builder->ix;
    g_autofree uint32_t *docs = g_new(uint32_t, builder->list_count + 1);
    g_autofree uint8_t *times = g_new(uint8_t, builder->list_count + 1);
    g_autofree uint32_t *next = posting_starts(ix);
    GArray *heavy = g_array_new(FALSE, FALSE, sizeof(struct index_heavy));
    struct index_postings postings = {docs, times};
    turn_round(builder, order, next, &postings, heavy);
    g_clear_pointer(&builder->list, g_free);
    take_heavy(ix, heavy);
    index_use_totals(ix, &ix->own);
    return index_pack(ix, &postings, next, error);
}

static bool is_countable(const struct index_builder *builder, GError **error)
{
    if (builder->docs->len <= 1u << 30 && builder->list_count < UINT32_MAX)
        return true;
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_LIMIT,
                "%u documents with %zu postings are more than one index holds",
                builder->docs->len, builder->list_count);
    return false;
}

struct index *index_finish(struct index_builder *builder, GError **error)
{
    struct index *ix = NULL;
    g_autofree uint32_t *order = order_documents(builder);
    if (is_countable(builder, error) && set_documents(builder, order, error)) {
        sum_terms(builder->ix);
        builder->ix->terms =
            g_renew(struct index_term, builder->ix->terms, builder->ix->term_count + 1);
        if (build_postings(builder, order, error))
            ix = g_steal_pointer(&builder->ix);
    }
    index_builder_free(builder);
    return ix;
}
