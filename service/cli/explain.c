#include "service/cli/explain.h"
#include "service/cli/aspects.h"
#include "service/steps/interest.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static json_int_t number_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

/* The text with what the need says in brackets. */
static void print_marked(const char *label, const char *text, const json_t *spans)
{
    size_t at = 0;
    printf("%s", label);
    for (size_t i = 0; i < json_array_size(spans); i++) {
        const json_t *span = json_array_get(spans, i);
        size_t start = (size_t)number_of(span, "start"), len = (size_t)number_of(span, "len");
        printf("%.*s【%.*s】", (int)(start - at), text + at, (int)len, text + start);
        at = start + len;
    }
    printf("%s\n", text + at);
}

static void print_reasons(const json_t *document, bool chinese)
{
    const json_t *reasons = json_object_get(document, "reasons");
    double score = (double)MAX(number_of(document, "score"), 1);
    printf("%s\n", chinese ? "理由（合计等于得分）" : "reasons (they sum to the score)");
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        json_int_t points = number_of(reason, "points");
        const char *title = text_of(reason, "title");
        printf("  %10" JSON_INTEGER_FORMAT " %5.1f%%  %s%s%s%s\n", points,
               100 * (double)points / score,
               strcmp(text_of(reason, "kind"), "class") == 0 ? (chinese ? "分类 " : "class ")
                                                             : "",
               text_of(reason, "text"), *title ? " " : "", title);
    }
}

/* What kind of term, as wide in both languages as the column. */
static const char *kind_of(const json_t *term, bool chinese)
{
    static const char *const words[][2] = {{"pair", "字对"}, {"word", "词"}, {"class", "分类"}};
    const char *kind = text_of(term, "kind");
    for (size_t i = 0; chinese && i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i][0], kind) == 0)
            return words[i][1];
    return kind;
}

static void print_terms(const json_t *document, bool matched, bool chinese)
{
    const json_t *terms = json_object_get(document, "terms");
    const char *title =
        matched ? (chinese ? "逐项（权重 × 命中度 = 分）"
                           : "term by term (weight x impact = points)")
                : (chinese ? "需求中有而专利中没有" : "in the need, not in the patent");
    printf("%s\n", title);
    for (size_t i = 0; i < json_array_size(terms); i++) {
        const json_t *term = json_array_get(terms, i);
        if ((number_of(term, "impact") > 0) != matched)
            continue;
        printf("  %-5s %7" JSON_INTEGER_FORMAT " x %3" JSON_INTEGER_FORMAT
               " = %9" JSON_INTEGER_FORMAT "  %s  %" JSON_INTEGER_FORMAT "%s\n",
               kind_of(term, chinese), number_of(term, "weight"), number_of(term, "impact"),
               number_of(term, "points"), text_of(term, "text"), number_of(term, "docs"),
               chinese ? " 件专利" : " patents");
    }
}

static void print_strength(const json_t *strength, bool chinese)
{
    int chance = (int)(100 * json_number_value(json_object_get(strength, "chance")) + .5);
    printf(chinese ? "需求文字：%" JSON_INTEGER_FORMAT " 个已知词对；这样长短的需求约有 %d%% "
                     "能在前一百名中找到答案\n"
                   : "the need's text: %" JSON_INTEGER_FORMAT
                     " known pairs; of needs of this length about %d%% find their patent "
                     "among the first hundred\n",
           number_of(strength, "known"), chance);
    if (json_is_true(json_object_get(strength, "is_thin")))
        printf("  %s\n", explain_thin_advice(chinese));
}

const char *explain_thin_advice(bool chinese)
{
    return chinese ? "太短，难以匹配：请补充产品或材料、工艺、要解决的问题、希望的性能和数值"
                   : "too thin to match on: say what it is made of and how, what is wrong, "
                     "what it should be able to do, in figures";
}

static void print_filters(const json_t *filters, bool chinese)
{
    puts(chinese ? "过滤条件" : "filters");
    for (size_t i = 0; i < json_array_size(filters); i++) {
        const json_t *filter = json_array_get(filters, i);
        bool passed = json_is_true(json_object_get(filter, "passed"));
        printf("  %s%s\n",
               chinese ? (passed ? "通过：" : "未通过：")
                       : (passed ? "passed: " : "held back: "),
               text_of(filter, chinese ? "zh" : "en"));
    }
}

void explain_print(const json_t *document, bool chinese)
{
    const json_t *spans = json_object_get(document, "spans");
    print_marked(chinese ? "专利 " : "patent ", text_of(document, "title"),
                 json_object_get(spans, "title"));
    print_marked(chinese ? "摘要 " : "abstract ", text_of(document, "abstract"),
                 json_object_get(spans, "abstract"));
    printf("%s%s\n", chinese ? "需求 " : "need ", text_of(document, "need"));
    print_strength(json_object_get(document, "strength"), chinese);
    printf("%s %" JSON_INTEGER_FORMAT "  %s %.3f  %s %.3f  [%s]\n", chinese ? "得分" : "score",
           number_of(document, "score"), chinese ? "契合度" : "fit",
           json_number_value(json_object_get(document, "fit")),
           chinese ? "感兴趣的概率" : "probability",
           json_number_value(json_object_get(document, "probability")),
           text_of(document, "model"));
    printf("  %s\n", interest_basis(document, chinese));
    aspects_print(json_object_get(document, "aspects"), chinese);
    print_reasons(document, chinese);
    print_terms(document, true, chinese);
    print_terms(document, false, chinese);
    print_filters(json_object_get(document, "filters"), chinese);
}
