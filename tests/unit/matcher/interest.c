/* A world whose truth is known: training must come near it, whatever was shown to whom. */
#include "matcher/interest.h"
#include "matcher/error.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <math.h>

enum { PER_NEED = 10 };

static double draw(uint64_t *state)
{
    return corpus_random(state, 1000000) / 1e6;
}

static double truth(const struct interest_lead *lead)
{
    double prior = interest_prior(lead->fit), x = log(prior / (1 - prior));
    return 1 / (1 + exp(-(.8 + 1.3 * x - .25 * log(lead->rank) + 1.1 * lead->class_share)));
}

/* Leads of `needs` needs, one an enterprise and four needs each. The first ranks and the best fits are shown, mostly. */
static GArray *world(int needs, uint64_t seed)
{
    GArray *cases = g_array_new(FALSE, TRUE, sizeof(struct interest_case));
    for (int need = 0; need < needs; need++) {
        double fit = .2 + .5 * draw(&seed);
        for (uint32_t rank = 1; rank <= PER_NEED; rank++) {
            double gap = .1 * draw(&seed);
            struct interest_case c = {.lead = {fit, gap, .5 * draw(&seed), rank, 0, 0},
                                      .enterprise = need / 4 + 1};
            c.answered = draw(&seed) < (rank <= 3 ? .7 : .06) * (fit > .35 ? 1 : .4);
            c.interested = c.answered && draw(&seed) < truth(&c.lead);
            g_array_append_val(cases, c);
            fit *= 1 - gap;
        }
    }
    return cases;
}

static const struct interest_case *cases_of(const GArray *world)
{
    return (const struct interest_case *)(const void *)world->data;
}

/* Over all leads, those never shown, too. */
static double error_of(const struct interest_model *model, const GArray *world)
{
    double sum = 0;
    for (guint i = 0; i < world->len; i++) {
        const struct interest_lead *lead = &cases_of(world)[i].lead;
        sum += fabs(interest_of(model, lead).probability - truth(lead));
    }
    return sum / world->len;
}

static struct interest_model trained(const GArray *world)
{
    struct interest_model model;
    GError *error = NULL;
    cr_assert(interest_train(cases_of(world), world->len, &model, &error), "%s",
              error ? error->message : "");
    return model;
}

Test(interest, no_answers_are_the_prior)
{
    struct interest_lead lead = {.4, .05, .1, 2, 0, 0};
    struct interest interest = interest_of(NULL, &lead);
    cr_expect_float_eq(interest.probability, interest_prior(.4), 1e-9);
    cr_expect(interest.low < .15 && interest.high > .6, "a prior knows little: %.2f to %.2f",
              interest.low, interest.high);
}

Test(interest, training_comes_nearer_the_truth_with_every_answer)
{
    static const struct {
        int needs;
        double most;
    } sizes[] = {{40, .10}, {400, .065}, {4000, .03}};
    g_autoptr(GArray) judged = world(500, 99);
    double before = error_of(NULL, judged);
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GArray) learned = world(sizes[i].needs, 7 + i);
        struct interest_model model = trained(learned);
        double now = error_of(&model, judged);
        cr_expect_lt(now, sizes[i].most, "%d needs: %.3f", sizes[i].needs, now);
        cr_expect_lt(now, before, "%d needs: %.3f after %.3f", sizes[i].needs, now, before);
        before = now;
    }
}

Test(interest, the_truth_is_between_low_and_high_nine_times_in_ten)
{
    int inside = 0, all = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        g_autoptr(GArray) learned = world(200, seed);
        struct interest_model model = trained(learned);
        for (guint i = 0; i < learned->len; i += 7, all++) {
            const struct interest_lead *lead = &cases_of(learned)[i].lead;
            struct interest interest = interest_of(&model, lead);
            inside += truth(lead) >= interest.low && truth(lead) <= interest.high;
        }
    }
    cr_expect_gt(inside, all * 8 / 10, "%d of %d", inside, all);
}

Test(interest, probabilities_are_calibrated_for_enterprises_never_seen)
{
    g_autoptr(GArray) learned = world(2000, 5);
    struct interest_model model = trained(learned);
    cr_expect_lt(model.calibration_error, .05, "%.3f", model.calibration_error);
}

/* What is shown depends on the rank, and so, beyond what the model's form can say, does the truth. */
static double bent_truth(const struct interest_lead *lead)
{
    return lead->rank <= 2 ? .3 : .3 + .04 * lead->rank;
}

Test(interest, correcting_for_what_was_shown_brings_it_nearer_the_truth_of_all)
{
    uint64_t seed = 11;
    double corrected = 0, plain = 0;
    g_autoptr(GArray) learned = world(3000, 3);
    for (guint i = 0; i < learned->len; i++) {
        struct interest_case *c = &g_array_index(learned, struct interest_case, i);
        c->interested = c->answered && draw(&seed) < bent_truth(&c->lead);
    }
    struct interest_model with = trained(learned), without;
    cr_assert(interest_train_plain(cases_of(learned), learned->len, &without, NULL));
    for (guint i = 0; i < learned->len; i++) {
        const struct interest_lead *lead = &cases_of(learned)[i].lead;
        corrected += fabs(interest_of(&with, lead).probability - bent_truth(lead));
        plain += fabs(interest_of(&without, lead).probability - bent_truth(lead));
    }
    cr_expect_lt(corrected, .95 * plain, "%.3f with, %.3f without", corrected / learned->len,
                 plain / learned->len);
}

Test(interest, one_who_says_yes_to_all_does_not_spoil_it)
{
    g_autoptr(GArray) learned = world(120, 21);
    struct interest_model honest = trained(learned);
    guint count = learned->len;
    for (int i = 0; i < 2000; i++) {
        struct interest_case c = cases_of(learned)[(guint)i % count];
        c.enterprise = 9999;
        c.answered = c.interested = true;
        c.lead.past = c.lead.past_interested = (uint32_t)i;
        g_array_append_val(learned, c);
    }
    struct interest_model spoilt = trained(learned);
    double most = 0, sum = 0;
    for (guint i = 0; i < count; i++) {
        double moved = fabs(interest_of(&spoilt, &cases_of(learned)[i].lead).probability -
                            interest_of(&honest, &cases_of(learned)[i].lead).probability);
        most = MAX(most, moved);
        sum += moved;
    }
    cr_expect(most < .1 && sum / count < .04, "leads of the others moved by %.3f, at most %.3f",
              sum / count, most);
}

Test(interest, an_enterprise_that_never_wants_anything_gets_lower_ones_of_its_own)
{
    g_autoptr(GArray) learned = world(400, 31);
    for (guint i = 0; i < learned->len; i++) { /* odd ones want nothing */
        struct interest_case *c = &g_array_index(learned, struct interest_case, i);
        c->lead.past = 10;
        c->lead.past_interested = c->enterprise % 2 ? 0 : 6;
        c->interested &= c->enterprise % 2 == 0;
    }
    struct interest_model model = trained(learned);
    struct interest_lead lead = {.4, .05, .1, 1, 10, 6}, other = {.4, .05, .1, 1, 10, 0};
    cr_expect_gt(interest_of(&model, &lead).probability,
                 1.5 * interest_of(&model, &other).probability);
}

Test(interest, too_few_answers_are_said_and_not_learned_from)
{
    struct interest_model model;
    g_autoptr(GArray) few = world(2, 1);
    g_autoptr(GError) error = NULL;
    cr_expect_not(interest_train(cases_of(few), few->len, &model, &error));
    cr_expect(g_error_matches(error, MATCHER_ERROR, MATCHER_ERROR_INPUT));
}
