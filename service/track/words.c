#include "service/track/words.h"
#include <glib.h>

static const struct {
    const char *code, *zh, *en;
} words[] = {
    /* states of a clause */
    {"met", "达到", "met"},
    {"not_met", "未达到", "not met"},
    {"undetermined", "待定", "undetermined"},
    /* headings */
    {"metric", "指标", "metric"},
    {"value", "计入", "counted"},
    {"threshold", "门槛", "threshold"},
    {"missing", "还差", "missing"},
    {"literal", "从宽", "literal"},
    {"invented", "虚构", "invented"},
    {"late", "迟录", "late"},
    {"unknown", "不明", "unknown"},
    {"left_out", "未计入", "left out"},
    {"agency", "机构", "agency"},
    {"key", "编号", "key"},
    {"label", "内容", "what"},
    {"whose", "主体", "whose"},
    {"claimed_date", "日期", "date"},
    {"recorded_at", "记录于", "recorded"},
    {"batch", "批次", "batch"},
    {"counted", "计入", "counted"},
    {"marks", "标记", "marks"},
    {"as_of", "截至", "as of"},
    {"known_at", "已知于", "known at"},
    {"window", "窗口", "window"},
    {"version", "版本", "version"},
    {"to", "至", "to"},
    {"open_window", "未定", "open"},
    {"yuan", "元", "yuan"},
    {"award", "全部达到时", "when all are met"},
    {"open_needs", "其中当日仍开放的需求", "needs among them still open on the day"},
    {"zone_settled_date", "未记录入驻日期", "the day of settling in the zone is not recorded"},
    {"no_agency", "还没有机构", "there is no agency yet"},
    {"ended", "政策已结束。以下是其最后一天的数；之后记录的标为迟录，不改变当日之事实。",
     "THE POLICY HAS ENDED. These are the figures of its last day; what was recorded later is "
     "marked late."},
    {"definitions", "口径", "what counts"},
    {"choices", "选择（见政策包：理由与替代）",
     "choices (reason and alternative stand in the policy pack)"},
    {"overridden", "按操作程序", "by the operating procedures"},
    {"yes", "是", "yes"},
    {"no", "否", "no"},
    /* why a row is left out */
    {"not_held_yet", "当日尚未收录", "not held yet"},
    {"not_filed_yet", "当日尚未申请", "not filed yet"},
    {"rejected", "被否决或驳回", "rejected"},
    {"withdrawn", "已撤回", "withdrawn"},
    {"not_accepted", "未经认可", "not accepted"},
    {"lapsed", "权利终止", "lapsed"},
    {"expired", "期限届满", "expired"},
    {"term_over", "保护期已满", "term over"},
    {"status_unknown", "法律状态不明", "status unknown"},
    {"no_qualification", "无资质", "no qualification"},
    {"qualification_not_valid", "资质当日无效", "qualification not valid on the day"},
    {"no_field", "无专业领域", "no field"},
    {"no_employer", "无工作单位", "no employer"},
    {"no_consent", "无本人同意", "no consent"},
    {"after_day", "在当日之后", "after the day"},
    {"before_window", "在窗口之前", "before the window"},
    {"bad_dates", "日期颠倒", "dates in wrong order"},
    {"not_local", "非本市企业", "not a local enterprise"},
    {"text_too_short", "内容过短", "text too short"},
    {"near_duplicate", "近似重复", "near-duplicate"},
    {"sent_before", "此前已推送", "sent before"},
    {"no_stated_reason", "未写明理由", "no stated reason"},
    {"not_opened", "未打开", "not opened"},
    {"bounced", "被退回", "bounced"},
    {"failed", "发送失败", "failed"},
    {"waiting", "待发送", "waiting"},
    {"no_invention", "无发明专利", "no invention patent"},
    {"buyer_unknown", "买方无信用代码", "buyer without credit code"},
    {"no_push_before", "签约前无可计推送", "no counting push before the contract"},
    {"not_registered", "未经认定登记", "not registered"},
    {"affiliated", "关联交易", "affiliated"},
    /* ways of a deal, which are its label */
    {"assignment", "转让", "assignment"},
    {"exclusive_licence", "独占许可", "exclusive licence"},
    {"sole_licence", "排他许可", "sole licence"},
    {"ordinary_licence", "普通许可", "ordinary licence"},
    {"open_licence", "开放许可", "open licence"},
};

const char *track_word(const char *code, bool chinese)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(words[i].code, code))
            return chinese ? words[i].zh : words[i].en;
    return code;
}
