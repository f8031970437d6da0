#include "service/track/words.h"
#include <glib.h>
#include <string.h>

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
    {"amount", "数额", "amount"},
    {"capped", "封顶", "capped"},
    {"payee", "受益者", "who is paid"},
    {"year", "年份", "year"},
    {"base", "基数", "base"},
    {"enterprise", "企业", "enterprise"},
    {"attorney", "专利代理师", "attorney"},
    {"overlap", "其中也计入条款", "contracts that also count in clause"},
    {"unsaid", "待主管部门明确", "not recorded, only the bureau knows"},
    {"open_needs", "其中当日仍开放的需求", "needs among them still open on the day"},
    {"zone_settled_date", "未记录入驻日期", "the day of settling in the zone is not recorded"},
    {"zone_first", "未记录是否首次入驻", "whether it is the first settlement is not recorded"},
    {"approved_date", "未记录评审立项日期", "the day of approval is not recorded"},
    {"event_standard", "活动标准未公布", "the standard of events is not published"},
    {"pilot_open_licence", "未记录是否参与试点",
     "whether it takes part in the pilot is not recorded"},
    {"entrusted_by", "未记录政府委托", "the entrustment by government is not recorded"},
    {"no_agency", "还没有机构", "there is no agency yet"},
    {"ended", "政策已结束。以下是其最后一天的数；之后记录的标为迟录，不改变当日之事实。",
     "THE POLICY HAS ENDED. These are the figures of its last day; what was recorded later is "
     "marked late."},
    {"ended_other_day",
     "政策已结束。以下不是其最后一天的数，而是所问之日的；之后记录的标为迟录，不改变当日之事实"
     "。",
     "THE POLICY HAS ENDED. These are not the figures of its last day, but of the day that was "
     "asked for; what was recorded later is marked late."},
    {"signed_off", "政策包经签核", "pack signed off by"},
    {"not_signed_off", "政策包未经签核", "pack not signed off"},
    {"upper_grant", "上级补助", "grants of upper levels"},
    {"definitions", "口径", "what counts"},
    {"choices", "选择（见政策包：理由与替代）",
     "choices (reason and alternative stand in the policy pack)"},
    {"decided", "经主管部门决定：", "decided:"},
    {"decided_values", "经主管部门决定", "decided by officials"},
    {"value_and_reason", "取值（何人、何日起、何由）", "value (by whom, from when, why)"},
    {"overridden", "按操作程序", "by the operating procedures"},
    /* the application file */
    {"application", "奖补资金申报材料", "Application for an award"},
    {"cover", "封面", "cover"},
    {"clause_words", "条款与口径", "clause and definitions"},
    {"policy", "政策", "policy"},
    {"pack", "政策包", "pack"},
    {"clause", "条款", "clause"},
    {"state", "结论", "result"},
    {"snapshot", "快照摘要", "snapshot"},
    {"number", "序号", "no."},
    {"met_or_not", "是否达到", "met?"},
    {"papers_there", "已附材料", "papers there"},
    {"papers_missing", "缺少材料", "papers missing"},
    {"papers_lacking", "注意：已计入而缺少申报所需材料的记录（见各表“缺少材料”一栏），条数",
     "Note: counted rows that lack papers which the application needs (column 'papers "
     "missing')"},
    {"papers_not_asked", "政策包没有列出本条记录所需的材料。",
     "The pack names no paper that records of this clause need."},
    {"papers_whole", "已计入的记录所需材料齐全。",
     "No paper that the application needs is missing."},
    {"why_left_out", "未计入的原因", "why it is left out"},
    {"stamp_agency", "申报机构（盖章）：\n\n\n\n经办人：\n日期：",
     "Agency (stamp):\n\n\n\nname:\ndate:"},
    {"stamp_official", "审核意见（盖章）：\n\n\n\n审核人：\n日期：",
     "Official (stamp):\n\n\n\nname:\ndate:"},
    {"no_rows", "无", "none"},
    {"amount_yuan", "金额（元）", "amount (yuan)"},
    {"value_yuan", "计入（元）", "counted (yuan)"},
    {"base_yuan", "基数（元）", "base (yuan)"},
    {"award_yuan", "奖补（元）", "award (yuan)"},
    {"part", "部分", "part"},
    {"choice", "选择", "choice"},
    {"choice_and_reason", "取值与理由", "value and reason"},
    /* a pack as it is read */
    {"department", "责任单位", "department"},
    {"trigger", "触发日", "the day that counts"},
    {"condition", "条件", "condition"},
    {"a_year", "（每年）", "a year"},
    {"award_named", "奖补", "award"},
    {"at_most", "最高", "at most"},
    {"each_one", "每项", "for each"},
    {"recorded_only", "只记载不计算", "recorded, not computed"},
    {"because", "理由", "because"},
    {"otherwise", "另一读法", "else"},
    {"in_force_from", "自此施行", "in force from"},
    /* the forecast */
    {"forecast", "预测", "forecast"},
    {"weekly_needed", "到期前每周须新增", "a week needed by the deadline"},
    {"expected_day", "预计达到", "expected to be met"},
    {"after_deadline", "在截止日之后", "after the deadline"},
    {"too_little_data", "记录太短，无从预测", "the record is too short to say"},
    {"standing_still", "没有增长，照此不会达到", "it does not grow: not at this pace"},
    {"or_never", "或照此不会达到", "or not at all"},
    {"not_this_year", "照此当年内不会达到，次年从头计",
     "not within the year at this pace, and the next one begins anew"},
    {"too_far", "照此百年内不会达到", "not within a hundred years at this pace"},
    {"no_deadline", "无截止日或已截止", "no deadline, or it has passed"},
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
    {"no_push_before", "签约前无可计推送或登录查阅",
     "no counting push or look-up before the contract"},
    {"not_registered", "未经认定登记", "not registered"},
    {"affiliated", "关联交易", "affiliated"},
    {"after_window", "在窗口之后", "after the window"},
    {"before_settlement", "在入驻之前", "before settlement"},
    {"after_leaving", "在退出之后", "after leaving"},
    {"not_first", "非首次入驻", "not the first settlement"},
    {"left_before_year", "未满一年即离开", "left before the year was full"},
    {"not_in_pilot", "未参与试点", "not in the pilot"},
    {"other_year", "其他年度", "of another year"},
    {"kind_not_named", "种类未列明", "of a kind that is not named"},
    {"not_top500", "非500强", "not among the Top 500"},
    {"same_client", "同一客户", "the same client"},
    {"same_patent", "同一专利", "the same patent"},
    {"told_by_another", "已由先记录者计入（冲突）", "recorded before, by another (conflict)"},
    {"counted_elsewhere", "已用于其他条款", "serves another clause"},
    {"not_on_ip", "非知识产权活动", "not about intellectual property"},
    {"no_partner", "无合办单位", "no partner"},
    {"not_announced", "未预先告知", "not announced"},
    {"announced_late", "告知过晚", "announced too late"},
    {"too_few_people", "人数不足", "too few people"},
    {"too_short", "时间不足", "too short"},
    {"other_industry", "非本市产业", "of another industry"},
    {"no_right", "无知识产权", "no right in it"},
    {"other_collateral", "含其他担保", "other collateral"},
    {"credit_not_stated", "未写明不动产对应额度", "the real estate's credit is not stated"},
    {"not_practising", "当日未执业", "not practising on the day"},
    {"contract_too_short", "合同不足年限", "contract too short"},
    {"contract_later", "合同签订在后", "the contract came later"},
    {"paid_before", "此前已资助", "paid before"},
    {"not_class_one", "非一类知识产权", "no class-one right"},
    {"not_granted", "境外专利未授权", "overseas patent not granted"},
    {"mixed_rights", "含其他权利", "mixed with other rights"},
    {"not_led_by_agency", "非机构引导", "not led by the agency"},
    {"no_purchase", "不是购买", "no purchase"},
    {"not_implemented", "未在本市实施", "not implemented in the city"},
    {"no_payment", "无付款", "no payment"},
    {"no_registration_date", "无登记日期", "no registration date"},
    {"no_open_licence", "不是开放许可", "no open licence"},
    {"no_patent", "无专利", "no patent"},
    /* ways of a deal, which are its label */
    {"assignment", "转让", "assignment"},
    {"exclusive_licence", "独占许可", "exclusive licence"},
    {"sole_licence", "排他许可", "sole licence"},
    {"ordinary_licence", "普通许可", "ordinary licence"},
    {"open_licence", "开放许可", "open licence"},
    /* kinds of institutions and of cases, which stand in their rows */
    {"patent_agency", "专利代理", "patent agency"},
    {"law", "法律", "law"},
    {"valuation", "评估", "valuation"},
    {"finance", "金融", "finance"},
    {"incubation", "孵化", "incubation"},
    {"testing", "检测", "testing"},
    {"other", "其他", "other"},
    {"licence", "许可", "licence"},
    {"invalidation", "无效", "invalidation"},
    {"litigation", "诉讼", "litigation"},
};

/* Whose rows have a code, not a text of the record, as what they are or whom they concern. */
static const struct {
    const char *metric, *member;
} coded[] = {{"deals", "label"},    {"purchases", "label"}, {"transactions", "label"},
             {"licences", "label"}, {"cases", "label"},     {"institutions", "whose"}};

const char *track_shown(const char *metric, const json_t *row, const char *member, bool chinese)
{
    const char *text = json_string_value(json_object_get(row, member));
    for (gsize i = 0; text && i < G_N_ELEMENTS(coded); i++)
        if (g_str_equal(coded[i].metric, metric) && g_str_equal(coded[i].member, member))
            return track_word(text, chinese);
    return text ? text : "";
}

const char *track_word(const char *code, bool chinese)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(words[i].code, code))
            return chinese ? words[i].zh : words[i].en;
    return code;
}

/* What is asked for after the last day is shown as of that day. */
const char *track_ended_word(const json_t *document)
{
    const char *as_of = json_string_value(json_object_get(document, "as_of"));
    const char *to =
        json_string_value(json_object_get(json_object_get(document, "window"), "to"));
    return as_of && to && strcmp(as_of, to) < 0 ? "ended_other_day" : "ended";
}

json_t *track_words(void)
{
    json_t *all = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        json_object_set_new(all, words[i].code,
                            json_pack("{s:s, s:s}", "zh", words[i].zh, "en", words[i].en));
    return all;
}
