#include "loader/traditional.h"
#include "loader/names.h"
#include "matcher/simplified.h"

char *text_simplified(const char *text)
{
    GString *out = g_string_new(NULL);
    bool changed = false;
    for (const char *c = text; *c != '\0'; c = text_next(c)) {
        gunichar given = g_utf8_get_char(c), simple = simplified_of(given);
        changed = changed || simple != given;
        g_string_append_unichar(out, simple);
    }
    return g_string_free(out, !changed);
}
