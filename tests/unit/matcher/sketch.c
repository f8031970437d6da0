#include "matcher/sketch.h"
#include "matcher/index.h"
#include "tests/unit/matcher/corpus.h"

#include <criterion/criterion.h>
#include <math.h>

/* Of `count` hashes from `first` on. */
static struct sketch sketch_of(uint32_t first, uint32_t count)
{
    struct sketch sketch;
    sketch_init(&sketch);
    for (uint32_t i = first; i < first + count; i++)
        sketch_add(&sketch, corpus_hash(i));
    return sketch;
}

Test(sketch, likeness_is_about_the_share_in_common)
{
    static const uint32_t shifts[] = {0, 10, 30, 60, 100, 150, 200};
    for (size_t i = 0; i < G_N_ELEMENTS(shifts); i++) {
        double sum = 0, want = (200. - shifts[i]) / (200. + shifts[i]);
        for (uint32_t n = 0; n < 40; n++) {
            struct sketch a = sketch_of(n * 1000, 200),
                          b = sketch_of(n * 1000 + shifts[i], 200);
            sum += sketch_likeness(&a, &b) / 40;
        }
        cr_expect_lt(fabs(sum - want), .05, "shifted by %u: %f, should be %f", shifts[i], sum,
                     want);
    }
}

Test(sketch, the_same_text_is_alike_and_nothing_is_like_nothing)
{
    struct sketch a = sketch_of(1, 90), b = sketch_of(1, 90), none = sketch_of(0, 0);
    sketch_add(&b, corpus_hash(5));
    cr_expect_float_eq(sketch_likeness(&a, &b), 1, 0);
    cr_expect_float_eq(sketch_likeness(&none, &none), 0, 0);
    cr_expect_float_eq(sketch_likeness(&a, &none), 0, 0);
}

Test(sketch, an_index_sketches_what_it_takes_in)
{
    static const struct document docs[] = {
        {1, "一种轻质发泡鞋底", "本发明公开了一种轻质发泡鞋底，密度低，回弹好，耐磨防滑。",
         NULL, 0},
        {2, "轻质发泡鞋底", "本发明公开了一种轻质发泡鞋底，密度低，回弹好，耐磨、防滑。", NULL,
         0},
        {3, "数据检索方法", "本发明公开了一种数据检索方法，建立倒排索引。", NULL, 0}};
    struct sketch sketches[3];
    struct index_builder *builder = index_builder_new(&weighing_default);
    for (size_t i = 0; i < 3; i++)
        index_add_sketch(builder, &docs[i], &sketches[i]);
    g_autoptr(match_index) ix = index_finish(builder, NULL);
    cr_assert_eq(ix->doc_count, 3);
    cr_expect_gt(sketch_likeness(&sketches[0], &sketches[1]), .8);
    cr_expect_lt(sketch_likeness(&sketches[0], &sketches[2]), .5);
}
