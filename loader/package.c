#include "loader/package.h"
#include "loader/reader.h"
#include <string.h>
#include <unistd.h>
#include <zip.h>

enum { ENTRIES_MAX = 65535 };

struct package {
    zip_t *zip;
    guint64 packed, unpacked; /* of the whole archive; read so far */
};

struct part {
    struct package *package;
    zip_file_t *file;
    char *name;
    guint64 packed, unpacked;
};

static bool fail(GError **error, const char *why)
{
    g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT, why);
    return false;
}

static bool leads_out(const char *name)
{
    g_autofree char *slashes = g_strdup(name);
    g_strdelimit(slashes, "\\", '/');
    g_auto(GStrv) steps = g_strsplit(slashes, "/", -1);
    return *slashes == '/' || (g_ascii_isalpha(*name) && name[1] == ':') ||
           g_strv_contains((const char *const *)steps, "..");
}

/* Names of entries, and how much they hold. */
static bool check_entries(struct package *package, GError **error)
{
    zip_int64_t count = zip_get_num_entries(package->zip, 0);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (count > ENTRIES_MAX)
        return fail(error, "the archive has more entries than any workbook / "
                           "压缩包里的文件多得不像工作簿，不予读取");
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t about;
        if (zip_stat_index(package->zip, (zip_uint64_t)i, 0, &about) != 0 || !about.name)
            return fail(error, "the archive is damaged; save the workbook again / "
                               "文件已损坏，请重新保存工作簿");
        if (leads_out(about.name)) {
            g_autofree char *name = g_utf8_make_valid(about.name, -1);
            g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                        "an entry of the archive is named '%s', which leads out of it; no "
                        "spreadsheet program writes this / 压缩包里有指向包外的路径，不予读取",
                        name);
            return false;
        }
        if (!g_hash_table_add(seen, g_ascii_strdown(about.name, -1)))
            return fail(error, "the archive holds two entries of one name; no spreadsheet "
                               "program writes this / 压缩包里有两个同名文件，不予读取");
        package->packed += about.valid & ZIP_STAT_COMP_SIZE ? about.comp_size : 0;
    }
    return true;
}

struct package *package_open(int fd, GError **error)
{
    int code = 0;
    g_autoptr(package_t) package = g_new0(struct package, 1);
    if (lseek(fd, 0, SEEK_SET) != 0 || !(package->zip = zip_fdopen(fd, 0, &code))) {
        close(fd);
        fail(error, "the archive is damaged or was cut off; save the workbook again");
        return NULL;
    }
    return check_entries(package, error) ? g_steal_pointer(&package) : NULL;
}

void package_close(struct package *package)
{
    if (!package)
        return;
    if (package->zip)
        zip_discard(package->zip);
    g_free(package);
}

bool package_has(struct package *package, const char *name)
{
    return zip_name_locate(package->zip, name, ZIP_FL_NOCASE) >= 0;
}

struct part *package_part(struct package *package, const char *name, GError **error)
{
    zip_int64_t place = zip_name_locate(package->zip, name, ZIP_FL_NOCASE);
    zip_stat_t about;
    if (place < 0 || zip_stat_index(package->zip, (zip_uint64_t)place, 0, &about) != 0) {
        g_set_error(
            error, LOADER_ERROR, LOADER_ERROR_FORMAT,
            "the workbook is damaged: it has no '%s'; save it again / 工作簿已损坏，请重新保存",
            name);
        return NULL;
    }
    if (about.valid & ZIP_STAT_ENCRYPTION_METHOD && about.encryption_method != ZIP_EM_NONE) {
        fail(error, "it is encrypted; remove the password and save it again / "
                    "文件已加密，请取消密码后重新保存");
        return NULL;
    }
    zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)place, 0);
    if (!file) {
        fail(error, "the archive is damaged or packed in a way that can't be read; save the "
                    "workbook again");
        return NULL;
    }
    struct part *part = g_new0(struct part, 1);
    *part = (struct part){package, file, g_strdup(name), about.comp_size, 0};
    return part;
}

static bool is_bomb(guint64 packed, guint64 unpacked)
{
    return unpacked > PACKAGE_FREE && unpacked / PACKAGE_GROWTH > packed;
}

ssize_t part_read(struct part *part, char *to, size_t size, GError **error)
{
    zip_int64_t got = zip_fread(part->file, to, size);
    if (got < 0) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                    "'%s' in the archive is damaged; save the workbook again / "
                    "文件已损坏，请重新保存工作簿",
                    part->name);
        return -1;
    }
    part->unpacked += (guint64)got;
    part->package->unpacked += (guint64)got;
    if (!is_bomb(part->packed, part->unpacked) &&
        !is_bomb(part->package->packed * 2, part->package->unpacked))
        return (ssize_t)got;
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "'%s' in the archive unpacks to more than %d times its size, as a zip bomb "
                "does / 解压后大得异常（压缩炸弹），不予读取",
                part->name, PACKAGE_GROWTH);
    return -1;
}

void part_close(struct part *part)
{
    if (!part)
        return;
    zip_fclose(part->file);
    g_free(part->name);
    g_free(part);
}
