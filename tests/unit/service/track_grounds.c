/* What a row of evidence rests on, in one line. */
#include "service/track/grounds.h"
#include <criterion/criterion.h>
#include <glib.h>

static char *grounds_of(const char *row, bool chinese)
{
    g_autofree char *json = g_strdelimit(g_strdup(row), "'", '"');
    json_auto_t *tree = json_loads(json, 0, NULL);
    return tree ? grounds_text(tree, chinese) : NULL;
}

static bool says(const char *row, bool chinese, const char *wanted)
{
    g_autofree char *text = grounds_of(row, chinese);
    if (g_strcmp0(text, wanted) != 0)
        cr_log_error("%s: %s, not %s", row, text, wanted);
    return g_strcmp0(text, wanted) == 0;
}

Test(track_grounds, members_in_words)
{
    cr_expect(
        says("{'key': 'JJ-1', 'detail': {'contract': 'JJ-1', 'push': 'CN1/91', 'delivered': 1, "
             "'numbers': ['CN1', 'CN2'], 'affiliated': false, 'patents': 2}}",
             true, "依据的推送 CN1/91；号码 CN1、CN2；专利件数 2"));
    cr_expect(
        says("{'key': '91', 'detail': {'qualifications': [{'kind': 'high_tech', 'certificate': "
             "'GR1', 'valid_from': '2023-12-01', 'valid_to': '2026-11-30'}]}}",
             false, "qualifications high-tech enterprise GR1 (2023-12-01 – 2026-11-30)"));
    cr_expect(says(
        "{'key': 'a', 'detail': {'contract_fen': 500001, 'first': true, 'granted_fen': -5}}",
        true, "合同金额（元） 5000.01；首次 是；授信（元） -0.05"));
}

Test(track_grounds, what_is_left_out)
{
    cr_expect(says(
        "{'key': 'a', 'detail': {'score': 3188500, 'fit': 0.18, 'model': 'words', 'reasons': "
        "[{'kind': 'term', 'text': '防刺穿', 'points': 9}], 'tier': 'declared', 'state': "
        "'declared', 'decision': '核实'}}",
        true, "理由 防刺穿；来源 申报的推送"));
    cr_expect(says("{'key': 'a', 'detail': {'numbers': ['1', '2', '3', '4', '5', '6', '7']}}",
                   false, "numbers 1, 2, 3, 4, 5 … (7)"));
    cr_expect(says("{'key': 'a', 'detail': {}}", true, ""));
    cr_expect(says("{'key': 'a'}", true, ""));
}
