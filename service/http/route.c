#include "service/http/route.h"
#include <string.h>

char *route_plural(const char *kind)
{
    static const char *const hissing[] = {"s", "x", "z", "ch", "sh"};
    g_autofree char *name = g_strdelimit(g_strdup(kind), "_", '-');
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == 'y' && !strchr("aeiou", name[len - 2])) {
        name[len - 1] = 0;
        return g_strconcat(name, "ies", NULL);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(hissing); i++)
        if (g_str_has_suffix(name, hissing[i]))
            return g_strconcat(name, "es", NULL);
    return g_strconcat(name, "s", NULL);
}

void places_clear(struct places *places)
{
    for (size_t i = 0; i < ROUTE_PLACES_MOST; i++)
        g_clear_pointer(&places->value[i], g_free);
    places->kind = NULL;
}

static const struct kind_of_record *kind_at(const struct routes *routes, const char *text,
                                            size_t len)
{
    for (size_t i = 0; i < routes->kind_count; i++)
        if (strlen(routes->kinds[i].plural) == len &&
            strncmp(routes->kinds[i].plural, text, len) == 0)
            return &routes->kinds[i];
    return NULL;
}

/* How far a place reaches in a path. */
static size_t place_len(const char *name, size_t name_len, const char *path)
{
    if (strncmp(name, "key", name_len) == 0)
        return strlen(path);
    return strcspn(path, "/:");
}

static bool matches(const struct routes *routes, const char *pattern, const char *path,
                    struct places *places)
{
    size_t values = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        const char *name = pattern + 1, *end = strchr(pattern, '}');
        size_t name_len = (size_t)(end - name), len = place_len(name, name_len, path);
        if (len == 0)
            return false;
        if (strncmp(name, "records", name_len) == 0) {
            places->kind = kind_at(routes, path, len);
            if (!places->kind)
                return false;
        } else {
            places->value[values++] = g_strndup(path, len);
        }
        path += len;
        pattern = end + 1;
    }
    return *path == 0;
}

static bool is_method(const struct route *route, const char *method)
{
    return g_str_equal(route->method, method) ||
           (g_str_equal(route->method, "GET") && g_str_equal(method, "HEAD"));
}

static void allow_also(GString *allow, const struct route *route)
{
    if (allow->len)
        g_string_append(allow, ", ");
    g_string_append(allow, route->method);
    if (g_str_equal(route->method, "GET"))
        g_string_append(allow, ", HEAD");
}

const struct route *route_find(const struct routes *routes, const char *method,
                               const char *path, struct places *places, char **allow)
{
    g_autoptr(GString) others = g_string_new(NULL);
    for (size_t i = 0; i < routes->count; i++) {
        const struct route *route = &routes->routes[i];
        if (matches(routes, route->path, path, places)) {
            if (is_method(route, method))
                return route;
            allow_also(others, route);
        }
        places_clear(places);
    }
    if (others->len)
        *allow = g_strdup(others->str);
    return NULL;
}
