/* classify.h - which IPC subclasses a title (or any short text) most likely belongs to, learned from texts whose classes are
 * known.
 *
 * Two judges look at a text as a vector x (features.h), at two levels, subclass (A43B) and class (A43):
 *   a linear SVM a class   m_c = w_c · x + b_c, C = .5 (svm.h). w_c is kept as the rows that make it up, so a model is small
 *   naive Bayes            n_c = Σ x_t ln((F_ct + μ g_t)/((|F_c| + μ) g_t)) + .3 ln docs_c, μ = 300
 *                          F_c = Σ v x/√(classes of the text) over the class's texts, g = Σ v x over all texts, as shares
 * v is how much a text counts, for both: 3 for a definition out of a scheme; 1/⁴√n for each of the n texts of one author (a
 * firm with a thousand patents says much the same in each); else 1.
 * What a judge says about all classes is brought to mean 0 and deviation 1 for each text, and added up:
 *     s_c = z(m_c) + z(n_c) + ½ (z(m_up) + z(n_up)),  up: the class that the subclass lies in
 *     P(c is among the text's subclasses) = σ(a_0 + a_1 ln(1 + max(s_c, 0)) + a_2 · best s of another class)
 * a is learned on every fourth text, judged by a model made from the other three; what is marked as a scheme's is not asked.
 * The probabilities of a text's classes may sum to more than 1: a patent has 1.8 subclasses on average. */
#pragma once
#include "matcher/features.h"

enum { CLASSIFY_SUBCLASS = 4 }; /* letters of "A43B" */

struct classifier_builder;
struct classifier;

/* The dictionary (NULL for none) must outlive both. */
struct classifier_builder *classifier_builder_new(const struct dictionary *dictionary);
void classifier_builder_free(struct classifier_builder *builder);

/* A text and its classes, in any spelling; those that can't be read down to the subclass are passed over, and a text that has
 * none left is not taken (false). */
struct lesson {
    const char *text;
    const char *author; /* an applicant's name, or NULL for unknown */
    const char *const *classes;
    size_t class_count;
    bool
        is_scheme; /* it is a definition of a class, and not what a text that is asked about looks like */
};
bool classifier_add(struct classifier_builder *builder, const struct lesson *lesson);

/* Takes the builder, whether it succeeds or not. MATCHER_ERROR_INPUT: fewer than two subclasses. */
struct classifier *classifier_train(struct classifier_builder *builder, GError **error);
void classifier_free(struct classifier *classifier);

uint32_t classifier_class_count(const struct classifier *classifier);
uint32_t classifier_text_count(const struct classifier *classifier);

struct guess {
    char subclass[CLASSIFY_SUBCLASS + 1];
    double probability;
};

/* The best k at most, most probable first; returns how many. A text without a known feature gets none. One thread at a time. */
uint32_t classifier_infer(struct classifier *classifier, const char *text, uint32_t k,
                          struct guess *out);

/* To bytes and back, the same on every machine. Reading: MATCHER_ERROR_INPUT says what is wrong with them; `digest` of the
 * dictionary that the model was made with must be that of the dictionary handed in (0 for none). */
GByteArray *classifier_pack(const struct classifier *classifier);
struct classifier *classifier_unpack(const void *bytes, size_t len,
                                     const struct dictionary *dictionary, GError **error);

typedef struct classifier match_classifier;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_classifier, classifier_free)
