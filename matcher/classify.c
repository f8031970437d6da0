#include "matcher/classify.h"
#include "matcher/classify_own.h"

#include <math.h>
#include <string.h>

static const double SMOOTHING = 300; /* μ */
static const double PRIOR = .3;      /* how much the number of texts of a class counts */
static const double UP_FACTOR = .5;  /* how much the class counts beside the subclass */

void parts_clear(struct parts *parts)
{
    g_free(parts->items);
    g_free(parts->starts);
    memset(parts, 0, sizeof *parts);
}

void parts_turn(const struct parts *parts, uint32_t lists, struct parts *out)
{
    uint32_t total = parts->starts[parts->lists];
    *out = (struct parts){.lists = lists};
    out->items = g_new0(struct part, (size_t)total + 1);
    out->starts = g_new0(uint32_t, (size_t)lists + 2);
    for (uint32_t i = 0; i < total; i++)
        out->starts[parts->items[i].of + 2]++;
    for (uint32_t i = 2; i < lists + 2; i++)
        out->starts[i] += out->starts[i - 1];
    for (uint32_t list = 0; list < parts->lists; list++)
        for (uint32_t i = parts->starts[list]; i < parts->starts[list + 1]; i++) {
            const struct part *part = &parts->items[i];
            out->items[out->starts[part->of + 1]++] = (struct part){list, part->value};
        }
}

static void level_clear(struct level *level)
{
    g_free(level->labels);
    parts_clear(&level->members);
    parts_clear(&level->weights);
    parts_clear(&level->counts);
    g_free(level->offsets);
    g_free(level->mass);
    g_free(level->prior);
}

void classifier_free(struct classifier *c)
{
    if (!c)
        return;
    vocabulary_clear(&c->vocabulary);
    g_free(c->rows.items);
    g_free(c->rows.starts);
    g_free(c->row_counts);
    for (int i = 0; i < LEVELS; i++)
        level_clear(&c->levels[i]);
    parts_clear(&c->postings);
    g_free(c->up);
    g_free(c->background);
    g_free(c->dots);
    g_free(c->scores);
    if (c->features)
        g_array_unref(c->features);
    g_free(c);
}

uint32_t classifier_class_count(const struct classifier *classifier)
{
    return classifier->levels[LEVEL_SUBCLASS].count;
}

uint32_t classifier_text_count(const struct classifier *classifier)
{
    return classifier->rows.count;
}

/* ---- What is worked out from the rows */

static void set_postings(struct classifier *c)
{
    uint32_t total = c->rows.starts[c->rows.count];
    struct parts by_row = {g_new0(struct part, (size_t)total + 1), c->rows.starts,
                           c->rows.count};
    for (uint32_t i = 0; i < total; i++)
        by_row.items[i] = (struct part){c->rows.items[i].id, c->rows.items[i].value};
    parts_turn(&by_row, c->vocabulary.count, &c->postings);
    g_free(by_row.items);
}

static void set_background(struct classifier *c)
{
    double sum = 0;
    c->background = g_new0(double, (size_t)c->vocabulary.count + 1);
    for (uint32_t row = 0; row < c->rows.count; row++)
        for (uint32_t i = c->rows.starts[row]; i < c->rows.starts[row + 1]; i++) {
            double value = (double)c->rows.items[i].value * c->row_counts[row];
            c->background[c->rows.items[i].id] += value;
            sum += value;
        }
    for (uint32_t t = 0; t < c->vocabulary.count; t++)
        c->background[t] /= sum > 0 ? sum : 1;
}

/* F_ct of one feature, as a list of the classes that have any; `sums` is all zero before and after. */
static void count_feature(const struct classifier *c, const struct level *level, uint32_t t,
                          float *sums, GArray *out)
{
    g_autoptr(GArray) met = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t p = c->postings.starts[t]; p < c->postings.starts[t + 1]; p++) {
        uint32_t row = c->postings.items[p].of;
        for (uint32_t m = level->members.starts[row]; m < level->members.starts[row + 1]; m++) {
            uint32_t class = level->members.items[m].of;
            if (sums[class] == 0)
                g_array_append_val(met, class);
            sums[class] += c->postings.items[p].value * level->members.items[m].value;
        }
    }
    for (guint i = 0; i < met->len; i++) {
        uint32_t class = g_array_index(met, uint32_t, i);
        struct part part = {class, sums[class]};
        g_array_append_val(out, part);
        sums[class] = 0;
    }
}

static void set_counts(const struct classifier *c, struct level *level)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct part));
    g_autofree float *sums = g_new0(float, (size_t)level->count + 1);
    level->counts = (struct parts){.lists = c->vocabulary.count};
    level->counts.starts = g_new0(uint32_t, (size_t)c->vocabulary.count + 1);
    for (uint32_t t = 0; t < c->vocabulary.count; t++) {
        count_feature(c, level, t, sums, items);
        level->counts.starts[t + 1] = items->len;
    }
    level->mass = g_new0(double, (size_t)level->count + 1);
    for (guint i = 0; i < items->len; i++) {
        const struct part *part = &g_array_index(items, struct part, i);
        level->mass[part->of] += part->value;
    }
    gsize count;
    level->counts.items = g_array_steal(items, &count);
    g_array_unref(items);
}

static void set_prior(const struct classifier *c, struct level *level)
{
    level->prior = g_new0(double, (size_t)level->count + 1);
    for (uint32_t row = 0; row < c->rows.count; row++)
        for (uint32_t i = level->members.starts[row]; i < level->members.starts[row + 1]; i++)
            level->prior[level->members.items[i].of] += c->row_counts[row];
    for (uint32_t class = 0; class < level->count; class ++)
        level->prior[class] = PRIOR * log(MAX(level->prior[class], 1e-3));
}

static void set_up(struct classifier *c)
{
    const struct level *own = &c->levels[LEVEL_SUBCLASS], *up = &c->levels[LEVEL_CLASS];
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < up->count; i++)
        g_hash_table_insert(numbers, up->labels[i].name, GUINT_TO_POINTER(i));
    c->up = g_new0(uint32_t, (size_t)own->count + 1);
    for (uint32_t i = 0; i < own->count; i++) {
        struct label label = own->labels[i];
        label.name[CLASSIFY_SUBCLASS - 1] = '\0';
        c->up[i] = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, label.name));
    }
}

void classifier_prepare(struct classifier *c)
{
    set_postings(c);
    set_background(c);
    for (int i = 0; i < LEVELS; i++) {
        set_counts(c, &c->levels[i]);
        set_prior(c, &c->levels[i]);
    }
    set_up(c);
    size_t most = MAX(c->levels[LEVEL_SUBCLASS].count, c->levels[LEVEL_CLASS].count);
    c->dots = g_new(float, (size_t)c->rows.count + 1);
    c->scores = g_new(double, most *(1 + LEVELS * JUDGES) + 1);
    c->features = g_array_new(FALSE, FALSE, sizeof(struct feature));
}

/* ---- Judging */

static void set_dots(struct classifier *c, const struct feature *features, uint32_t count)
{
    memset(c->dots, 0, c->rows.count * sizeof *c->dots);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t t = features[i].id;
        for (uint32_t p = c->postings.starts[t]; p < c->postings.starts[t + 1]; p++)
            c->dots[c->postings.items[p].of] += features[i].value * c->postings.items[p].value;
    }
}

static void judge_svm(const struct classifier *c, const struct level *level, double *out)
{
    for (uint32_t class = 0; class < level->count; class ++)
        out[class] = level->offsets[class];
    for (uint32_t row = 0; row < c->rows.count; row++)
        for (uint32_t i = level->weights.starts[row];
             c->dots[row] != 0 && i < level->weights.starts[row + 1]; i++)
            out[level->weights.items[i].of] += c->dots[row] * level->weights.items[i].value;
}

/* A feature that a class does not have gives ln(μ/(|F_c| + μ)), whatever the feature: that is summed first. */
static void judge_bayes(const struct classifier *c, const struct level *level,
                        const struct feature *features, uint32_t count, double *out)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += features[i].value;
    for (uint32_t class = 0; class < level->count; class ++)
        out[class] =
            level->prior[class] + sum * log(SMOOTHING / (level->mass[class] + SMOOTHING));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t t = features[i].id;
        double base = SMOOTHING * c->background[t];
        for (uint32_t p = level->counts.starts[t]; p < level->counts.starts[t + 1]; p++)
            out[level->counts.items[p].of] +=
                features[i].value * log1p(level->counts.items[p].value / base);
    }
}

/* To mean 0 and deviation 1. */
static void standardise(double *values, uint32_t count)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    double mean = sum / count, deviation = sqrt(MAX(squares / count - mean * mean, 0)) + 1e-9;
    for (uint32_t i = 0; i < count; i++)
        values[i] = (values[i] - mean) / deviation;
}

double *classifier_score(struct classifier *c, const struct feature *features, uint32_t count)
{
    const struct level *own = &c->levels[LEVEL_SUBCLASS], *up = &c->levels[LEVEL_CLASS];
    double *svm = c->scores + own->count, *bayes = svm + own->count,
           *svm_up = bayes + own->count, *bayes_up = svm_up + up->count;
    set_dots(c, features, count);
    judge_svm(c, own, svm);
    judge_svm(c, up, svm_up);
    judge_bayes(c, own, features, count, bayes);
    judge_bayes(c, up, features, count, bayes_up);
    standardise(svm, own->count);
    standardise(bayes, own->count);
    standardise(svm_up, up->count);
    standardise(bayes_up, up->count);
    for (uint32_t i = 0; i < own->count; i++)
        c->scores[i] = svm[i] + bayes[i] + UP_FACTOR * (svm_up[c->up[i]] + bayes_up[c->up[i]]);
    return c->scores;
}

double classifier_probability(const struct classifier *c, double score, double other)
{
    const double *a = c->calibration;
    return 1 / (1 + exp(-(a[0] + a[1] * log1p(MAX(score, 0)) + a[2] * other)));
}

/* The place of the greatest score. */
static uint32_t take_best(const double *scores, uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++)
        best = scores[i] > scores[best] ? i : best;
    return best;
}

static uint32_t rank(struct classifier *c, double *scores, uint32_t k, struct guess *out)
{
    uint32_t count = c->levels[LEVEL_SUBCLASS].count;
    k = MIN(k, count);
    double first = 0;
    for (uint32_t i = 0; i < k; i++) {
        uint32_t best = take_best(scores, count);
        double score = scores[best];
        scores[best] = -G_MAXDOUBLE;
        double other = i == 0 ? scores[take_best(scores, count)] : first;
        first = i == 0 ? score : first;
        out[i].probability = classifier_probability(c, score, other);
        g_strlcpy(out[i].subclass, c->levels[LEVEL_SUBCLASS].labels[best].name,
                  sizeof out[i].subclass);
    }
    return k;
}

uint32_t classifier_infer(struct classifier *c, const char *text, uint32_t k, struct guess *out)
{
    vocabulary_read(&c->vocabulary, text, false, c->features);
    struct feature *features = (struct feature *)(void *)c->features->data;
    uint32_t count = vocabulary_weigh(&c->vocabulary, features, c->features->len);
    return count == 0 ? 0 : rank(c, classifier_score(c, features, count), k, out);
}
