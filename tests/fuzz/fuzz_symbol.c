/* fuzz_symbol.c - any bytes as a classification symbol: what is read can be written, and what is written reads the same. */
#include "matcher/class.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static void try_class(const char *text)
{
    struct class_code code, again;
    char normal[CLASS_TEXT], print[CLASS_TEXT], out[CLASS_TEXT];
    g_autoptr(GError) error = NULL;
    if (!class_parse(text, &code, &error)) {
        expect(g_utf8_validate(error->message, -1, NULL));
        return;
    }
    expect(class_parse(class_write(&code, normal), &again, NULL));
    expect(class_compare(&code, &again) == 0 && class_depth(&code) == class_depth(&again));
    expect(class_parse(class_print(&code, print), &again, NULL));
    expect(strcmp(class_write(&again, out), normal) == 0);
    expect(class_shared(&code, &again) == class_depth(&code));
    g_autofree char *note = class_note(text, &code);
    expect(!note || g_utf8_validate(note, -1, NULL));
}

static void try_locarno(const char *text)
{
    struct locarno_code code, again;
    char out[CLASS_TEXT];
    g_autoptr(GError) error = NULL;
    if (!locarno_parse(text, &code, &error))
        return;
    expect(locarno_parse(locarno_write(&code, out), &again, NULL));
    expect(code.main_class == again.main_class && code.sub_class == again.sub_class);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    try_class(text);
    try_locarno(text);
    struct class_path path = class_path(text);
    expect(path.depth >= 0 && path.depth <= CLASS_LEVELS);
    return 0;
}
