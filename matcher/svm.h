/* svm.h - a linear support vector machine for one class against the rest: squared hinge loss with an unregularised scale,
 * solved in the dual by coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, the method of
 * LIBLINEAR's solver 1). Deterministic: the order of the steps comes from a seed.
 *
 *     min over w:  ½ |w|² + C Σ v_i max(0, 1 - y_i (w · x_i))²,  x with a constant 1 added, v_i how much row i counts
 *     w = Σ a_i y_i x_i, a_i ≥ 0: only the rows that matter have an a_i above 0 */
#pragma once
#include "matcher/features.h"

/* Rows of features one after the other: row i is items[starts[i] .. starts[i + 1]). */
struct rows {
    struct feature *items;
    uint32_t *starts; /* count + 1 */
    uint32_t count;
};

struct svm {
    const struct rows *rows;
    uint32_t features; /* ids are below */
    float *squares;    /* of each row, with the constant's 1 */
    float *w;          /* features + 1, scratch; the last one is the constant's */
    float *gains;      /* scratch: a_i */
    uint32_t *order;   /* scratch */
};

void svm_init(struct svm *svm, const struct rows *rows, uint32_t features);
void svm_clear(struct svm *svm);

/* in_class[i]: row i belongs to the class; counts[i]: v_i, above 0. After it svm->gains[i] is a_i, and svm->w is w. */
void svm_train(struct svm *svm, const bool *in_class, const float *counts, double c);
