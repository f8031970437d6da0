#include "loader/charset.h"
#include "loader/reader.h"
#include <errno.h>
#include <string.h>
#include <uchardet.h>

struct charset {
    const char *name;
    bool settled;
    GIConv iconv; /* (GIConv)-1 for UTF-8 */
};

struct charset *charset_new(const char *name)
{
    struct charset *charset = g_new0(struct charset, 1);
    charset->name = name;
    charset->settled = true;
    charset->iconv = strcmp(name, "UTF-8") == 0 ? (GIConv)-1 : g_iconv_open("UTF-8", name);
    return charset;
}

/* Names as people write them; iconv knows the rest. A constant, or NULL. */
static const char *find_name(const char *name)
{
    static const char *const names[][2] = {{"UTF-8", "UTF-8"},     {"UTF8", "UTF-8"},
                                           {"GB18030", "GB18030"}, {"GBK", "GB18030"},
                                           {"GB2312", "GB18030"},  {"CP936", "GB18030"},
                                           {"BIG5", "BIG5"},       {"BIG-5", "BIG5"},
                                           {"CP950", "BIG5"},      {"BIG5-HKSCS", "BIG5-HKSCS"},
                                           {"UTF-16", "UTF-8"},    {"UTF-16LE", "UTF-8"},
                                           {"UTF-16BE", "UTF-8"}};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(names[i][0], name) == 0)
            return names[i][1];
    return NULL;
}

struct charset *charset_named(const char *name, GError **error)
{
    const char *known = find_name(name);
    if (known)
        return charset_new(known);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "no encoding '%s'; there are UTF-8, UTF-16LE, UTF-16BE, GB18030 and BIG5",
                name);
    return NULL;
}

void charset_free(struct charset *charset)
{
    if (!charset)
        return;
    if (charset->iconv != (GIConv)-1)
        g_iconv_close(charset->iconv);
    g_free(charset);
}

const char *charset_name(const struct charset *charset)
{
    return charset->name;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

/* Good characters beyond ASCII, and bad bytes. */
struct tally {
    size_t good, bad;
};

static struct tally tally_utf8(const char *text, size_t len)
{
    struct tally tally = {0, 0};
    const char *end = text + len, *valid;
    while (text < end) {
        gboolean ok = g_utf8_validate_len(text, (gsize)(end - text), &valid);
        for (const char *c = text; c < valid; c++)
            tally.good += (unsigned char)*c >= 0xc0;
        bool cut = !ok && end - valid < 4; /* the sample ends inside a character */
        tally.bad += !ok && !cut && *valid != '\0';
        text = ok ? end : valid + 1;
    }
    return tally;
}

/* Length of the GB18030 character at `text`, 0 when it is none. */
static size_t gb18030_length(const unsigned char *text, size_t len)
{
    if (text[0] < 0x80)
        return 1;
    if (text[0] == 0x80 || text[0] == 0xff || len < 2)
        return 0;
    if (text[1] >= 0x30 && text[1] <= 0x39)
        return len >= 4 && text[2] >= 0x81 && text[2] <= 0xfe && text[3] >= 0x30 &&
                       text[3] <= 0x39
                   ? 4
                   : 0;
    return text[1] >= 0x40 && text[1] != 0x7f && text[1] != 0xff ? 2 : 0;
}

static struct tally tally_gb18030(const char *text, size_t len)
{
    struct tally tally = {0, 0};
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; i < len;) {
        size_t own = gb18030_length(at + i, len - i);
        tally.good += own > 1;
        tally.bad += own == 0 && len - i >= 4;
        i += own > 0 ? own : 1;
    }
    return tally;
}

static char *detect(const char *sample, size_t len)
{
    uchardet_t detector = uchardet_new();
    uchardet_handle_data(detector, sample, len);
    uchardet_data_end(detector);
    char *name = g_strdup(uchardet_get_charset(detector));
    uchardet_delete(detector);
    return name;
}

static bool is_plausible(struct tally tally)
{
    return tally.bad == 0 || tally.good >= 10 * tally.bad;
}

struct charset *charset_guess(const char *sample, size_t len, GError **error)
{
    struct charset *charset;
    struct tally utf8 = tally_utf8(sample, len), gb18030 = tally_gb18030(sample, len);
    g_autofree char *seems = detect(sample, len);
    if (is_plausible(utf8)) {
        charset = charset_new("UTF-8");
        charset->settled = !is_ascii(sample, len);
        return charset;
    }
    if (g_ascii_strcasecmp(seems, "BIG5") == 0)
        return charset_new("BIG5");
    if (is_plausible(gb18030))
        return charset_new("GB18030");
    if (utf8.good + gb18030.good < 10 || *seems == '\0' ||
        g_ascii_strcasecmp(seems, "UTF-8") == 0)
        return charset_new("UTF-8"); /* too little to judge by: rows are refused one by one */
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "its encoding is neither UTF-8 nor GB18030 (it may be %s); save it as UTF-8 / "
                "文件编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8",
                seems);
    return NULL;
}

/* By iconv; NULL and the place of the first wrong byte on failure. */
static char *convert_by_iconv(GIConv iconv, const char *text, size_t len, size_t *wrong)
{
    size_t room = len * 4 + 1, left = room - 1, in_left = len;
    char *out = g_malloc(room), *to = out;
    char *from = g_memdup2(text, len + 1), *in = from;
    g_iconv(iconv, NULL, NULL, NULL, NULL);
    size_t done = g_iconv(iconv, &in, &in_left, &to, &left);
    *wrong = len - in_left;
    g_free(from);
    if (done == (size_t)-1) {
        g_free(out);
        return NULL;
    }
    *to = '\0';
    return out;
}

/* The first text that is not ASCII decides: UTF-8 when it is, else GB18030 when it is that. */
static void settle(struct charset *charset, const char *text, size_t len)
{
    size_t wrong;
    if (charset->settled || is_ascii(text, len))
        return;
    if (g_utf8_validate_len(text, len, NULL)) {
        charset->settled = true;
        return;
    }
    GIConv iconv = g_iconv_open("UTF-8", "GB18030");
    g_autofree char *converted = convert_by_iconv(iconv, text, len, &wrong);
    if (!converted) {
        g_iconv_close(iconv);
        return;
    }
    *charset = (struct charset){.name = "GB18030", .settled = true, .iconv = iconv};
}

char *charset_convert(struct charset *charset, const char *text, size_t len, size_t *wrong)
{
    const char *end;
    settle(charset, text, len);
    if (charset->iconv != (GIConv)-1 && !is_ascii(text, len))
        return convert_by_iconv(charset->iconv, text, len, wrong);
    if (g_utf8_validate_len(text, len, &end))
        return g_strndup(text, len);
    *wrong = (size_t)(end - text);
    return NULL;
}
