#include "loader/symbol.h"
#include "loader/names.h"
#include "loader/sentences.h"
#include "matcher/class.h"

char *symbol_read(const char *text, struct problem *warning)
{
    struct class_code code;
    char written[CLASS_TEXT];
    g_autoptr(GError) error = NULL;
    g_autofree char *note = NULL;
    if (!class_parse(text, &code, &error)) {
        say(warning, CODE_OTHER, SAY_SYMBOL_KEPT, error->message, text, NULL);
        return text_trim(text);
    }
    note = class_note(text, &code);
    if (note)
        say(warning, CODE_OTHER, SAY_SYMBOL_NOTE, note, text, NULL);
    return g_strdup(class_write(&code, written));
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
