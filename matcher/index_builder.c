/* index_builder.c - documents in, a struct index out. Documents are first kept as they came (a forward list of term numbers
 * and times), because their numbers need all lengths, which are known only at the end.
 *
 * A posting takes some two bytes there: 2 · term + (f > 1) as a varint, seven bits a byte, low ones first; then f, where it is more than 1.
 * Terms are numbered as they come, so that frequent ones have small numbers. Lists are turned round for some terms at a time. */
#include "matcher/error.h"
#include "matcher/index.h"
#include "matcher/index_own.h"

#include <stdlib.h>
#include <string.h>

enum {
    POSTING_MOST = 10,      /* bytes in a forward list */
    AT_ONCE_LEAST = 1 << 16 /* postings turned round at a time */
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
    uint8_t *list; /* forward lists, one behind the other */
    size_t list_size, list_room, posting_count;
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

static void reserve_list(struct index_builder *builder, size_t postings)
{
    size_t most = builder->list_size + postings * POSTING_MOST;
    if (most <= builder->list_room)
        return;
    builder->list_room = MAX(builder->list_room + builder->list_room / 2, most);
    builder->list = g_realloc(builder->list, builder->list_room);
}

static uint8_t *write_number(uint8_t *at, uint64_t number)
{
    for (; number >= 128; number >>= 7)
        *at++ = (uint8_t)(number | 128);
    *at++ = (uint8_t)number;
    return at;
}

static const uint8_t *read_number(const uint8_t *at, uint64_t *number)
{
    *number = *at & 127;
    for (int shift = 7; *at++ & 128; shift += 7)
        *number |= (uint64_t)(*at & 127) << shift;
    return at;
}

static void add_posting(struct index_builder *builder, uint32_t term, uint32_t times)
{
    uint8_t *at = builder->list + builder->list_size;
    at = write_number(at, (uint64_t)term * 2 + (times > 1));
    if (times > 1)
        at = write_number(at, times);
    builder->list_size = (size_t)(at - builder->list);
    builder->posting_count++;
}

static void add_bag(struct index_builder *builder, int64_t id)
{
    const struct bag *bag = &builder->bag;
    uint32_t title_times = builder->ix->weighing.title_times;
    struct entry doc = {id, builder->list_size, index_bag_length(builder->ix, bag)};
    g_array_append_val(builder->docs, doc);
    reserve_list(builder, bag->count);
    for (uint32_t i = 0; i < bag->count; i++) {
        const struct bag_entry *entry = &bag->entries[i];
        uint32_t term = term_number(builder, entry);
        add_posting(builder, term,
                    entry->level ? 1 : entry->in_text + title_times * entry->in_title);
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
                                            : builder->list_size;
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

/* From document numbers to arrivals; INDEX_NONE where there is no document. */
static uint32_t *arrivals_of(const struct index *ix, const uint32_t *order)
{
    uint32_t *arrivals = g_new(uint32_t, ix->span + 1);
    memset(arrivals, 0xff, ix->span * sizeof *arrivals);
    for (uint32_t i = 0; i < ix->doc_count; i++)
        arrivals[ix->order[i]] = order[i];
    return arrivals;
}

/* Terms whose postings are turned round at a time. */
struct turn {
    uint32_t first, behind;
    uint32_t *next; /* of each, where its next posting goes */
    struct index_postings out;
    GArray *
        heavy; /* struct index_heavy: those with a great f, which leave room behind the term's others */
};

static void turn_list(const uint8_t *at, const uint8_t *end, uint32_t doc, struct turn *turn)
{
    while (at < end) {
        uint64_t code, times = 1;
        at = read_number(at, &code);
        if (code & 1)
            at = read_number(at, &times);
        uint32_t term = (uint32_t)(code >> 1), place = term - turn->first;
        if (term < turn->first || term >= turn->behind)
            continue;
        if (times >= INDEX_TIMES) {
            struct index_heavy posting = {term, doc, (uint32_t)times, 0};
            g_array_append_val(turn->heavy, posting);
            continue;
        }
        turn->out.docs[turn->next[place]] = doc;
        turn->out.times[turn->next[place]++] = (uint8_t)times;
    }
}

/* Document by document in the order of numbers, so that every term's postings rise. */
static void turn_round(const struct index_builder *builder, const uint32_t *arrivals,
                       struct turn *turn)
{
    for (uint32_t doc = 0; doc < builder->ix->span; doc++)
        if (arrivals[doc] != INDEX_NONE)
            turn_list(builder->list + doc_at(builder, arrivals[doc])->first,
                      builder->list + list_end(builder, arrivals[doc]), doc, turn);
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

/* The next terms that together have no more postings than `most`, one at least; sets where each one's begin. */
static void choose_terms(const struct index *ix, struct turn *turn, uint32_t most)
{
    uint32_t at = 0;
    turn->first = turn->behind;
    do {
        turn->next[turn->behind - turn->first] = at;
        at += ix->terms[turn->behind++].docs;
    } while (turn->behind < ix->term_count &&
             ix->terms[turn->behind].docs <= most - MIN(at, most));
}

/* A pass over all lists costs little beside reading texts; four of them leave what is turned round a quarter of the room. */
static uint32_t postings_at_once(const struct index_builder *builder)
{
    enum { PASSES = 4 };
    size_t share = builder->posting_count / PASSES;
    return (uint32_t)MAX(share, MAX((size_t)AT_ONCE_LEAST, builder->docs->len));
}

static bool pack_terms(const struct index_builder *builder, const uint32_t *order,
                       struct index_packer *packer, struct turn *turn, GError **error)
{
    const struct index *ix = builder->ix;
    uint32_t most = postings_at_once(builder);
    g_autofree uint32_t *arrivals = arrivals_of(ix, order);
    g_autofree uint32_t *docs = g_new(uint32_t, MIN(most, builder->posting_count) + 1);
    g_autofree uint8_t *times = g_new(uint8_t, MIN(most, builder->posting_count) + 1);
    g_autofree uint32_t *next = g_new(uint32_t, ix->term_count + 1);
    bool done = true;
    turn->next = next;
    turn->out = (struct index_postings){docs, times};
    while (done && turn->behind < ix->term_count) {
        choose_terms(ix, turn, most);
        turn_round(builder, arrivals, turn);
        done = index_pack(packer, &turn->out, next, turn->behind - turn->first, error);
    }
    return done;
}

static bool build_postings(struct index_builder *builder, const uint32_t *order, GError **error)
{
    struct index *ix = builder->ix;
    struct index_packer *packer = index_packer_new(ix);
    struct turn turn = {.heavy = g_array_new(FALSE, FALSE, sizeof(struct index_heavy))};
    bool done = pack_terms(builder, order, packer, &turn, error);
    g_clear_pointer(&builder->list, g_free);
    index_packer_end(packer);
    take_heavy(ix, turn.heavy);
    index_use_totals(ix, &ix->own);
    return done;
}

static bool is_countable(const struct index_builder *builder, GError **error)
{
    if (builder->docs->len <= 1u << 30 && builder->posting_count < UINT32_MAX)
        return true;
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_LIMIT,
                "%u documents with %zu postings are more than one index holds",
                builder->docs->len, builder->posting_count);
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
