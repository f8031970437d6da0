#include "service/cli/key.h"
#include "loader/identifier.h"
#include "loader/names.h"
#include "service/cli/app.h"
#include <string.h>

static char *refuse(struct problem *problem, bool chinese, GError **error)
{
    app_wrong_use(error, "%s", problem_text(problem, chinese));
    problem_clear(problem);
    return NULL;
}

static char *patent_key(const char *spelling, bool chinese, GError **error)
{
    g_autofree char *today = app_today();
    struct patent_number number;
    struct problem problem = {0};
    if (patent_number_read(spelling, today, &number, &problem))
        return patent_number_key(&number);
    return refuse(&problem, chinese, error);
}

static char *uscc_key(const char *spelling, bool chinese, GError **error)
{
    struct problem problem = {0}, warning = {0};
    char *code = NULL;
    if (!uscc_read(spelling, &code, &warning, &problem))
        return refuse(&problem, chinese, error);
    problem_clear(&warning);
    return code;
}

/* PATENT/CREDIT CODE; the patent's own spelling may hold a slash only in foreign numbers, which are none of ours. */
static char *declared_push_key(const char *spelling, bool chinese, GError **error)
{
    const char *slash = strrchr(spelling, '/');
    if (!slash) {
        app_wrong_use(error,
                      "'%s' is no key of a declared push: PATENT/CREDIT-CODE was expected",
                      spelling);
        return NULL;
    }
    g_autofree char *number = g_strndup(spelling, (gsize)(slash - spelling));
    g_autofree char *patent = patent_key(number, chinese, error);
    g_autofree char *code = patent ? uscc_key(slash + 1, chinese, error) : NULL;
    return code ? g_strconcat(patent, "/", code, NULL) : NULL;
}

/* name/employer, each folded; without a slash it is the agency's own name for the expert, kept as typed. */
static char *expert_key(const char *spelling)
{
    const char *slash = strchr(spelling, '/');
    if (!slash)
        return g_strdup(spelling);
    g_autofree char *typed = g_strndup(spelling, (gsize)(slash - spelling));
    g_autofree char *name = name_fold(typed);
    g_autofree char *employer = name_fold(slash + 1);
    return g_strconcat(name, "/", employer, NULL);
}

/* name/day, name/credit code: the name folded. */
static char *named_key(const char *spelling)
{
    const char *slash = strrchr(spelling, '/');
    if (!slash)
        return name_fold(spelling);
    g_autofree char *typed = g_strndup(spelling, (gsize)(slash - spelling));
    g_autofree char *name = name_fold(typed);
    g_autofree char *rest = g_strstrip(g_strdup(slash + 1));
    return g_strconcat(name, "/", rest, NULL);
}

char *key_normal(const struct kind *kind, const char *spelling, bool chinese, GError **error)
{
    if (g_str_equal(kind->name, "patent") || g_str_equal(kind->name, "open_licence"))
        return patent_key(spelling, chinese, error);
    if (g_str_equal(kind->name, "event") || g_str_equal(kind->name, "navigation_project"))
        return named_key(spelling);
    if (g_str_equal(kind->name, "client"))
        return name_fold(spelling);
    if (g_str_equal(kind->name, "enterprise") || g_str_equal(kind->name, "institution"))
        return uscc_key(spelling, chinese, error);
    if (g_str_equal(kind->name, "declared_push"))
        return declared_push_key(spelling, chinese, error);
    if (g_str_equal(kind->name, "expert"))
        return expert_key(spelling);
    return g_strstrip(g_strdup(spelling));
}
