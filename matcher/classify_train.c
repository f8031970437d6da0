/* classify_train.c - texts and their classes in, a struct classifier out. */
#include "matcher/class.h"
#include "matcher/classify_own.h"
#include "matcher/error.h"

#include <math.h>
#include <string.h>

static const double SOFTNESS = .5;   /* the SVM's C */
static const float SCHEME_COUNT = 3; /* how much a definition counts */

enum {
    HELD_OUT = 4,     /* every fourth text is judged by a model made from the others */
    HELD_LEAST = 200, /* fewer than that teach no probabilities */
    CANDIDATES = 10,  /* of each text that is judged, the best classes */
    NEWTON_STEPS = 30
};
/* What was learned on 4,790 real titles: for those who have too few of their own. */
static const double usual_calibration[3] = {-9.28, 3.31, -.061};

struct classifier_builder {
    const struct dictionary *dictionary;
    struct vocabulary vocabulary;
    GArray *features;  /* struct feature: times, of one text after the other */
    GArray *starts;    /* uint32_t */
    GArray *row_names; /* struct label, of one text after the other */
    GArray *name_starts;
    GArray *schemes;      /* bool */
    GArray *authors;      /* uint32_t: number of the author of each text, or 0 */
    GArray *author_texts; /* uint32_t: how many of each; [0] is not used */
    GHashTable *author_numbers;
    GArray *scratch;
};

struct classifier_builder *classifier_builder_new(const struct dictionary *dictionary)
{
    struct classifier_builder *b = g_new0(struct classifier_builder, 1);
    const uint32_t zero = 0;
    b->dictionary = dictionary;
    vocabulary_init(&b->vocabulary, dictionary);
    b->features = g_array_new(FALSE, FALSE, sizeof(struct feature));
    b->starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->row_names = g_array_new(FALSE, FALSE, sizeof(struct label));
    b->name_starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->schemes = g_array_new(FALSE, FALSE, sizeof(bool));
    b->authors = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->author_texts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->author_numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_array_append_val(b->author_texts, zero);
    b->scratch = g_array_new(FALSE, FALSE, sizeof(struct feature));
    g_array_append_val(b->starts, zero);
    g_array_append_val(b->name_starts, zero);
    return b;
}

void classifier_builder_free(struct classifier_builder *b)
{
    if (!b)
        return;
    vocabulary_clear(&b->vocabulary);
    g_array_unref(b->features);
    g_array_unref(b->starts);
    g_array_unref(b->row_names);
    g_array_unref(b->name_starts);
    g_array_unref(b->schemes);
    g_array_unref(b->authors);
    g_array_unref(b->author_texts);
    g_hash_table_unref(b->author_numbers);
    g_array_unref(b->scratch);
    g_free(b);
}

static bool has_name(const GArray *names, guint from, const char *name)
{
    for (guint i = from; i < names->len; i++)
        if (strcmp(g_array_index(names, struct label, i).name, name) == 0)
            return true;
    return false;
}

/* The subclass of a symbol, as "A43B"; false when it has none. */
static bool name_of(const char *symbol, struct label *out)
{
    struct class_path path = class_path(symbol);
    if (path.depth < 3 || strlen(path.place[2]) != CLASSIFY_SUBCLASS)
        return false;
    memcpy(out->name, path.place[2], CLASSIFY_SUBCLASS + 1);
    return true;
}

/* The number of an author, who has one text more by this. */
static uint32_t count_author(struct classifier_builder *b, const char *author)
{
    if (!author || !*author)
        return 0;
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(b->author_numbers, author));
    if (number == 0) {
        const uint32_t zero = 0;
        number = b->author_texts->len;
        g_array_append_val(b->author_texts, zero);
        g_hash_table_insert(b->author_numbers, g_strdup(author), GUINT_TO_POINTER(number));
    }
    g_array_index(b->author_texts, uint32_t, number)++;
    return number;
}

bool classifier_add(struct classifier_builder *b, const struct lesson *lesson)
{
    guint before = b->row_names->len;
    struct label label;
    for (size_t i = 0; i < lesson->class_count; i++)
        if (name_of(lesson->classes[i], &label) && !has_name(b->row_names, before, label.name))
            g_array_append_val(b->row_names, label);
    if (b->row_names->len == before)
        return false;
    vocabulary_read(&b->vocabulary, lesson->text, true, b->scratch);
    g_array_append_vals(b->features, b->scratch->data, b->scratch->len);
    uint32_t end = b->features->len, name_end = b->row_names->len,
             author = count_author(b, lesson->author);
    g_array_append_val(b->starts, end);
    g_array_append_val(b->name_starts, name_end);
    g_array_append_val(b->schemes, lesson->is_scheme);
    g_array_append_val(b->authors, author);
    return true;
}

static float row_count(const struct classifier_builder *b, uint32_t row)
{
    uint32_t author = g_array_index(b->authors, uint32_t, row);
    if (g_array_index(b->schemes, bool, row))
        return SCHEME_COUNT;
    return author ? 1 / sqrtf(sqrtf((float)g_array_index(b->author_texts, uint32_t, author)))
                  : 1;
}

static const struct feature *row_at(const struct classifier_builder *b, uint32_t row,
                                    uint32_t *count)
{
    uint32_t from = g_array_index(b->starts, uint32_t, row);
    *count = g_array_index(b->starts, uint32_t, row + 1) - from;
    return &g_array_index(b->features, struct feature, from);
}

/* ---- One model, from the rows that `used` names */

struct making {
    const struct classifier_builder *builder;
    const uint32_t *used;
    uint32_t count;
    struct classifier *out;
};

static void count_rows(struct making *making, struct vocabulary *v)
{
    v->texts = 0;
    memset(v->docs, 0, v->count * sizeof *v->docs);
    for (uint32_t i = 0; i < making->count; i++) {
        uint32_t count;
        const struct feature *row = row_at(making->builder, making->used[i], &count);
        vocabulary_count(v, row, count, 1);
    }
}

static void weigh_rows(struct making *making)
{
    struct classifier *c = making->out;
    uint32_t total = 0, at = 0, count;
    for (uint32_t i = 0; i < making->count; i++, total += count)
        row_at(making->builder, making->used[i], &count);
    c->rows = (struct rows){g_new(struct feature, (size_t)total + 1),
                            g_new0(uint32_t, (size_t)making->count + 1), making->count};
    c->row_counts = g_new(float, (size_t)making->count + 1);
    for (uint32_t i = 0; i < making->count; i++) {
        const struct feature *row = row_at(making->builder, making->used[i], &count);
        c->row_counts[i] = row_count(making->builder, making->used[i]);
        if (count > 0)
            memcpy(c->rows.items + at, row, count * sizeof *row);
        at += vocabulary_weigh(&c->vocabulary, c->rows.items + at, count);
        c->rows.starts[i + 1] = at;
    }
}

/* The names of a row at a level, each once. */
static void names_at(const struct making *making, uint32_t i, int level, GArray *out)
{
    const struct classifier_builder *b = making->builder;
    uint32_t row = making->used[i], end = g_array_index(b->name_starts, uint32_t, row + 1);
    g_array_set_size(out, 0);
    for (uint32_t n = g_array_index(b->name_starts, uint32_t, row); n < end; n++) {
        struct label label = g_array_index(b->row_names, struct label, n);
        if (level == LEVEL_CLASS)
            label.name[CLASSIFY_SUBCLASS - 1] = '\0';
        if (!has_name(out, 0, label.name))
            g_array_append_val(out, label);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct label *)a)->name, ((const struct label *)b)->name);
}

/* The classes of a level, in the order of their names, each once. */
static void set_labels(const struct making *making, int number, struct level *level)
{
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(struct label));
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct label));
    for (uint32_t i = 0; i < making->count; i++) {
        names_at(making, i, number, names);
        g_array_append_vals(all, names->data, names->len);
    }
    g_array_sort(all, by_name);
    struct label *labels = (struct label *)(void *)all->data;
    for (guint i = 0; i < all->len; i++)
        if (i == 0 || by_name(&labels[level->count - 1], &labels[i]) != 0)
            labels[level->count++] = labels[i];
    gsize count;
    level->labels = g_array_steal(all, &count);
    g_array_unref(all);
}

static uint32_t label_number(const struct level *level, const struct label *label)
{
    const struct label *found =
        bsearch(label, level->labels, level->count, sizeof *label, by_name);
    return (uint32_t)(found - level->labels);
}

static void set_members(const struct making *making, int number, struct level *level)
{
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(struct label));
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct part));
    level->members = (struct parts){.lists = making->count};
    level->members.starts = g_new0(uint32_t, (size_t)making->count + 1);
    for (uint32_t i = 0; i < making->count; i++) {
        names_at(making, i, number, names);
        for (guint n = 0; n < names->len; n++) {
            struct part part = {label_number(level, &g_array_index(names, struct label, n)),
                                making->out->row_counts[i] / sqrtf((float)names->len)};
            g_array_append_val(items, part);
        }
        level->members.starts[i + 1] = items->len;
    }
    gsize count;
    level->members.items = g_array_steal(items, &count);
    g_array_unref(items);
}

static void train_class(struct svm *svm, const struct parts *members, uint32_t class,
                        const float *counts, bool *in_class, GArray *out)
{
    uint32_t rows = svm->rows->count;
    memset(in_class, 0, rows * sizeof *in_class);
    for (uint32_t i = members->starts[class]; i < members->starts[class + 1]; i++)
        in_class[members->items[i].of] = true;
    svm_train(svm, in_class, counts, SOFTNESS);
    for (uint32_t row = 0; row < rows; row++) {
        struct part part = {row, in_class[row] ? svm->gains[row] : -svm->gains[row]};
        if (svm->gains[row] > 0)
            g_array_append_val(out, part);
    }
}

static void train_level(struct classifier *c, struct level *level)
{
    struct svm svm;
    struct parts members, by_class = {.lists = level->count};
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(struct part));
    g_autofree bool *in_class = g_new0(bool, (size_t)c->rows.count + 1);
    by_class.starts = g_new0(uint32_t, (size_t)level->count + 1);
    level->offsets = g_new0(float, (size_t)level->count + 1);
    parts_turn(&level->members, level->count, &members);
    svm_init(&svm, &c->rows, c->vocabulary.count);
    for (uint32_t class = 0; class < level->count; class ++) {
        train_class(&svm, &members, class, c->row_counts, in_class, items);
        level->offsets[class] = svm.w[c->vocabulary.count];
        by_class.starts[class + 1] = items->len;
    }
    by_class.items = (struct part *)(void *)items->data;
    parts_turn(&by_class, c->rows.count, &level->weights);
    g_free(by_class.starts);
    parts_clear(&members);
    svm_clear(&svm);
}

/* Takes the vocabulary for as long as the model lives. */
static struct classifier *make(struct classifier_builder *builder, const uint32_t *used,
                               uint32_t count)
{
    struct making making = {builder, used, count, g_new0(struct classifier, 1)};
    struct classifier *c = making.out;
    count_rows(&making, &builder->vocabulary);
    c->dictionary = builder->dictionary;
    c->vocabulary = builder->vocabulary;
    memset(&builder->vocabulary, 0, sizeof builder->vocabulary);
    weigh_rows(&making);
    for (int i = 0; i < LEVELS; i++) {
        set_labels(&making, i, &c->levels[i]);
        set_members(&making, i, &c->levels[i]);
        train_level(c, &c->levels[i]);
    }
    classifier_prepare(c);
    return c;
}

/* ---- Probabilities */

struct sample { /* one candidate of one text */
    double x[3];
    bool is_right;
};

static bool row_has(const struct classifier_builder *b, uint32_t row, const char *name)
{
    uint32_t end = g_array_index(b->name_starts, uint32_t, row + 1);
    for (uint32_t n = g_array_index(b->name_starts, uint32_t, row); n < end; n++)
        if (strcmp(g_array_index(b->row_names, struct label, n).name, name) == 0)
            return true;
    return false;
}

static uint32_t best_of(const double *scores, uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++)
        best = scores[i] > scores[best] ? i : best;
    return best;
}

static void ask_row(const struct classifier_builder *b, struct classifier *c, uint32_t row,
                    GArray *samples)
{
    const struct level *level = &c->levels[LEVEL_SUBCLASS];
    uint32_t count;
    const struct feature *times = row_at(b, row, &count);
    g_autofree struct feature *features = g_memdup2(times, (count + 1) * sizeof *times);
    count = vocabulary_weigh(&c->vocabulary, features, count);
    double *scores = classifier_score(c, features, count), first = 0;
    for (uint32_t i = 0; i < MIN((uint32_t)CANDIDATES, level->count) && count > 0; i++) {
        uint32_t best = best_of(scores, level->count);
        double score = scores[best];
        scores[best] = -G_MAXDOUBLE;
        double other = i == 0 ? scores[best_of(scores, level->count)] : first;
        first = i == 0 ? score : first;
        struct sample sample = {{1, log1p(MAX(score, 0)), other},
                                row_has(b, row, level->labels[best].name)};
        g_array_append_val(samples, sample);
    }
}

/* Solves the 3 × 3 system m · x = v in place, by Gauss; m is positive definite. */
static void solve(double m[3][3], double v[3])
{
    for (int p = 0; p < 3; p++)
        for (int r = 0; r < 3; r++) {
            double factor = r == p ? 0 : m[r][p] / m[p][p];
            for (int k = 0; k < 3; k++)
                m[r][k] -= factor * m[p][k];
            v[r] -= factor * v[p];
        }
    for (int p = 0; p < 3; p++)
        v[p] /= m[p][p];
}

/* One step of Newton's on the likelihood of logistic regression, held back a little towards 0. */
static void newton(const GArray *samples, double a[3])
{
    double hessian[3][3] = {{1e-3, 0, 0}, {0, 1e-3, 0}, {0, 0, 1e-3}};
    double gradient[3] = {1e-3 * a[0], 1e-3 * a[1], 1e-3 * a[2]};
    for (guint i = 0; i < samples->len; i++) {
        const struct sample *s = &g_array_index(samples, struct sample, i);
        double p = 1 / (1 + exp(-(a[0] * s->x[0] + a[1] * s->x[1] + a[2] * s->x[2])));
        for (int r = 0; r < 3; r++) {
            gradient[r] += (p - s->is_right) * s->x[r];
            for (int k = 0; k < 3; k++)
                hessian[r][k] += p * (1 - p) * s->x[r] * s->x[k];
        }
    }
    solve(hessian, gradient);
    for (int r = 0; r < 3; r++)
        a[r] -= gradient[r];
}

static void learn_calibration(const GArray *samples, double out[3])
{
    double a[3] = {0};
    memcpy(out, usual_calibration, sizeof usual_calibration);
    for (int i = 0; i < NEWTON_STEPS; i++)
        newton(samples, a);
    /* A better score must not make a class less probable; other signs come from too few or contradictory texts. */
    if (isfinite(a[0]) && isfinite(a[1]) && isfinite(a[2]) && a[1] > 0 && a[2] <= 0)
        memcpy(out, a, sizeof a);
}

/* Rows that are asked about (every HELD_OUT-th that is not a scheme's) or all others, into `out`; returns how many. */
static uint32_t choose(const struct classifier_builder *b, bool held, uint32_t *out)
{
    uint32_t count = 0, asked = 0;
    for (guint row = 0; row < b->schemes->len; row++) {
        bool is_held =
            !g_array_index(b->schemes, bool, row) && asked++ % HELD_OUT == HELD_OUT - 1;
        if (is_held == held)
            out[count++] = row;
    }
    return count;
}

static void calibrate(struct classifier_builder *b, double out[3])
{
    uint32_t rows = b->schemes->len;
    g_autofree uint32_t *used = g_new(uint32_t, rows + 1), *held = g_new(uint32_t, rows + 1);
    uint32_t used_count = choose(b, false, used), held_count = choose(b, true, held);
    memcpy(out, usual_calibration, sizeof usual_calibration);
    if (held_count < HELD_LEAST)
        return;
    g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(struct sample));
    struct classifier *c = make(b, used, used_count);
    for (uint32_t i = 0; i < held_count; i++)
        ask_row(b, c, held[i], samples);
    b->vocabulary = c->vocabulary;
    memset(&c->vocabulary, 0, sizeof c->vocabulary);
    classifier_free(c);
    learn_calibration(samples, out);
}

static bool has_two_names(const GArray *names)
{
    for (guint i = 1; i < names->len; i++)
        if (by_name(&g_array_index(names, struct label, i),
                    &g_array_index(names, struct label, 0)) != 0)
            return true;
    return false;
}

struct classifier *classifier_train(struct classifier_builder *b, GError **error)
{
    struct classifier *c = NULL;
    if (has_two_names(b->row_names)) {
        uint32_t rows = b->schemes->len;
        g_autofree uint32_t *every = g_new(uint32_t, rows + 1);
        double calibration[3];
        for (uint32_t i = 0; i < rows; i++)
            every[i] = i;
        calibrate(b, calibration);
        c = make(b, every, rows);
        memcpy(c->calibration, calibration, sizeof calibration);
    } else {
        g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_INPUT,
                    "texts of fewer than two subclasses: nothing to tell apart");
    }
    classifier_builder_free(b);
    return c;
}
