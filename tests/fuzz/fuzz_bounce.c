/* fuzz_bounce.c - any bytes as a mail server's report: it is refused with a reason, or read into what can be kept. */
#include "service/push/bounce.h"

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

static void try_read(const char *bytes, size_t len, const char *to)
{
    struct bounce bounce;
    g_autoptr(GError) error = NULL;
    if (!bounce_read(bytes, len, to, &bounce, &error)) {
        expect(error && g_utf8_validate(error->message, -1, NULL));
        return;
    }
    expect(!error && bounce.tokens && bounce.tokens[0]);
    for (char **token = bounce.tokens; *token; token++)
        expect(strlen(*token) == 48);
    expect(bounce.verdict == BOUNCE_NOTHING || strspn(bounce.status, "45.0123456789") >= 5);
    if (bounce.said) {
        const char *at = strchr(bounce.said, '@');
        expect(g_utf8_validate(bounce.said, -1, NULL) && !strpbrk(bounce.said, "\n\r\t"));
        expect(!at || at == bounce.said ||
               strchr(" <>@;,:.", at[-1])); /* nobody's name before it */
    }
    bounce_clear(&bounce);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char to[] =
        "b+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@bounce.example.cn";
    try_read((const char *)data, size, NULL);
    try_read((const char *)data, size, to);
    return 0;
}
