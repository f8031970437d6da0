#include "service/steps/because.h"
#include <string.h>

static const struct because codes[] = {
    {"wrong_field", "another field than ours", "不是本企业的领域"},
    {"too_early", "not ripe yet", "技术尚不成熟"},
    {"benefit_unclear", "the benefit is unclear", "效益不明确"},
    {"already_have", "we have it already", "已有同类技术"},
    {"price", "the price", "价格不合适"},
    {"cannot_implement", "we can't implement it", "不具备实施条件"},
    {"rights_doubt", "doubts about the right", "对权利状态有疑问"},
    {"need_is_gone", "the need is gone", "需求已不存在"},
    {"other", "another reason", "其他"},
    {0},
};

const struct because *because_codes(void)
{
    return codes;
}

bool because_is(const char *code)
{
    for (const struct because *row = codes; row->code; row++)
        if (strcmp(row->code, code) == 0)
            return true;
    return false;
}
