#include "service/http/route.h"
#include <criterion/criterion.h>
#include <string.h>

Test(http_route, plurals_are_those_of_the_interface)
{
    static const char *const rows[][2] = {{"patent", "patents"},
                                          {"agency", "agencies"},
                                          {"need", "needs"},
                                          {"declared_push", "declared-pushes"},
                                          {"open_licence", "open-licences"},
                                          {"navigation_project", "navigation-projects"},
                                          {"attorney", "attorneys"},
                                          {"case", "cases"},
                                          {"platform_review", "platform-reviews"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *plural = route_plural(rows[i][0]);
        cr_expect_str_eq(plural, rows[i][1]);
    }
}

static char needs[] = "needs", experts[] = "experts";
static const struct kind_of_record kinds[] = {{.plural = needs, .name = "need"},
                                              {.plural = experts, .name = "expert"}};
static const struct route table[] = {
    {.name = "leads.list", .method = "GET", .path = "/v1/leads"},
    {.name = "leads.get", .method = "GET", .path = "/v1/leads/{lead}"},
    {.name = "leads.accept", .method = "POST", .path = "/v1/leads/{lead}/accept"},
    {.name = "evidence", .method = "GET", .path = "/v1/evidence/{policy}/{metric}"},
    {.name = "load", .method = "POST", .path = "/v1/{records}:load"},
    {.name = "list", .method = "GET", .path = "/v1/{records}"},
    {.name = "get", .method = "GET", .path = "/v1/{records}/{key}"},
    {.name = "put", .method = "PUT", .path = "/v1/{records}/{key}"},
};
static const struct routes routes = {table, G_N_ELEMENTS(table), kinds, G_N_ELEMENTS(kinds)};

Test(http_route, a_path_leads_to_one_route_with_its_places)
{
    static const struct {
        const char *method, *path, *name, *kind, *first, *second, *allow;
    } rows[] = {
        {"GET", "/v1/leads", "leads.list", NULL, NULL, NULL, NULL},
        {"HEAD", "/v1/leads", "leads.list", NULL, NULL, NULL, NULL},
        {"GET", "/v1/leads/-7-30", "leads.get", NULL, "-7-30", NULL, NULL},
        {"POST", "/v1/leads/7-30/accept", "leads.accept", NULL, "7-30", NULL, NULL},
        {"GET", "/v1/evidence/jinjiang-2023-6/needs", "evidence", NULL, "jinjiang-2023-6",
         "needs", NULL},
        {"GET", "/v1/needs", "list", "need", NULL, NULL, NULL},
        {"POST", "/v1/needs:load", "load", "need", NULL, NULL, NULL},
        {"GET", "/v1/needs/XQ/1:2", "get", "need", "XQ/1:2", NULL, NULL},
        {"PUT", "/v1/experts/张三/某大学", "put", "expert", "张三/某大学", NULL, NULL},
        {"GET", "/v1/unicorns", NULL, NULL, NULL, NULL, NULL},
        {"GET", "/v1/needs/", NULL, NULL, NULL, NULL, NULL},
        {"GET", "/v1/leads/", NULL, NULL, NULL, NULL, NULL},
        {"GET", "/v1", NULL, NULL, NULL, NULL, NULL},
        {"DELETE", "/v1/needs/XQ", NULL, NULL, NULL, NULL, "GET, HEAD, PUT"},
        {"GET", "/v1/needs:load", NULL, NULL, NULL, NULL, "POST"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct places places = {0};
        g_autofree char *allow = NULL;
        const struct route *route =
            route_find(&routes, rows[i].method, rows[i].path, &places, &allow);
        const char *name = route ? route->name : NULL,
                   *kind = places.kind ? places.kind->name : NULL;
        cr_expect(g_strcmp0(name, rows[i].name) == 0, "%s %s: %s", rows[i].method, rows[i].path,
                  name ? name : "none");
        cr_expect(g_strcmp0(kind, rows[i].kind) == 0, "%s: kind", rows[i].path);
        cr_expect(g_strcmp0(places.value[0], rows[i].first) == 0, "%s: first", rows[i].path);
        cr_expect(g_strcmp0(places.value[1], rows[i].second) == 0, "%s: second", rows[i].path);
        cr_expect(g_strcmp0(allow, rows[i].allow) == 0, "%s %s: allow %s", rows[i].method,
                  rows[i].path, allow ? allow : "none");
        places_clear(&places);
    }
}
