#include "matcher/svm.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ROUNDS_MOST = 100 };
static const float CLOSE_ENOUGH = .1f; /* LIBLINEAR's own */

struct run {
    struct svm *svm;
    const bool *in_class;
    const float *counts;
    float softness;    /* 1/(2C) */
    uint32_t active;   /* the first of svm->order are looked at in this round */
    float bar;         /* rows that lie beyond are left out of the next rounds */
    float most, least; /* of the projected gradients of this round */
    uint64_t random;
};

void svm_init(struct svm *svm, const struct rows *rows, uint32_t features)
{
    *svm = (struct svm){.rows = rows, .features = features};
    svm->squares = g_new(float, rows->count + 1);
    svm->gains = g_new0(float, rows->count + 1);
    svm->order = g_new0(uint32_t, rows->count + 1);
    svm->w = g_new0(float, (size_t)features + 1);
    for (uint32_t i = 0; i < rows->count; i++) {
        float sum = 1;
        for (uint32_t k = rows->starts[i]; k < rows->starts[i + 1]; k++)
            sum += rows->items[k].value * rows->items[k].value;
        svm->squares[i] = sum;
    }
}

void svm_clear(struct svm *svm)
{
    g_free(svm->squares);
    g_free(svm->gains);
    g_free(svm->order);
    g_free(svm->w);
    memset(svm, 0, sizeof *svm);
}

static float product(const struct svm *svm, uint32_t row)
{
    float sum = svm->w[svm->features];
    for (uint32_t k = svm->rows->starts[row]; k < svm->rows->starts[row + 1]; k++)
        sum += svm->w[svm->rows->items[k].id] * svm->rows->items[k].value;
    return sum;
}

static void add_row(struct svm *svm, uint32_t row, float times)
{
    svm->w[svm->features] += times;
    for (uint32_t k = svm->rows->starts[row]; k < svm->rows->starts[row + 1]; k++)
        svm->w[svm->rows->items[k].id] += times * svm->rows->items[k].value;
}

static void shuffle(struct run *run)
{
    uint32_t *order = run->svm->order;
    for (uint32_t i = run->active; i > 1; i--) {
        run->random = run->random * 6364136223846793005u + 1442695040888963407u;
        uint32_t j = (uint32_t)((run->random >> 33) % i), other = order[j];
        order[j] = order[i - 1];
        order[i - 1] = other;
    }
}

/* One step along one row's coordinate. False: the row lies beyond the bar and needs no looking at for now. */
static bool step(struct run *run, uint32_t i)
{
    struct svm *svm = run->svm;
    float y = run->in_class[i] ? 1 : -1, old = svm->gains[i];
    float softness = run->softness / run->counts[i];
    float gradient = y * product(svm, i) - 1 + old * softness;
    if (old == 0 && gradient > run->bar)
        return false;
    float projected = old == 0 ? MIN(gradient, 0) : gradient;
    run->most = MAX(run->most, projected);
    run->least = MIN(run->least, projected);
    if (fabsf(projected) < 1e-9f)
        return true;
    svm->gains[i] = MAX(old - gradient / (svm->squares[i] + softness), 0);
    if (svm->gains[i] != old)
        add_row(svm, i, (svm->gains[i] - old) * y);
    return true;
}

static void go_round(struct run *run)
{
    uint32_t *order = run->svm->order;
    run->most = -FLT_MAX;
    run->least = FLT_MAX;
    shuffle(run);
    for (uint32_t s = 0; s < run->active;) {
        if (step(run, order[s])) {
            s++;
            continue;
        }
        uint32_t out = order[s];
        order[s] = order[--run->active];
        order[run->active] = out;
    }
}

void svm_train(struct svm *svm, const bool *in_class, const float *counts, double c)
{
    uint32_t rows = svm->rows->count;
    struct run run = {.svm = svm,
                      .in_class = in_class,
                      .counts = counts,
                      .softness = (float)(.5 / c),
                      .active = rows,
                      .bar = FLT_MAX,
                      .random = 1};
    memset(svm->w, 0, ((size_t)svm->features + 1) * sizeof *svm->w);
    for (uint32_t i = 0; i < rows; i++) {
        svm->gains[i] = 0;
        svm->order[i] = i;
    }
    for (int round = 0; round < ROUNDS_MOST; round++) {
        go_round(&run);
        bool close = run.most - run.least <= CLOSE_ENOUGH;
        if (close && run.active == rows)
            return;
        run.bar = close || run.most <= 0 ? FLT_MAX : run.most;
        run.active = close ? rows : run.active;
    }
}
