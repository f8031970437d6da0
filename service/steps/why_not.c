#include "service/steps/why_not.h"
#include "service/steps/filter.h"
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static bool not_held(const json_t *facts, const char *today)
{
    (void)today;
    return !json_is_true(json_object_get(facts, "held"));
}

static bool need_over(const json_t *facts, const char *today)
{
    const char *state = text_of(facts, "need_state"), *to = text_of(facts, "need_valid_to");
    return g_strcmp0(state, "closed") == 0 || g_strcmp0(state, "rejected") == 0 ||
           (to && strcmp(to, today) < 0);
}

static bool is_state(const json_t *facts, const char *state)
{
    return g_strcmp0(text_of(facts, "lead_state"), state) == 0;
}

static bool rejected(const json_t *facts, const char *today)
{
    (void)today;
    return is_state(facts, "rejected");
}

static bool not_reviewed(const json_t *facts, const char *today)
{
    (void)today;
    return is_state(facts, "proposed");
}

static bool accepted(const json_t *facts, const char *today)
{
    (void)today;
    return is_state(facts, "accepted");
}

static bool not_matched(const json_t *facts, const char *today)
{
    (void)today;
    return !text_of(facts, "matched_at");
}

static bool superseded(const json_t *facts, const char *today)
{
    (void)today;
    return is_state(facts, "superseded");
}

static bool folded(const json_t *facts, const char *today)
{
    (void)today;
    return text_of(facts, "folded_into") != NULL;
}

static bool below_others(const json_t *facts, const char *today)
{
    (void)facts, (void)today;
    return true;
}

/* What is so beside the filters; the first that holds back is the reason. */
static const struct reason {
    const char *code, *en, *zh;
    bool (*holds)(const json_t *facts, const char *today);
} reasons[] = {
    {"not_held", "the agency does not hold the patent", "该机构库中没有这件专利", not_held},
    {"need_over", "the need is no longer standing", "需求已结束", need_over},
    {"rejected", "a person rejected the lead", "线索已被人工否决", rejected},
    {"not_reviewed", "the lead waits for a person's review", "线索待人工审核", not_reviewed},
    {"not_pushed_yet", "the lead is accepted and waits for the next push", "线索已接受，待推送",
     accepted},
    {"not_matched", "the need was not matched yet", "需求尚未匹配", not_matched},
    {"folded",
     "a patent of its family, or of the same owner and nearly the same, stands for both",
     "另有同族或同一权利人内容相近的专利，已合并为一条线索", folded},
    {"superseded", "other patents fit the need better by now", "已被更契合的专利取代",
     superseded},
    {"below_others", "other patents fit the need better: it is not among its best",
     "契合度不及入选的专利", below_others},
};

static const struct reason *reason_of(const json_t *facts, const char *today)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (reasons[i].holds(facts, today))
            return &reasons[i];
    return NULL; /* can't be: the last always holds */
}

json_t *why_not_of(const json_t *facts, const char *today)
{
    const char *code = filter_check_row(facts, today), *en = NULL, *zh = NULL;
    bool pushed = is_state(facts, "pushed");
    const struct reason *reason = pushed || code ? NULL : reason_of(facts, today);
    if (reason) {
        code = reason->code;
        en = reason->en;
        zh = reason->zh;
    } else if (code && !pushed) {
        en = filter_sentence(code, false);
        zh = filter_sentence(code, true);
    }
    return json_pack("{s:O, s:O, s:O, s:s?, s:s?, s:s?, s:O, s:O, s:O, s:O}", "patent",
                     json_object_get(facts, "patent"), "need", json_object_get(facts, "need"),
                     "state", json_object_get(facts, "lead_state"), "because",
                     pushed ? NULL : code, "reason", en, "reason_zh", zh, "fit",
                     json_object_get(facts, "fit"), "least_fit", json_object_get(facts, "last"),
                     "leads_of_need", json_object_get(facts, "best"), "folded_into",
                     json_object_get(facts, "folded_into"));
}
