/* What stands inside a workbook: the input is its parts, each behind a line feed and one letter (b book, r relations, s strings,
 * y styles, 1 and 2 sheets); they are put into an archive without packing. */
#include "tests/fuzz/reading.h"
#include <string.h>
#include <zlib.h>

static const struct {
    char letter;
    const char *name, *plain; /* what stands there when the input has no such part */
} parts[] = {
    {'b', "xl/workbook.xml",
     "<workbook><sheets><sheet name='A' id='a'/><sheet name='B' state='hidden' "
     "id='b'/></sheets></workbook>"},
    {'r', "xl/_rels/workbook.xml.rels",
     "<R><Relationship Id='a' Type='/worksheet' Target='worksheets/1.xml'/><Relationship "
     "Id='b' "
     "Type='/worksheet' Target='worksheets/2.xml'/><Relationship Id='c' Type='/sharedStrings' "
     "Target='s.xml'/><Relationship Id='d' Type='/styles' Target='y.xml'/></R>"},
    {'s', "xl/s.xml",
     "<sst><si><t>申请号</t></si><si><t>标题</t></si><si><t>申请日</t></si></sst>"},
    {'y', "xl/y.xml",
     "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"},
    {'1', "xl/worksheets/1.xml", "<worksheet/>"},
    {'2', "xl/worksheets/2.xml", "<worksheet/>"},
};

static void put(GByteArray *out, guint32 value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        guint8 byte = (guint8)(value >> (8 * i));
        g_byte_array_append(out, &byte, 1);
    }
}

/* The fields that a local header and the directory's entry share. */
static void put_about(GByteArray *out, const char *name, const char *text, size_t len)
{
    put(out, 20, 2);
    put(out, 0, 2);
    put(out, 0, 2); /* stored */
    put(out, 0, 4);
    put(out, (guint32)crc32(0, (const Bytef *)text, (uInt)len), 4);
    put(out, (guint32)len, 4);
    put(out, (guint32)len, 4);
    put(out, (guint32)strlen(name), 2);
    put(out, 0, 2);
}

static void put_entry(GByteArray *out, GByteArray *directory, const char *name,
                      const char *text, size_t len)
{
    guint32 offset = out->len;
    put(out, 0x04034b50, 4);
    put_about(out, name, text, len);
    g_byte_array_append(out, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(out, (const guint8 *)text, (guint)len);
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    put_about(directory, name, text, len);
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, 0, 4);
    put(directory, offset, 4);
    g_byte_array_append(directory, (const guint8 *)name, (guint)strlen(name));
}

/* The part with this letter: up to the next line that is one letter of ours alone. NULL: none. */
static const char *find_part(const char *data, size_t size, char letter, size_t *len)
{
    const char *begin = NULL;
    for (size_t i = 0; i + 2 < size; i++) {
        bool mark = data[i] == '\n' && data[i + 2] == '\n' && strchr("brsy12", data[i + 1]);
        if (mark && begin && data + i >= begin) {
            *len = (size_t)(data + i - begin);
            return begin;
        }
        if (mark && !begin && data[i + 1] == letter)
            begin = data + i + 3;
    }
    if (begin)
        *len = (size_t)(data + size - begin);
    return begin;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GByteArray) directory = g_byte_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        size_t len = strlen(parts[i].plain);
        const char *own = find_part((const char *)data, size, parts[i].letter, &len);
        put_entry(out, directory, parts[i].name, own ? own : parts[i].plain, len);
    }
    guint32 begin = out->len;
    g_byte_array_append(out, directory->data, directory->len);
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, G_N_ELEMENTS(parts), 2);
    put(out, G_N_ELEMENTS(parts), 2);
    put(out, directory->len, 4);
    put(out, begin, 4);
    put(out, 0, 2);
    return reading_run(out->data, out->len, "fuzz.xlsx", size % 2 ? "patent" : "deal");
}
