/* classify_own.h - what a classifier consists of; only for classify.c, classify_train.c and classify_pack.c. */
#pragma once
#include "matcher/classify.h"
#include "matcher/svm.h"

enum { LEVEL_SUBCLASS, LEVEL_CLASS, LEVELS };

struct label {
    char name[CLASSIFY_SUBCLASS + 1];
};

/* One row's share in one class: of its weight vector, or of its counts. */
struct part {
    uint32_t of; /* class, or row */
    float value;
};

/* Lists of parts one after the other: list i is items[starts[i] .. starts[i + 1]). */
struct parts {
    struct part *items;
    uint32_t *starts;
    uint32_t lists;
};

struct level {
    uint32_t count;
    struct label *labels;
    struct parts members; /* of each row: its classes; value v/√(how many) */
    struct parts weights; /* of each row: the SVMs it is a support of; value a·y */
    float *offsets;       /* of each class: b_c */
    /* Worked out from the rows by level_prepare: */
    struct parts counts; /* of each feature: F_ct */
    double *mass;        /* |F_c| */
    double *prior;       /* .3 ln docs_c */
};

struct classifier {
    const struct dictionary *dictionary;
    struct vocabulary vocabulary;
    struct rows rows;
    float *row_counts; /* of each row: v */
    struct level levels[LEVELS];
    uint32_t *up;          /* of each subclass: its class */
    double calibration[3]; /* a */
    struct parts postings; /* of each feature: the rows that have it, by classifier_prepare */
    double *background;    /* of each feature: g_t */
    float *dots;           /* scratch: one for each row */
    double *scores;        /* scratch: one for each subclass, LEVELS * 2 judges */
    GArray *features;      /* scratch */
};

enum { JUDGES = 2 };

/* Works out everything that is not learned: postings, counts, ups, scratch. */
void classifier_prepare(struct classifier *classifier);

/* s_c of every subclass for a weighed text, into classifier->scores[0..count); returns it. */
double *classifier_score(struct classifier *classifier, const struct feature *features,
                         uint32_t count);

/* P of a score, given the best score of another class. */
double classifier_probability(const struct classifier *classifier, double score, double other);

/* Turns lists around: of (list i has x) into (list x has i). */
void parts_turn(const struct parts *parts, uint32_t lists, struct parts *out);
void parts_clear(struct parts *parts);
