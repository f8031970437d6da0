#include "matcher/interest.h"
#include "matcher/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = INTEREST_FEATURES, SHOWN = 3, STEPS = 50, FOLDS = 5, BINS = 5 };

/* Standard deviations of the weights before there are answers. */
static const double spread[N] = {1, .5, .3, .5, .7, .4};
static const double loose[SHOWN] = {10, 10, 10};

double interest_prior(double fit)
{
    return .5 * fit / (fit + .25);
}

static double logit(double p)
{
    p = CLAMP(p, 1e-4, 1 - 1e-4);
    return log(p / (1 - p));
}

static double chance(double x)
{
    return 1 / (1 + exp(-x));
}

static void set_features(const struct interest_lead *lead, double x[N])
{
    x[0] = 1;
    x[1] = logit(interest_prior(lead->fit)) + 2;
    x[2] = log(MAX(lead->rank, 1u));
    x[3] = lead->gap;
    x[4] = lead->class_share;
    x[5] = logit((lead->past_interested + 2.) / (lead->past + 4.));
}

/* ---- Logistic regression with a normal prior, by Newton's method */

struct rows {
    const double *x;      /* count × width */
    const double *offset; /* of each row; NULL: 0 */
    const double *weight; /* of each row; NULL: 1 */
    const bool *yes;
    size_t count;
    int width;
    const double *spread;
};

/* A = L L'. A has a positive diagonal added by the prior, so it is positive definite. */
static void factor(double *a, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? sqrt(MAX(sum, 1e-12)) : sum / a[j * n + j];
        }
}

static void solve(const double *l, int n, double *b)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= l[i * n + k] * b[k];
        b[i] /= l[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= l[k * n + i] * b[k];
        b[i] /= l[i * n + i];
    }
}

/* The gradient of the log posterior, and its curvature with the other sign. */
static void slopes(const struct rows *rows, const double *w, double *gradient, double *curve)
{
    int n = rows->width;
    memset(curve, 0, sizeof(double) * (size_t)(n * n));
    for (int j = 0; j < n; j++) {
        double tightness = 1 / (rows->spread[j] * rows->spread[j]);
        gradient[j] = -w[j] * tightness;
        curve[j * n + j] = tightness;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const double *x = rows->x + i * (size_t)n;
        double at = rows->offset ? rows->offset[i] : 0,
               weight = rows->weight ? rows->weight[i] : 1;
        for (int j = 0; j < n; j++)
            at += w[j] * x[j];
        double p = chance(at);
        for (int j = 0; j < n; j++) {
            gradient[j] += weight * (rows->yes[i] - p) * x[j];
            for (int k = 0; k < n; k++)
                curve[j * n + k] += weight * p * (1 - p) * x[j] * x[k];
        }
    }
}

/* The most probable weights; `curve` gets the factor of the curvature there. */
static void fit(const struct rows *rows, double *w, double *curve)
{
    int n = rows->width;
    double step[N];
    memset(w, 0, sizeof(double) * (size_t)n);
    for (int i = 0; i < STEPS; i++) {
        double size = 0;
        slopes(rows, w, step, curve);
        factor(curve, n);
        solve(curve, n, step);
        for (int j = 0; j < n; j++)
            size = MAX(size, fabs(step[j]));
        for (int j = 0; j < n; j++)
            w[j] += step[j] * MIN(1, 2 / MAX(size, 1e-12)); /* no leaps */
        if (size < 1e-8)
            break;
    }
}

/* ---- Which leads come to be answered */

static void set_shown_features(const struct interest_lead *lead, double x[SHOWN])
{
    x[0] = 1;
    x[1] = logit(lead->fit);
    x[2] = log(MAX(lead->rank, 1u));
}

/* How many leads each answer stands for. */
static void weigh_shown(const struct interest_case *cases, size_t count, double *weights)
{
    g_autofree double *x = g_new(double, count *SHOWN + 1);
    g_autofree bool *answered = g_new(bool, count + 1);
    double w[SHOWN], curve[SHOWN * SHOWN], all = 0;
    for (size_t i = 0; i < count; i++) {
        set_shown_features(&cases[i].lead, x + i * SHOWN);
        answered[i] = cases[i].answered;
        all += cases[i].answered;
    }
    struct rows rows = {
        .x = x, .yes = answered, .count = count, .width = SHOWN, .spread = loose};
    fit(&rows, w, curve);
    for (size_t i = 0; i < count; i++) {
        double at = 0;
        for (int j = 0; j < SHOWN; j++)
            at += w[j] * x[i * SHOWN + (size_t)j];
        weights[i] = CLAMP(all / (double)count / MAX(chance(at), 1e-6), .2, 5);
    }
}

/* ---- Training */

struct answers { /* those cases that were answered */
    size_t count;
    double *x, *offset, *weight;
    bool *yes;
    int64_t *enterprise;
};

static void answers_clear(struct answers *answers)
{
    g_free(answers->x);
    g_free(answers->offset);
    g_free(answers->weight);
    g_free(answers->yes);
    g_free(answers->enterprise);
}
typedef struct answers answers_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(answers_t, answers_clear)

static struct answers take_answers(const struct interest_case *cases, size_t count,
                                   const double *shown)
{
    struct answers answers = {0,
                              g_new(double, count *N + 1),
                              g_new(double, count + 1),
                              g_new(double, count + 1),
                              g_new(bool, count + 1),
                              g_new(int64_t, count + 1)};
    for (size_t i = 0; i < count; i++) {
        if (!cases[i].answered)
            continue;
        size_t at = answers.count++;
        set_features(&cases[i].lead, answers.x + at * N);
        answers.offset[at] = logit(interest_prior(cases[i].lead.fit));
        answers.weight[at] = shown ? shown[i] : 1;
        answers.yes[at] = cases[i].interested;
        answers.enterprise[at] = cases[i].enterprise;
    }
    return answers;
}

/* No enterprise's answers weigh more than INTEREST_ONE together; returns how many enterprises there are. */
static uint32_t cap_enterprises(struct answers *answers)
{
    g_autoptr(GHashTable) sums =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    for (size_t i = 0; i < answers->count; i++) {
        double *sum = g_hash_table_lookup(sums, &answers->enterprise[i]);
        if (!sum) {
            sum = g_new0(double, 1);
            g_hash_table_insert(sums, &answers->enterprise[i], sum);
        }
        *sum += answers->weight[i];
    }
    for (size_t i = 0; i < answers->count; i++) {
        const double *sum = g_hash_table_lookup(sums, &answers->enterprise[i]);
        answers->weight[i] *= MIN(1, INTEREST_ONE / MAX(*sum, 1e-9));
    }
    return g_hash_table_size(sums);
}

/* The inverse of what `factor` made, column by column. */
static void invert(const double *l, double out[N][N])
{
    for (int j = 0; j < N; j++) {
        double column[N] = {0};
        column[j] = 1;
        solve(l, N, column);
        for (int i = 0; i < N; i++)
            out[i][j] = column[i];
    }
}

/* Answers that stand for many leads are no more answers for that: the curvature alone would promise too much. With M what the
 * answers' own scatter gives, squared weights and all, the variance is H⁻¹ M H⁻¹. */
static void widen(const struct answers *answers, struct interest_model *out)
{
    double scatter[N][N] = {{0}}, half[N][N] = {{0}}, whole[N][N] = {{0}};
    for (int j = 0; j < N; j++)
        scatter[j][j] = 1 / (spread[j] * spread[j]);
    for (size_t i = 0; i < answers->count; i++) {
        const double *x = answers->x + i * N;
        double at = answers->offset[i], weight = answers->weight[i];
        for (int j = 0; j < N; j++)
            at += out->weights[j] * x[j];
        double spread_here = MAX(weight, weight * weight) * chance(at) * (1 - chance(at));
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                scatter[j][k] += spread_here * x[j] * x[k];
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                half[i][j] += out->covariance[i][k] * scatter[k][j];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                whole[i][j] += half[i][k] * out->covariance[k][j];
    memcpy(out->covariance, whole, sizeof whole);
}

static void fit_answers(const struct answers *answers, struct interest_model *out)
{
    double curve[N * N];
    struct rows rows = {
        answers->x, answers->offset, answers->weight, answers->yes, answers->count, N, spread};
    fit(&rows, out->weights, curve);
    invert(curve, out->covariance);
    widen(answers, out);
}

static unsigned fold_of(int64_t enterprise)
{
    return g_int64_hash(&enterprise) * 2654435761u >> 16;
}

/* What was said of the answers of one fold by a model of the others, summed by bins. */
static void judge_fold(const struct answers *all, unsigned fold, double said[BINS],
                       double yes[BINS], double weight[BINS])
{
    struct interest_model model = {0};
    g_auto(answers_t) others = {0,
                                g_new(double, all->count *N + 1),
                                g_new(double, all->count + 1),
                                g_new(double, all->count + 1),
                                g_new(bool, all->count + 1),
                                NULL};
    for (size_t i = 0; i < all->count; i++) {
        if (fold_of(all->enterprise[i]) % FOLDS == fold)
            continue;
        size_t at = others.count++;
        memcpy(others.x + at * N, all->x + i * N, N * sizeof(double));
        others.offset[at] = all->offset[i];
        others.weight[at] = all->weight[i];
        others.yes[at] = all->yes[i];
    }
    fit_answers(&others, &model);
    for (size_t i = 0; i < all->count; i++) {
        double at = all->offset[i];
        if (fold_of(all->enterprise[i]) % FOLDS != fold)
            continue;
        for (int j = 0; j < N; j++)
            at += model.weights[j] * all->x[i * N + (size_t)j];
        int bin = MIN((int)(chance(at) * BINS), BINS - 1);
        said[bin] += all->weight[i] * chance(at);
        yes[bin] += all->weight[i] * all->yes[i];
        weight[bin] += all->weight[i];
    }
}

static double calibration_error(const struct answers *answers)
{
    double said[BINS] = {0}, yes[BINS] = {0}, weight[BINS] = {0}, sum = 0, error = 0;
    for (unsigned fold = 0; fold < FOLDS; fold++)
        judge_fold(answers, fold, said, yes, weight);
    for (int bin = 0; bin < BINS; bin++) {
        sum += weight[bin];
        error += fabs(said[bin] - yes[bin]);
    }
    return sum > 0 ? error / sum : NAN;
}

static bool train(const struct interest_case *cases, size_t count, bool corrects,
                  struct interest_model *out, GError **error)
{
    g_autofree double *shown = g_new(double, count + 1);
    if (corrects)
        weigh_shown(cases, count, shown);
    g_auto(answers_t) answers = take_answers(cases, count, corrects ? shown : NULL);
    uint32_t enterprises = cap_enterprises(&answers), yes = 0;
    for (size_t i = 0; i < answers.count; i++)
        yes += answers.yes[i];
    if (answers.count < INTEREST_ANSWERS_LEAST || enterprises < INTEREST_ENTERPRISES_LEAST ||
        yes == 0 || yes == answers.count) {
        g_set_error(
            error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
            "too few answers to learn from: %zu of %u enterprises, %u of them interested; at "
            "least %d of %d are needed, not all alike",
            answers.count, enterprises, yes, INTEREST_ANSWERS_LEAST,
            INTEREST_ENTERPRISES_LEAST);
        return false;
    }
    *out =
        (struct interest_model){.answers = (uint32_t)answers.count, .enterprises = enterprises};
    fit_answers(&answers, out);
    out->calibration_error = calibration_error(&answers);
    return true;
}

bool interest_train(const struct interest_case *cases, size_t count, struct interest_model *out,
                    GError **error)
{
    return train(cases, count, true, out, error);
}

bool interest_train_plain(const struct interest_case *cases, size_t count,
                          struct interest_model *out, GError **error)
{
    return train(cases, count, false, out, error);
}

struct interest interest_of(const struct interest_model *model,
                            const struct interest_lead *lead)
{
    static const double nine_in_ten = 1.645;
    double x[N], at = logit(interest_prior(lead->fit)), variance = 0;
    set_features(lead, x);
    for (int i = 0; i < N; i++) {
        at += model ? model->weights[i] * x[i] : 0;
        for (int j = 0; j < N; j++)
            variance += model ? model->covariance[i][j] * x[i] * x[j]
                              : (i == j ? spread[i] * spread[i] * x[i] * x[i] : 0);
    }
    double reach = nine_in_ten * sqrt(MAX(variance, 0));
    return (struct interest){chance(at), chance(at - reach), chance(at + reach)};
}
