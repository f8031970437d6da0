#include "service/steps/model.h"
#include "service/steps/words.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder, *path;

static void set_up(void)
{
    folder = g_dir_make_tmp("patbridge-model-XXXXXX", NULL);
    path = g_build_filename(folder, "classes.model", NULL);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)"what was learned", 16);
    cr_assert(model_write(path, MODEL_CLASSES, bytes, NULL));
}

static void tear_down(void)
{
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

TestSuite(model, .init = set_up, .fini = tear_down);

Test(model, what_was_written_is_read)
{
    g_autoptr(GBytes) bytes = model_read(path, MODEL_CLASSES, NULL);
    cr_assert_not_null(bytes);
    cr_assert_eq(g_bytes_get_size(bytes), 16);
    cr_assert_eq(memcmp(g_bytes_get_data(bytes, NULL), "what was learned", 16), 0);
}

Test(model, what_is_no_sound_model_is_refused_and_the_reason_said)
{
    static const struct {
        gsize cut;        /* bytes that are left; 0: all */
        gssize at;        /* byte that is changed; -1: none */
        const char *more; /* what is added */
        const char *why;
    } rows[] = {
        {20, -1, "", "this is no model of patbridge"},
        {0, 0, "", "this is no model of patbridge"},
        {0, 8, "", "it is of another version; run `patbridge train` again"},
        {0, 12, "", "it is a model of another kind"},
        {40, -1, "",
         "its length is not what its header says: it was cut off, or something was added"},
        {0, -1, "x",
         "its length is not what its header says: it was cut off, or something was added"},
        {0, 24, "", "its checksum is wrong: it has changed since it was written"},
        {0, 47, "", "its checksum is wrong: it has changed since it was written"},
    };
    g_autofree char *sound = NULL;
    gsize len;
    cr_assert(g_file_get_contents(path, &sound, &len, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new_len(sound, (gssize)len);
        if (rows[i].at >= 0)
            text->str[rows[i].at] ^= 0x15;
        if (rows[i].cut)
            g_string_truncate(text, rows[i].cut);
        g_string_append(text, rows[i].more);
        cr_assert(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
        g_autoptr(GError) error = NULL;
        cr_expect_null(model_read(path, MODEL_CLASSES, &error), "row %zu", i);
        g_autofree char *message =
            g_strdup_printf("could not use model '%s': %s", path, rows[i].why);
        cr_expect_str_eq(error->message, message, "row %zu: %s", i, error->message);
    }
}

Test(model, the_dictionary_is_none_the_shipped_one_or_a_file)
{
    struct dictionary *dictionary = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(words_open("none", &dictionary, &error));
    cr_expect_null(dictionary);
    cr_assert(words_open(NULL, &dictionary, &error));
    cr_expect(dictionary == NULL || dictionary->word_count > 100000,
              "a whole dictionary, or none");
    dictionary_free(dictionary);
    cr_assert(g_file_set_contents(path, "鞋底 4\n", -1, NULL));
    cr_assert(words_open(path, &dictionary, &error));
    cr_expect_eq(dictionary->word_count, 1);
    dictionary_free(dictionary);
    cr_assert(g_file_set_contents(path, "鞋底\n", -1, NULL));
    cr_assert_not(words_open(path, &dictionary, &error));
    cr_expect(strstr(error->message, path) && strstr(error->message, "line 1"), "%s",
              error->message);
}
