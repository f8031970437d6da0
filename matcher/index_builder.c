/* index_builder.c - documents in, a struct index out. Documents are first kept as they came (a forward list of term numbers
 * and times), because impacts need the mean length, which is known only at the end. */
#include "matcher/error.h"
#include "matcher/index.h"
#include "matcher/index_own.h"

#include <stdlib.h>
#include <string.h>

struct forward { /* one posting, as it came */
    uint32_t term;
    uint32_t times; /* 0: a place in a classification */
};

struct entry { /* one document, as it came */
    int64_t id;
    size_t first; /* its forward list ends where the next one's begins */
    uint32_t lengths[TERM_KINDS];
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
    struct entry doc = {.id = id, .first = builder->list_count};
    for (int kind = 0; kind < TERM_KINDS; kind++)
        doc.lengths[kind] = index_bag_length(builder->ix, bag, (enum term_kind)kind);
    g_array_append_val(builder->docs, doc);
    reserve_list(builder, bag->count);
    for (uint32_t i = 0; i < bag->count; i++) {
        const struct bag_entry *entry = &bag->entries[i];
        uint32_t term = term_number(builder, entry);
        uint32_t times = entry->level ? 0 : entry->in_text + title_times * entry->in_title;
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

static bool set_documents(struct index_builder *builder, const uint32_t *order, GError **error)
{
    struct index *ix = builder->ix;
    ix->doc_count = builder->docs->len;
    ix->ids = g_new(int64_t, ix->doc_count + 1);
    for (uint32_t i = 0; i < ix->doc_count; i++) {
        ix->ids[i] = doc_at(builder, order[i])->id;
        if (i > 0 && ix->ids[i] == ix->ids[i - 1]) {
            g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
                        "two documents have the id %" G_GINT64_FORMAT, ix->ids[i]);
            return false;
        }
    }
    return true;
}

static double mean_length(const struct index_builder *builder, int kind)
{
    double length = 0;
    for (uint32_t i = 0; i < builder->docs->len; i++)
        length += doc_at(builder, i)->lengths[kind];
    return length > 0 ? length / builder->docs->len : 1;
}

/* Mean length, π and ρ of a kind of text terms. */
static void set_kind(struct index_builder *builder, int kind)
{
    const struct index *ix = builder->ix;
    double docs = 0, repeat = 0, in_text = 0, in_both = 0;
    for (uint32_t t = 0; t < ix->term_count; t++) {
        if (ix->terms[t].level || ix->terms[t].kind != kind)
            continue;
        docs += ix->terms[t].docs;
        repeat += ix->terms[t].repeat;
        in_text += ix->terms[t].in_text;
        in_both += ix->terms[t].in_both;
    }
    builder->ix->kinds[kind] =
        (struct index_kind){.mean_length = mean_length(builder, kind),
                            .repeat_prior = (repeat + 1) / (docs + 3),
                            .title_prior = (in_both + 1) / (in_text + 10)};
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

/* Writes all postings, document by document in the order of numbers, so that every term's list rises. `tiles` gets the tile of
 * each posting until the blocks are known. */
static void write_postings(struct index_builder *builder, const uint32_t *order, uint32_t *next,
                           uint16_t *tiles)
{
    struct index *ix = builder->ix;
    for (uint32_t doc = 0; doc < ix->doc_count; doc++) {
        const struct entry *entry = doc_at(builder, order[doc]);
        size_t end = list_end(builder, order[doc]);
        for (size_t i = entry->first; i < end; i++) {
            const struct forward *f = &builder->list[i];
            uint32_t at = next[f->term]++;
            ix->post_docs[at] = (uint16_t)(doc & (INDEX_TILE - 1));
            enum term_kind kind = ix->terms[f->term].kind;
            ix->post_impacts[at] =
                f->times ? index_quantise(ix, kind, f->times, entry->lengths[kind])
                         : (uint8_t)INDEX_IMPACT_MAX;
            tiles[at] = (uint16_t)(doc >> INDEX_TILE_BITS);
        }
    }
}

static void cut_term(struct index *ix, GArray *blocks, uint32_t from, uint32_t to,
                     const uint16_t *tiles)
{
    for (uint32_t i = from; i < to; i++) {
        if (i == from || tiles[i] != tiles[i - 1]) {
            struct index_block block = {.start = i, .tile = tiles[i]};
            g_array_append_val(blocks, block);
        }
        struct index_block *last = &g_array_index(blocks, struct index_block, blocks->len - 1);
        last->max = MAX(last->max, ix->post_impacts[i]);
    }
}

/* After write_postings, next[t] is where term t ends. */
static void cut_blocks(struct index *ix, const uint32_t *next, const uint16_t *tiles)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(struct index_block));
    uint32_t from = 0;
    for (uint32_t t = 0; t < ix->term_count; t++) {
        ix->terms[t].first_block = blocks->len;
        cut_term(ix, blocks, from, next[t], tiles);
        from = next[t];
    }
    ix->terms[ix->term_count] = (struct index_term){.first_block = blocks->len};
    ix->block_count = blocks->len;
    struct index_block end = {.start = from};
    g_array_append_val(blocks, end);
    gsize count;
    ix->blocks = g_array_steal(blocks, &count);
    g_array_unref(blocks);
}

static void build_postings(struct index_builder *builder, const uint32_t *order)
{
    struct index *ix = builder->ix;
    ix->post_docs = g_new(uint16_t, builder->list_count + 1);
    ix->post_impacts = g_new0(uint8_t, builder->list_count + 1);
    g_autofree uint16_t *tiles = g_new0(uint16_t, builder->list_count + 1);
    g_autofree uint32_t *next = posting_starts(ix);
    write_postings(builder, order, next, tiles);
    cut_blocks(ix, next, tiles);
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
        for (int kind = 0; kind < TERM_KINDS; kind++)
            set_kind(builder, kind);
        build_postings(builder, order);
        ix = g_steal_pointer(&builder->ix);
        ix->terms = g_renew(struct index_term, ix->terms, ix->term_count + 1);
    }
    index_builder_free(builder);
    return ix;
}
