#include "service/steps/filter.h"
#include "loader/names.h"
#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *name, const char *const *names)
{
    for (; name && names && *names; names++)
        if (g_str_equal(name, *names))
            return true;
    return false;
}

static int term_years(const char *type, const char *application_date)
{
    if (g_strcmp0(type, "invention") == 0)
        return 20;
    if (g_strcmp0(type, "design") == 0 && strcmp(application_date, "2021-06-01") >= 0)
        return 15;
    return 10;
}

bool filter_right_is_over(const char *legal_status, const char *type,
                          const char *application_date, const char *today)
{
    static const char *const over[] = {"lapsed", "withdrawn", "rejected", "expired", NULL};
    if (is_one_of(legal_status, over))
        return true;
    if (!type || !application_date || strlen(application_date) != 10)
        return false;
    char end[16];
    int year =
        (int)g_ascii_strtoll(application_date, NULL, 10) + term_years(type, application_date);
    bool leap = g_date_is_leap_year((GDateYear)year);
    g_snprintf(end, sizeof end, "%04d%s", year,
               leap || !g_str_has_suffix(application_date, "-02-29") ? application_date + 4
                                                                     : "-02-28");
    return strcmp(end, today) <= 0; /* a term of N years is over on the same day N years on */
}

static bool right_not_alive(const struct filter_facts *facts)
{
    return filter_right_is_over(facts->legal_status, facts->type, facts->application_date,
                                facts->today);
}

static bool own_patent(const struct filter_facts *facts)
{
    return is_one_of(facts->enterprise, facts->owners);
}

static bool affiliate_patent(const struct filter_facts *facts)
{
    for (const char *const *name = facts->affiliates; name && *name; name++)
        if (is_one_of(*name, facts->owners))
            return true;
    return false;
}

static bool already_pushed(const struct filter_facts *facts)
{
    return facts->pushed_before;
}

static bool enterprise_stopped(const struct filter_facts *facts)
{
    return facts->stopped;
}

static const struct filter {
    const char *name;
    bool (*holds_back)(const struct filter_facts *facts);
    const char *en, *zh;               /* what is so where it holds back, */
    const char *en_passed, *zh_passed; /* and where it does not */
} filters[] = {
    {"right_not_alive", right_not_alive, "the right is no longer alive", "专利权已失效",
     "nothing says that the right is over", "未见权利失效"},
    {"own_patent", own_patent, "it is the enterprise's own patent", "是该企业自己的专利",
     "it is not the enterprise's own patent", "不是该企业自己的专利"},
    {"affiliate_patent", affiliate_patent, "it belongs to an affiliate of the enterprise",
     "属于该企业的关联企业", "it belongs to no affiliate of the enterprise",
     "不属于其关联企业"},
    {"already_pushed", already_pushed, "it was pushed to this enterprise before",
     "已向该企业推送过", "it was not pushed to this enterprise before", "未向该企业推送过"},
    {"enterprise_stopped", enterprise_stopped, "the enterprise has asked for no more",
     "该企业已要求不再推送", "the enterprise has not said stop", "该企业未要求停止推送"},
};

const char *filter_check(const struct filter_facts *facts)
{
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++)
        if (filters[i].holds_back(facts))
            return filters[i].name;
    return NULL;
}

json_t *filter_check_all(const struct filter_facts *facts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        const struct filter *f = &filters[i];
        bool passed = !f->holds_back(facts);
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:s, s:s}", "filter", f->name, "passed",
                                        (int)passed, "en", passed ? f->en_passed : f->en, "zh",
                                        passed ? f->zh_passed : f->zh));
    }
    return list;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* The folded names of these lists, NULL-ended. */
static char **names_of(const json_t *row, const char *const *lists)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (; *lists; lists++) {
        const json_t *list = json_object_get(row, *lists);
        for (size_t i = 0; i < json_array_size(list); i++)
            g_ptr_array_add(names, name_fold(json_string_value(json_array_get(list, i))));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_steal(names, NULL);
}

const char *filter_check_row(const json_t *row, const char *today)
{
    g_auto(GStrv) owners =
        names_of(row, (const char *const[]){"applicants", "assignees", NULL});
    g_auto(GStrv) affiliates =
        names_of(row, (const char *const[]){"affiliates", "affiliate_names", NULL});
    g_autofree char *enterprise = name_fold(text_of(row, "enterprise"));
    const struct filter_facts facts = {
        .today = today,
        .legal_status = text_of(row, "legal_status"),
        .type = text_of(row, "type"),
        .application_date = text_of(row, "application_date"),
        .owners = (const char *const *)owners,
        .enterprise = enterprise,
        .affiliates = (const char *const *)affiliates,
        .pushed_before = json_is_true(json_object_get(row, "pushed_before")),
        .stopped = json_is_true(json_object_get(row, "stopped"))};
    return filter_check(&facts);
}

const char *filter_sentence(const char *name, bool chinese)
{
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++)
        if (g_str_equal(filters[i].name, name))
            return chinese ? filters[i].zh : filters[i].en;
    return NULL;
}
