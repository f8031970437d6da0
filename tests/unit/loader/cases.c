#include "tests/unit/loader/case.h"
#include <criterion/criterion.h>

#define FOLDER "tests/cases/load"

Test(load_cases, every_folder_reads_as_its_expectation_says, .timeout = 300)
{
    g_autoptr(GDir) dir = g_dir_open(FOLDER, 0, NULL);
    const char *name;
    int seen = 0;
    cr_assert(dir, "%s is not there: run from the root", FOLDER);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *folder = g_build_filename(FOLDER, name, NULL);
        if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
            continue;
        seen++;
        g_autofree char *wrong = case_run(folder);
        cr_expect(!wrong, "%s:\n%s", name, wrong);
    }
    cr_assert_geq(seen, 60, "only %d cases were found", seen);
}
