/* interest.h - from a lead's score to the probability that the enterprise says "interested".
 *
 *     logit P = logit prior(fit) + Σ w_j x_j        prior(fit) = .5 · fit / (fit + .25)
 *
 *     x   1                      everybody is more or less interested than the prior thinks
 *         logit prior(fit) + 2   the fit tells more or less than it thinks
 *         ln rank                the first of a need's leads is looked at otherwise than the tenth
 *         gap                    how far the next lead of the need is behind: (score - next) / score
 *         class share            share of the score that classes in common have given
 *         history                logit of the enterprise's own share of "interested" so far, shrunk towards .5 by four answers
 *
 * Each w_j is normal around 0 before there are answers, so that no answers are the prior and few change little; training finds the
 * most probable w and the curvature there (Laplace), which gives the uncertainty.
 *
 * Only leads that were shown are answered, and those shown were not chosen at random. Which leads come to be answered is learned
 * too, from all leads; each answer then weighs as many leads as it stands for: share answered / chance that this one would be,
 * between .2 and 5. Answers of one enterprise weigh no more than INTEREST_ONE together, however many they are: somebody who says yes
 * to everything is one voice.
 *
 * Pure: no I/O, no clock. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { INTEREST_FEATURES = 6, INTEREST_ONE = 10 };
/* Fewer answers, or of fewer enterprises, are not learned from. */
enum { INTEREST_ANSWERS_LEAST = 20, INTEREST_ENTERPRISES_LEAST = 3 };

struct interest_lead {
    double fit, gap, class_share;
    uint32_t rank;                  /* from 1 */
    uint32_t past, past_interested; /* answers of the enterprise before this one */
};

struct interest_case { /* a lead that training looks at */
    struct interest_lead lead;
    int64_t enterprise;
    bool answered, interested;
};

struct interest_model {
    double weights[INTEREST_FEATURES];
    double covariance[INTEREST_FEATURES][INTEREST_FEATURES];
    uint32_t answers, enterprises; /* that it was learned from */
    double calibration_error;      /* expected, in 5 folds of enterprises; NaN: too few */
};

struct interest {
    double probability;
    double low, high; /* nine times in ten it is between */
};

double interest_prior(double fit);

/* False, with MATCHER_ERROR_INPUT: too few answers, or all alike; the message counts them. */
bool interest_train(const struct interest_case *cases, size_t count, struct interest_model *out,
                    GError **error);
/* The same without looking at which leads were shown: to measure what that changes. */
bool interest_train_plain(const struct interest_case *cases, size_t count,
                          struct interest_model *out, GError **error);

/* Under the prior where model is NULL: then low and high are what the prior itself leaves open. */
struct interest interest_of(const struct interest_model *model,
                            const struct interest_lead *lead);
