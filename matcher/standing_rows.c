/* standing_rows.c - terms of many needs as four bits a need. */
#include "matcher/huge.h"
#include "matcher/standing_own.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROW_SHARE = 64,  /* of the needs: so many make a term frequent */
    FEW_SHARE = 256, /* … and so many with weights beyond the table are passed over */
};

struct weight_count {
    uint32_t weight, count;
};

static int by_count(const void *a, const void *b)
{
    const struct weight_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                                : (x->weight > y->weight) - (x->weight < y->weight);
}

static size_t postings_of(const struct standing_term *term, size_t *first)
{
    *first = term[0].first;
    return term[1].first - term[0].first;
}

/* How often each weight stands in a term's postings, the most frequent first. */
static uint32_t count_weights(const struct standing *standing, const struct standing_term *term,
                              uint32_t *counts, struct weight_count *out)
{
    size_t first, count = postings_of(term, &first);
    uint32_t kinds = 0;
    for (size_t i = first; i < first + count; i++)
        counts[standing->weights[i]]++;
    for (size_t i = first; i < first + count; i++) {
        uint32_t weight = standing->weights[i];
        if (counts[weight] > 0)
            out[kinds++] = (struct weight_count){weight, counts[weight]};
        counts[weight] = 0;
    }
    if (kinds > 1)
        qsort(out, kinds, sizeof *out, by_count);
    return kinds;
}

/* The weights that nearly all of them have; the rest would only raise what a row may give. */
static void choose_weights(const struct standing *standing, struct standing_row *row,
                           const struct weight_count *counts, uint32_t kinds, size_t postings)
{
    size_t left = postings;
    for (uint32_t code = 1; code < STANDING_CODES && code <= kinds; code++) {
        if (left <= standing->need_count / FEW_SHARE)
            return;
        left -= counts[code - 1].count;
        row->weights[code] = (uint16_t)counts[code - 1].weight;
        row->weight_max = MAX(row->weight_max, row->weights[code]);
    }
}

static uint32_t code_of(const struct standing_row *row, uint32_t weight)
{
    uint32_t code = 1;
    while (code < STANDING_CODES && row->weights[code] != weight)
        code++;
    return code < STANDING_CODES ? code : 0;
}

static void fill_row(struct standing *standing, const struct standing_term *term,
                     struct standing_row *row)
{
    size_t first, count = postings_of(term, &first);
    row->first_other = standing->others->len;
    for (size_t i = first; i < first + count; i++) {
        uint32_t need = standing->needs[i], code = code_of(row, standing->weights[i]);
        struct standing_other other = {need, standing->weights[i]};
        uint8_t *at = &standing->codes[(size_t)need * STANDING_LINE + term->row / 2];
        *at = (uint8_t)(*at | code << (term->row % 2 * 4));
        if (code == 0)
            g_array_append_val(standing->others, other);
    }
    row->end_other = standing->others->len;
}

static int by_postings(const void *a, const void *b)
{
    const struct standing_term *x = *(const struct standing_term *const *)a,
                               *y = *(const struct standing_term *const *)b;
    size_t first, in_x = postings_of(x, &first), in_y = postings_of(y, &first);
    return in_x != in_y ? (in_x < in_y) - (in_x > in_y) : (x > y) - (x < y);
}

/* The most frequent terms get one, as many as there is room for in a line. Returns how many. */
static uint32_t number_rows(struct standing *standing)
{
    g_autoptr(GPtrArray) frequent = g_ptr_array_new();
    for (uint32_t t = 0; t < standing->term_count; t++) {
        struct standing_term *term = &standing->terms[t];
        size_t first, count = postings_of(term, &first);
        term->row = STANDING_NO_ROW;
        if (count >= ROW_SHARE && count >= standing->need_count / ROW_SHARE)
            g_ptr_array_add(frequent, term);
    }
    if (frequent->len > 1)
        qsort(frequent->pdata, frequent->len, sizeof *frequent->pdata, by_postings);
    uint32_t rows = MIN(frequent->len, (guint)STANDING_ROWS);
    for (uint32_t row = 0; row < rows; row++)
        ((struct standing_term *)frequent->pdata[row])->row = row;
    return rows;
}

static void set_row(struct standing *standing, const struct standing_term *term,
                    uint32_t *counts, struct weight_count *kinds)
{
    struct standing_row *row = &standing->rows[term->row];
    size_t first;
    uint32_t found = count_weights(standing, term, counts, kinds);
    choose_weights(standing, row, kinds, found, postings_of(term, &first));
    fill_row(standing, term, row);
}

void standing_set_rows(struct standing *standing)
{
    uint32_t rows = number_rows(standing);
    g_autofree uint32_t *counts = g_new0(uint32_t, UINT16_MAX + 1);
    g_autofree struct weight_count *kinds = g_new(struct weight_count, UINT16_MAX + 1);
    standing->rows = g_new0(struct standing_row, rows + 1);
    standing->others = g_array_new(FALSE, FALSE, sizeof(struct standing_other));
    standing->codes = huge_alloc0(rows > 0 ? (size_t)standing->need_count * STANDING_LINE : 0);
    for (uint32_t t = 0; t < standing->term_count; t++)
        if (standing->terms[t].row != STANDING_NO_ROW)
            set_row(standing, &standing->terms[t], counts, kinds);
}
