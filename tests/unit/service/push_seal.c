#include "service/push/seal.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static char *folder;
static char *file;

static void make_folder(void)
{
    folder = g_dir_make_tmp("patbridge-seal-XXXXXX", NULL);
    file = g_build_filename(folder, "deep", "secret.key", NULL);
}

static void remove_folder(void)
{
    g_autofree char *deep = g_path_get_dirname(file);
    g_unlink(file);
    g_rmdir(deep);
    g_rmdir(folder);
    g_free(file);
    g_free(folder);
}
TestSuite(push_seal, .init = make_folder, .fini = remove_folder);

static struct seal_key load(void)
{
    struct seal_key key;
    g_autoptr(GError) error = NULL;
    cr_assert(seal_key_load(file, &key, &error), "%s", error ? error->message : "");
    return key;
}

Test(push_seal, a_key_is_made_for_its_owner_alone_and_then_stays)
{
    struct stat about;
    const struct seal_key made = load(), read = load();
    cr_assert_eq(g_stat(file, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    cr_expect_arr_eq(made.bytes, read.bytes, sizeof made.bytes);
}

Test(push_seal, a_key_that_others_may_read_or_that_is_broken_is_refused)
{
    struct seal_key key;
    g_autoptr(GError) readable = NULL, broken = NULL;
    load();
    cr_assert_eq(g_chmod(file, 0640), 0);
    cr_expect(!seal_key_load(file, &key, &readable));
    cr_expect(readable && strstr(readable->message, "chmod"));
    cr_assert(g_file_set_contents(file, "not a key", -1, NULL) && g_chmod(file, 0600) == 0);
    cr_expect(!seal_key_load(file, &key, &broken));
    cr_expect(broken);
}

Test(push_seal, a_secret_comes_back_only_unaltered_and_under_its_key)
{
    const struct seal_key key = load();
    struct seal_key other = key;
    g_autoptr(GBytes) sealed = seal_close(&key, "whsec_abc", 9),
                      again = seal_close(&key, "whsec_abc", 9);
    gsize len;
    const unsigned char *bytes = g_bytes_get_data(sealed, &len);
    g_autofree char *opened = seal_open(&key, bytes, len, NULL);
    cr_expect_str_eq(opened, "whsec_abc");
    cr_expect(!g_bytes_equal(sealed, again), "a nonce is used once");
    cr_expect_null(memmem(bytes, len, "whsec_", 6));
    g_autofree unsigned char *altered = g_memdup2(bytes, len);
    altered[len - 1] ^= 1;
    g_autoptr(GError) error = NULL;
    cr_expect_null(seal_open(&key, altered, len, &error));
    cr_expect(g_error_matches(error, SEAL_ERROR, SEAL_ERROR_OPEN));
    other.bytes[0] ^= 1;
    cr_expect_null(seal_open(&other, bytes, len, NULL));
    cr_expect_null(seal_open(&key, bytes, 10, NULL));
}
