#include "service/cli/aspects.h"
#include "matcher/aspects.h"
#include <stdio.h>

enum { THIN_SHOWN = 5 };

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static const char *kind_of(const json_t *aspect, bool chinese)
{
    for (int kind = 0; kind < ASPECT_KINDS; kind++)
        if (g_str_equal(aspect_name((enum aspect_kind)kind, false), text_of(aspect, "kind")))
            return aspect_name((enum aspect_kind)kind, chinese);
    return "";
}

static void print_those(const json_t *aspects, bool covered, const char *label, bool chinese)
{
    int shown = 0;
    for (size_t i = 0; i < json_array_size(aspects); i++) {
        const json_t *aspect = json_array_get(aspects, i);
        if (json_is_true(json_object_get(aspect, "covered")) != covered)
            continue;
        printf("%s%s %s", shown++ ? (chinese ? "；" : "; ") : label, kind_of(aspect, chinese),
               text_of(aspect, "text"));
    }
    if (shown)
        putchar('\n');
}

void aspects_print(const json_t *aspects, bool chinese)
{
    print_those(aspects, true,
                chinese ? "    专利涉及：" : "    the patent speaks of: ", chinese);
    print_those(aspects, false, chinese ? "    未涉及：" : "    but not of: ", chinese);
}

void thin_print(const json_t *report, bool chinese)
{
    const json_t *thin = json_object_get(report, "thin");
    for (size_t i = 0; i < json_array_size(thin) && i < THIN_SHOWN; i++) {
        const json_t *one = json_array_get(thin, i);
        printf(chinese ? "  需求 %s %s（这样的需求约 %.0f%% 能找到合适的专利）\n"
                       : "  need %s is %s (of such needs about %.0f%% find their patent)\n",
               text_of(one, "need"), text_of(one, chinese ? "advice_zh" : "advice"),
               100 * json_number_value(json_object_get(one, "chance")));
    }
    if (json_array_size(thin) > THIN_SHOWN)
        printf(chinese ? "  … 另有 %zu 条需求过短\n" : "  … and %zu more needs too thin\n",
               json_array_size(thin) - THIN_SHOWN);
}
