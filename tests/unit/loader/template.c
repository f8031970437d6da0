#include "loader/template.h"
#include "loader/record.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>

/* What keeps the form from being loaded as it is; NULL: nothing. */
static char *load_back(const char *path, const struct kind *kind)
{
    const struct plan plan = {.kind = kind, .today = "2025-06-30"};
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = reader_open(path, &plan, &error);
    struct refusal refusal = {0};
    struct raw_row row;
    struct record record = {0};
    char *wrong = NULL;
    if (!reader)
        return g_strdup(error->message);
    enum reader_step step = reader_next(reader, &row, &refusal, &error);
    if (step != READER_ROW || !record_read(reader, &row, &record, &refusal))
        wrong = g_strdup_printf("%s: %s", refusal.column, refusal.reason_en);
    else if (!json_is_true(json_object_get(record.fields, "invented")))
        wrong = g_strdup("the example does not say that it is made up");
    else if (*reader_unrecognised(reader))
        wrong = g_strdup_printf("the column %s is not known", *reader_unrecognised(reader));
    else if (reader_next(reader, &row, &refusal, &error) != READER_END)
        wrong = g_strdup("there is more than one row");
    if (record.fields)
        record_clear(&record);
    refusal_clear(&refusal);
    return wrong;
}

Test(template, the_form_of_every_kind_loads_back_with_its_one_example)
{
    size_t count;
    const struct kind *kinds = kind_list(&count);
    g_autofree char *folder = g_dir_make_tmp("patbridge-form-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "form.xlsx", NULL);
    for (size_t i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        cr_assert(template_write(path, &kinds[i], &error), "%s", error ? error->message : "");
        g_autofree char *wrong = load_back(path, &kinds[i]);
        cr_expect(!wrong, "%s: %s", kinds[i].name, wrong);
    }
    g_remove(path);
    g_rmdir(folder);
}
