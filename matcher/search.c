#include "matcher/search.h"
#include "matcher/plan.h"
#include "matcher/top.h"

#include <stdlib.h>
#include <string.h>

struct part { /* a list of a tiled term in this tile */
    struct list list;
    const struct list_table *table;
    uint32_t weight, bound; /* bound: the most it can give */
    uint32_t term;          /* two lists of one term have no document in common */
    bool is_weak;           /* looked up at the end, not added up */
    uint32_t step;          /* weak: what it adds to the bound of the weak ones */
};

struct searcher {
    const struct index *ix;
    const struct kernel *kernel;
    struct plan plan;
    uint32_t *sums;   /* INDEX_TILE; zero between tiles */
    uint16_t *places; /* what a scan gives */
    uint32_t *scores;
    uint32_t *bounds; /* INDEX_TILE_CHUNKS */
    uint8_t flat_impacts[INDEX_TILE_CHUNKS * INDEX_TIMES], flat_ones[INDEX_TILE_CHUNKS];
    struct list_table flat;  /* for places in classifications */
    struct list_table table; /* of the tile */
    GArray *rows;            /* struct kernel_row: the rows of a scan */
    guint scanned;     /* so many of the plan's rows they are; the rest is too many for it */
    GArray *crests;    /* struct kernel_row: the same for chunks */
    GArray *row_times; /* uint8_t: the greatest f of each */
    GArray *parts;
    uint32_t *order;       /* of parts, the weakest first */
    uint32_t weak_count;   /* of them are weak */
    uint32_t *weak_bounds; /* scratch: of each tiled term */
    uint32_t tiled_room;
    struct top top;
    search_keep *keep;
    void *user;
};

struct tile {
    uint32_t number, first, chunks; /* first: of its documents */
    const uint8_t *impacts;
    uint64_t bound;      /* the most that a document of it can get */
    uint64_t row_bound;  /* … from the rows of the scan */
    uint64_t weak_bound; /* … from the weak lists */
    uint32_t floor;      /* what a score must be to come in */
};

static void set_tiled_room(struct searcher *s, uint32_t room)
{
    s->tiled_room = room;
    s->weak_bounds = g_renew(uint32_t, s->weak_bounds, room);
    s->order = g_renew(uint32_t, s->order, 2 * (gsize)room);
}

struct searcher *search_new(const struct index *ix)
{
    return search_new_with(ix, kernel_best());
}

struct searcher *search_new_with(const struct index *ix, const struct kernel *kernel)
{
    struct searcher *s = g_new0(struct searcher, 1);
    s->ix = ix;
    s->kernel = kernel;
    plan_init(&s->plan);
    s->sums = g_aligned_alloc0(INDEX_TILE, sizeof *s->sums, 64);
    s->bounds = g_aligned_alloc0(INDEX_TILE_CHUNKS, sizeof *s->bounds, 64);
    s->places = g_new(uint16_t, INDEX_TILE + KERNEL_SLACK);
    s->scores = g_new(uint32_t, INDEX_TILE + KERNEL_SLACK);
    for (uint32_t chunk = 0; chunk < INDEX_TILE_CHUNKS; chunk++)
        s->flat_impacts[chunk * INDEX_TIMES + 1] = s->flat_ones[chunk] = INDEX_IMPACT_MAX;
    s->flat = (struct list_table){s->flat_impacts, s->flat_ones};
    set_tiled_room(s, 64);
    s->rows = g_array_new(FALSE, FALSE, sizeof(struct kernel_row));
    s->crests = g_array_new(FALSE, FALSE, sizeof(struct kernel_row));
    s->row_times = g_array_new(FALSE, FALSE, sizeof(uint8_t));
    s->parts = g_array_new(FALSE, FALSE, sizeof(struct part));
    return s;
}

void search_free(struct searcher *s)
{
    if (!s)
        return;
    plan_clear(&s->plan);
    g_aligned_free(s->sums);
    g_aligned_free(s->bounds);
    g_free(s->places);
    g_free(s->scores);
    g_array_unref(s->rows);
    g_array_unref(s->crests);
    g_array_unref(s->row_times);
    g_array_unref(s->parts);
    g_free(s->weak_bounds);
    g_free(s->order);
    g_free(s);
}

static uint32_t bound_of(const struct tile *tile, uint32_t weight, uint32_t times, bool is_flat)
{
    return weight * (is_flat ? (uint32_t)INDEX_IMPACT_MAX : tile->impacts[times]);
}

/* The documents of a tile stand in the order of their length, so its first chunk has the greatest impact of each f. */
static void enter_tile(struct searcher *s, uint32_t number, struct tile *tile)
{
    const struct index *ix = s->ix;
    uint32_t first = number << INDEX_TILE_BITS;
    *tile = (struct tile){.number = number,
                          .first = first,
                          .chunks = MIN(ix->span - first, (uint32_t)INDEX_TILE) / INDEX_CHUNK,
                          .impacts = ix->impacts + (size_t)first / INDEX_CHUNK * INDEX_TIMES};
    s->table = (struct list_table){tile->impacts, ix->ones + first / INDEX_CHUNK};
}

static int by_weight(const void *a, const void *b)
{
    uint32_t x = ((const struct plan_row *)a)->row.weight,
             y = ((const struct plan_row *)b)->row.weight;
    return (x < y) - (x > y);
}

/* The rows that a scan takes, the weightiest first, great weights in parts. More than it takes are added up before. */
static void set_rows(struct searcher *s)
{
    GArray *rows = s->plan.rows;
    s->scanned = 0;
    g_array_set_size(s->rows, 0);
    g_array_set_size(s->crests, 0);
    g_array_set_size(s->row_times, 0);
    if (rows->len > 1)
        qsort(rows->data, rows->len, sizeof(struct plan_row), by_weight);
    for (guint i = 0; i < rows->len && s->rows->len + 3 <= KERNEL_ROWS_MAX; i++) {
        const struct plan_row *row = &g_array_index(rows, struct plan_row, i);
        struct kernel_row part = row->row, crest = row->row;
        crest.codes = row->crest;
        for (uint32_t rest = part.weight; rest > 0; rest -= part.weight) {
            part.weight = crest.weight = MIN(rest, (uint32_t)KERNEL_WEIGHT_MAX);
            g_array_append_val(s->rows, part);
            g_array_append_val(s->crests, crest);
            g_array_append_val(s->row_times, row->times_max);
        }
        s->scanned++;
    }
}

static void bound_rows(const struct searcher *s, struct tile *tile)
{
    for (guint i = 0; i < s->plan.rows->len; i++) {
        const struct plan_row *row = &g_array_index(s->plan.rows, struct plan_row, i);
        uint32_t bound = bound_of(tile, row->row.weight, row->times_max, row->row.is_flat);
        tile->bound += bound;
        tile->row_bound += i < s->scanned ? bound : 0;
    }
}

static uint32_t add_part(struct searcher *s, const struct tile *tile, struct list list,
                         uint32_t term)
{
    const struct plan_tiled *tiled = &g_array_index(s->plan.tiled, struct plan_tiled, term);
    bool is_flat = tiled->term->level > 0;
    uint32_t times = list.times ? tiled->term->times_max : 1;
    struct part part = {.list = list,
                        .table = is_flat ? &s->flat : &s->table,
                        .weight = tiled->weight,
                        .bound = bound_of(tile, tiled->weight, times, is_flat),
                        .term = term};
    if (list.count == 0)
        return 0;
    g_array_append_val(s->parts, part);
    return part.bound;
}

/* Asks for the lists that this term has in the tile that comes next, before they are needed. */
static void expect_next(const struct searcher *s, const struct tile *tile, uint32_t term)
{
    index_expect_tile(s->ix, g_array_index(s->plan.tiled, struct plan_tiled, term).term,
                      tile->number + 1);
}

static void set_parts(struct searcher *s, struct tile *tile)
{
    g_array_set_size(s->parts, 0);
    for (guint i = 0; i < s->plan.tiled->len; i++) {
        const struct plan_tiled *tiled = &g_array_index(s->plan.tiled, struct plan_tiled, i);
        struct list lists[2];
        index_open_tile(s->ix, tiled->term, tile->number, lists);
        uint32_t ones = add_part(s, tile, lists[0], i), more = add_part(s, tile, lists[1], i);
        tile->bound += MAX(ones, more);
    }
}

/* By bound, rising. There are few, and they come in nearly the same order in every tile. */
static void sort_parts(struct searcher *s)
{
    uint32_t count = s->parts->len;
    const struct part *parts = (const struct part *)(void *)s->parts->data;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at > 0 && parts[s->order[at - 1]].bound > parts[i].bound; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = i;
    }
}

/* Marks the lists that are looked up at the end: the weakest, so many that all of them together stay within what is spare. */
static void choose_weak(struct searcher *s, struct tile *tile, uint64_t spare)
{
    sort_parts(s);
    memset(s->weak_bounds, 0, s->plan.tiled->len * sizeof *s->weak_bounds);
    for (guint i = 0; i < s->parts->len; i++) {
        struct part *part = &g_array_index(s->parts, struct part, s->order[i]);
        uint32_t more = part->bound - s->weak_bounds[part->term];
        if (tile->weak_bound + more > spare)
            return;
        part->is_weak = true;
        part->step = more;
        s->weak_count++;
        tile->weak_bound += more;
        s->weak_bounds[part->term] = part->bound;
    }
}

static void add_row(struct searcher *s, const struct tile *tile, struct kernel_row row)
{
    struct scan scan = {.sums = s->sums,
                        .first = tile->first / INDEX_CHUNK,
                        .chunks = tile->chunks,
                        .impacts = tile->impacts,
                        .rows = &row,
                        .row_count = 1};
    for (uint32_t rest = row.weight; rest > 0; rest -= row.weight) {
        row.weight = MIN(rest, (uint32_t)KERNEL_WEIGHT_MAX);
        s->kernel->add(&scan, false);
    }
}

static void add_lists(struct searcher *s, const struct tile *tile)
{
    for (guint i = s->scanned; i < s->plan.rows->len; i++)
        add_row(s, tile, g_array_index(s->plan.rows, struct plan_row, i).row);
    for (guint i = 0; i < s->parts->len; i++) {
        const struct part *part = &g_array_index(s->parts, struct part, i);
        if (i == 0 || part[-1].term != part->term)
            expect_next(s, tile, part->term);
        if (!part->is_weak)
            s->kernel->add_list(&part->list, part->weight, part->table, s->sums);
    }
    plan_add(&s->plan, tile->first, tile->first + INDEX_TILE, s->sums);
}

/* Looks the weak lists up, strongest first, for the documents that they could still lift to the floor. */
static uint32_t look_up(struct searcher *s, const struct tile *tile, uint32_t count)
{
    uint64_t lift = tile->weak_bound;
    for (guint i = s->weak_count; i-- > 0 && count > 0;) {
        const struct part *part = &g_array_index(s->parts, struct part, s->order[i]);
        uint32_t kept = 0;
        lift -= part->step;
        for (uint32_t j = 0; j < count; j++) {
            uint16_t place = s->places[j];
            uint32_t times = s->kernel->find_list(&part->list, place);
            uint32_t score =
                s->scores[j] +
                part->weight * part->table->impacts[place / INDEX_CHUNK * INDEX_TIMES + times];
            s->places[kept] = place;
            s->scores[kept] = score;
            kept += score + lift >= tile->floor;
        }
        count = kept;
    }
    return count;
}

/* Asks for the ids of what was handed out, which are needed when the weak lists have been looked up. */
static void expect_ids(const struct searcher *s, const struct tile *tile, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&s->ix->ids[tile->first + s->places[i]]);
}

static void offer(struct searcher *s, const struct tile *tile, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t doc = tile->first + s->places[i], score = s->scores[i];
        if (score < s->top.floor)
            continue;
        int64_t id = s->ix->ids[doc];
        if (top_wants(&s->top, score, id) && (!s->keep || s->keep(id, s->user)))
            top_offer(&s->top, (struct hit){id, doc, score});
    }
}

/* What the weak lists may add up to where pruning should pay: more of them are fewer additions, but more documents come near,
 * and each is looked up. A quarter of what the rows leave was best, or near it, at 100,000 and at 1,000,000 documents. */
static uint64_t spare_of(const struct tile *tile)
{
    return tile->floor > tile->row_bound ? (tile->floor - tile->row_bound) / 4 : 0;
}

/* While there are not yet k, the k-th greatest peak is a floor: so many documents have at least that. */
static uint32_t first_floor(const struct searcher *s, const struct tile *tile)
{
    uint32_t peaks[INDEX_TILE_CHUNKS];
    s->kernel->find_peaks(s->sums, tile->chunks, peaks);
    return top_kth(peaks, tile->chunks, s->top.k);
}

/* The bars of the rows: what is left to come from a row, those behind it and the weak lists must reach the floor. */
static void set_bars(struct searcher *s, const struct tile *tile, bool prunes)
{
    uint64_t lift = tile->weak_bound;
    for (guint i = s->rows->len; i-- > 0;) {
        struct kernel_row *row = &g_array_index(s->rows, struct kernel_row, i);
        lift +=
            bound_of(tile, row->weight, g_array_index(s->row_times, uint8_t, i), row->is_flat);
        row->bar = prunes ? kernel_less(tile->floor, lift) : 0;
    }
}

/* The most that rows and weak lists give to a document of each chunk: the crests under the table of the first, which has the
 * shortest documents. */
static void set_bounds(struct searcher *s, const struct tile *tile)
{
    struct scan scan = {.sums = s->bounds,
                        .first = tile->first / INDEX_CHUNK / INDEX_CHUNK,
                        .chunks = INDEX_TILE_CHUNKS / INDEX_CHUNK,
                        .impacts = tile->impacts,
                        .rows = (const struct kernel_row *)(void *)s->crests->data,
                        .row_count = s->crests->len};
    for (uint32_t i = 0; i < INDEX_TILE_CHUNKS; i++)
        s->bounds[i] = (uint32_t)tile->weak_bound;
    s->kernel->add(&scan, true);
}

static void search_tile(struct searcher *s, uint32_t number, enum search_mode mode)
{
    struct tile tile;
    bool prunes = mode != SEARCH_EXHAUSTIVE;
    enter_tile(s, number, &tile);
    bound_rows(s, &tile);
    set_parts(s, &tile);
    tile.bound += s->plan.bound;
    if (tile.bound == 0 || (prunes && tile.bound < s->top.floor))
        return; /* nothing here can come in */
    tile.floor = s->top.floor;
    s->weak_count = 0;
    if (prunes && tile.floor > 0)
        choose_weak(s, &tile, mode == SEARCH_PRUNED ? tile.floor - 1u : spare_of(&tile));
    add_lists(s, &tile);
    if (prunes && tile.floor == 0 && !s->keep)
        tile.floor = first_floor(s, &tile);
    set_bars(s, &tile, prunes);
    set_bounds(s, &tile);
    struct scan scan = {.sums = s->sums,
                        .first = tile.first / INDEX_CHUNK,
                        .chunks = tile.chunks,
                        .impacts = tile.impacts,
                        .rows = (const struct kernel_row *)(void *)s->rows->data,
                        .row_count = s->rows->len,
                        .bounds = s->bounds,
                        .floor = prunes ? tile.floor : 0,
                        .bar = MAX(kernel_less(tile.floor, tile.weak_bound), 1),
                        .places = s->places,
                        .scores = s->scores};
    uint32_t count = s->kernel->scan(&scan);
    expect_ids(s, &tile, count);
    offer(s, &tile, look_up(s, &tile, count));
}

static void begin(struct searcher *s, const struct query *query)
{
    plan_set(&s->plan, s->kernel, s->ix, query);
    set_rows(s);
    if (s->plan.tiled->len > s->tiled_room)
        set_tiled_room(s, 2 * s->plan.tiled->len);
}

void search_more(struct searcher *s, const struct query *query, enum search_mode mode,
                 search_keep *keep, void *user, struct top *top)
{
    uint32_t tiles = index_tiles(s->ix);
    s->top = *top;
    s->keep = keep;
    s->user = user;
    begin(s, query);
    for (uint32_t i = 0; i < tiles; i++) /* from the middle: the floor rises fast there */
        search_tile(s, (tiles / 2 + i) % tiles, mode);
    *top = s->top;
}

size_t search_top(struct searcher *s, const struct query *query, size_t k,
                  enum search_mode mode, search_keep *keep, void *user, struct hit *out)
{
    struct top top = {.hits = out, .k = k};
    if (k > 0)
        search_more(s, query, mode, keep, user, &top);
    top_sort(&top);
    return top.count;
}

uint32_t search_score(const struct query *query, const struct profile *profile)
{
    uint32_t score = 0;
    for (uint32_t i = 0; i < query->term_count; i++)
        score += query->terms[i].weight * profile_impact(profile, query->terms[i].hash);
    return score;
}

uint32_t search_score_doc(const struct query *query, const struct index *ix, uint32_t doc)
{
    uint32_t score = 0;
    for (uint32_t i = 0; i < query->term_count; i++) {
        uint32_t term = query_find(&query->terms[i], ix);
        if (term != INDEX_NONE)
            score += query->terms[i].weight * index_impact(ix, term, doc);
    }
    return score;
}
