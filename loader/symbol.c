#include "loader/symbol.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include "matcher/class.h"
#include <string.h>

/* Files say the same symbols over and over: those of which there was nothing to remark, by a hash of their text. */
enum { REMEMBERED = 128 };
static _Thread_local struct remembered {
    char text[CLASS_TEXT], written[CLASS_TEXT];
} remembered[REMEMBERED];

static struct remembered *place_of(const char *text)
{
    return &remembered[g_str_hash(text) % REMEMBERED];
}

static void remember(const char *text, const char *written)
{
    struct remembered *place = place_of(text);
    if (g_strlcpy(place->text, text, sizeof place->text) >= sizeof place->text)
        *place->text = '\0';
    g_strlcpy(place->written, written, sizeof place->written);
}

char *symbol_read(const char *text, struct problem *warning)
{
    struct class_code code;
    char written[CLASS_TEXT];
    g_autoptr(GError) error = NULL;
    g_autofree char *note = NULL;
    const struct remembered *known = place_of(text);
    if (*text && strcmp(known->text, text) == 0)
        return g_strdup(known->written);
    if (!class_parse(text, &code, &error)) {
        say(warning, CODE_OTHER, SAY_SYMBOL_KEPT, error->message, text, NULL);
        return text_trim(text);
    }
    note = class_note(text, &code);
    class_write(&code, written);
    if (note)
        say(warning, CODE_OTHER, SAY_SYMBOL_NOTE, note, text, NULL);
    else
        remember(text, written);
    return g_strdup(written);
}

char *symbol_read_locarno(const char *text, struct problem *warning)
{
    struct locarno_code code;
    g_autoptr(GError) error = NULL;
    if (!locarno_parse(text, &code, &error)) {
        say(warning, CODE_OTHER, SAY_LOCARNO_KEPT, text, NULL);
        return text_trim(text);
    }
    if (code.edition > 0)
        return g_strdup_printf("%02d-%02d(%d)", code.main_class, code.sub_class, code.edition);
    return g_strdup_printf("%02d-%02d", code.main_class, code.sub_class);
}
