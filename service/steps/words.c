#include "service/steps/words.h"

extern const char words_text[], words_text_end[];

bool words_open(const char *name, struct dictionary **out, GError **error)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    *out = NULL;
    if (g_strcmp0(name, "none") == 0)
        return true;
    if (name && *name) {
        if (g_file_get_contents(name, &text, &len, error))
            *out = dictionary_new(text, len, error);
        if (!*out)
            g_prefix_error(error, "dictionary '%s': ", name);
        return *out != NULL;
    }
    len = (gsize)(words_text_end - words_text);
    if (len > 0)
        *out = dictionary_new(words_text, len, error);
    return *out || len == 0;
}
