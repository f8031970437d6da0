/* Files of the old Office formats: one container for .xls, .doc and for what a password has locked. */
#include "loader/reader_internal.h"
#include <string.h>
#include <unistd.h>

enum { LOOKED_AT = 64 << 20, PIECE = 1 << 20, OVERLAP = 64 };

/* Names of streams stand in it as UTF-16. */
static bool holds_name(const char *text, size_t len, const char *name)
{
    char wide[OVERLAP] = {0};
    size_t wide_len = strlen(name) * 2;
    for (size_t i = 0; i < wide_len; i += 2)
        wide[i] = name[i / 2];
    return memmem(text, len, wide, wide_len) != NULL;
}

struct found {
    bool locked, book, word;
};

static void look(const char *text, size_t len, struct found *found)
{
    found->locked = found->locked || holds_name(text, len, "EncryptedPackage");
    found->book =
        found->book || holds_name(text, len, "Workbook") || holds_name(text, len, "Book");
    found->word = found->word || holds_name(text, len, "WordDocument");
}

bool reader_old_office_fail(struct bytes *bytes, GError **error)
{
    struct found found = {0};
    g_autofree char *piece = g_malloc(PIECE + OVERLAP);
    int fd = bytes_release(bytes, error);
    size_t kept = 0, seen = 0;
    ssize_t got;
    if (fd < 0)
        return false;
    while (seen < LOOKED_AT && (got = read(fd, piece + kept, PIECE)) > 0) {
        size_t len = kept + (size_t)got;
        look(piece, len, &found);
        kept = MIN(len, (size_t)OVERLAP);
        memmove(piece, piece + len - kept, kept);
        seen += (size_t)got;
    }
    close(fd);
    const char *why =
        found.locked ? "it is locked with a password (encrypted); remove the password in Excel "
                       "and save it again / 文件设了密码，请在 Excel 中取消密码后重新保存"
        : found.word && !found.book
            ? "it is an old Word file (.doc); copy its table into a sheet and save that as "
              "XLSX / 这是旧版 Word 文件（.doc），请把其中的表格粘贴到工作表，另存为 XLSX"
            : "it is an old Excel file (.xls); open it and save it as XLSX / 这是旧版 Excel "
              "文件（.xls），请打开后另存为 XLSX";
    g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT, why);
    return false;
}
