/* What is newer than the base of a living index, kept beside it: a start from it is as if there had been none, whatever has become of the files. */
#include "tests/db/living_support.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(kept, .init = living_begin, .fini = living_end);

static void take_back_the_last(void)
{
    testdb_sql("UPDATE patent_holding SET superseded_at = now() WHERE batch_id = (SELECT "
               "max(batch_id) FROM load_batch);"
               "INSERT INTO batch_undo SELECT max(batch_id), 1, now(), 'test', 6, 0, 0 FROM "
               "load_batch");
}

/* New, taken back, changed, and some that fill no index yet. */
static void go_through_changes(struct living_store *store)
{
    given_patents(0, 100, "结构");
    caught_up(store);
    given_patents(100, 6, "装置");
    caught_up(store);
    take_back_the_last();
    caught_up(store);
    given_patents(110, 5, "装置");
    caught_up(store);
    given_patents(2, 1, "改进型");
    given_patents(120, 4, "装置");
    caught_up(store);
    given_patents(130, 2, "装置");
    caught_up(store);
}

/* A start from the files finds what `as` says, has said so many lines, and so many newer indexes are in files then. */
static void expect_start(const char *as, guint lines, uint32_t kept, const char *when)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    GPtrArray *said = living_support.said;
    g_ptr_array_set_size(said, 0);
    struct living *living = caught_up(store);
    g_autofree char *here = found(living);
    cr_expect_str_eq(here, as, "%s", when);
    cr_expect(living_figures(living).from_file, "%s", when);
    cr_expect_eq(living_figures(living).kept, kept, "%s: %u kept", when,
                 living_figures(living).kept);
    cr_expect_eq(said->len, lines, "%s: said %u lines: %s", when, said->len,
                 said->len ? (char *)said->pdata[0] : "");
}

Test(kept, starts_as_if_it_had_never_stopped)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    go_through_changes(store);
    struct living *living = caught_up(store);
    g_autofree char *before = found(living);
    g_autoptr(living_store_t) again = store_of(1, 5, false);
    struct living *started = caught_up(again);
    struct living_figures was = living_figures(living), is = living_figures(started);
    g_autofree char *after = found(started);
    cr_expect_str_eq(after, before);
    cr_expect_eq(was.kept, 3);
    cr_expect_eq(is.kept, 3);
    cr_expect_eq(is.parts, was.parts, "%u indexes after, %u before", is.parts, was.parts);
    cr_expect_eq(is.deleted, was.deleted);
    cr_expect_eq(is.docs, was.docs);
    cr_expect_eq(living_support.said->len, 0);
}

/* ---- Files that are not what they were */

static void forget_newer(void)
{
    g_autoptr(GDir) dir = g_dir_open(living_support.folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(living_support.folder, name, NULL);
        if (!g_str_has_suffix(name, ".facts") && !g_str_has_suffix(name, ".0.index"))
            g_unlink(path);
    }
}

/* Two files each of two indexes, as they were written. */
enum { A_PAIR = 2, FILES = 2 * A_PAIR };
struct kept_file {
    char *path, *text;
    gsize len;
};

static void read_kept(struct kept_file files[FILES])
{
    static const char *const endings[] = {".1.newer", ".1.index", ".2.newer", ".2.index"};
    for (int i = 0; i < FILES; i++) {
        files[i].path = file_with(endings[i]);
        cr_assert(g_file_get_contents(files[i].path, &files[i].text, &files[i].len, NULL));
    }
}

static void write_kept(const struct kept_file files[FILES])
{
    forget_newer();
    for (int i = 0; i < FILES; i++)
        cr_assert(
            g_file_set_contents(files[i].path, files[i].text, (gssize)files[i].len, NULL));
}

static void forget_kept(struct kept_file files[FILES])
{
    for (int i = 0; i < FILES; i++) {
        g_free(files[i].path);
        g_free(files[i].text);
    }
}

/* Two of them, six patents each, behind fifty; what an index built anew finds. The caller frees. */
static char *given_two_kept(struct kept_file files[FILES])
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    for (int i = 0; i < FILES / A_PAIR; i++) {
        given_patents(50 + 6 * i, 6, "装置");
        leave_snapshot();
    }
    read_kept(files);
    return found_anew();
}

/* What is anew is one index; the first stays where the second is damaged. */
static uint32_t kept_without(int file)
{
    return file < A_PAIR ? 1 : 2;
}

Test(kept, damaged_files_are_made_anew_and_those_before_them_stay)
{
    struct kept_file files[FILES];
    g_autofree char *as = given_two_kept(files);
    for (int i = 0; i < FILES * 3 * 2; i++) {
        const char *path = files[i % FILES].path;
        int place = i / FILES % 3, cut = i / FILES / 3;
        g_autofree char *what = g_strdup_printf("%s at %d / 2, cut %d", path, place, cut);
        write_kept(files);
        damage(path, place / 2., cut);
        expect_start(as, 1, kept_without(i % FILES), what);
        if (place == 0 && !cut)
            expect_start(as, 0, kept_without(i % FILES), "the next start");
    }
    forget_kept(files);
}

Test(kept, missing_files_are_made_anew_and_those_before_them_stay)
{
    struct kept_file files[FILES];
    g_autofree char *as = given_two_kept(files);
    for (int i = 0; i < FILES; i++) {
        write_kept(files);
        g_unlink(files[i].path);
        expect_start(as, (guint)i % A_PAIR, kept_without(i), files[i].path);
    }
    forget_kept(files);
}

Test(kept, files_of_different_moments_are_not_put_together)
{
    struct kept_file files[FILES];
    g_autofree char *as = given_two_kept(files);
    write_kept(files);
    cr_assert(g_file_set_contents(files[1].path, files[3].text, (gssize)files[3].len, NULL));
    expect_start(as, 1, 1, "the second's index in the first's place");
    write_kept(files);
    cr_assert(g_file_set_contents(files[0].path, files[2].text, (gssize)files[2].len, NULL));
    expect_start(as, 0, 1,
                 "the second's facts in the first's place: they follow what is not there");
    forget_kept(files);
}

Test(kept, files_of_a_database_that_went_another_way_are_refused)
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    given_patents(50, 6, "装置");
    leave_snapshot();
    g_autofree char *as = found_anew();
    testdb_sql(
        "ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET digest = repeat('0', 64)"
        " WHERE seq = (SELECT max(seq) FROM ledger)");
    expect_start(as, 1, 1, "another history");
}

Test(kept, goes_with_its_base)
{
    given_patents(0, 50, "结构");
    leave_snapshot();
    given_patents(50, 6, "装置");
    leave_snapshot();
    g_autofree char *newer = file_with(".newer");
    given_patents(0, 9, "改进型"); /* more than a tenth: merged */
    leave_snapshot();
    cr_expect_not(g_file_test(newer, G_FILE_TEST_EXISTS));
    g_autofree char *as = found_anew();
    expect_start(as, 0, 0, "merged");
}

/* ---- Where it can't be written, and where writing ends */

/* Fifty in files, six that could not be kept: the folder was not there. */
static struct living *given_one_not_kept(struct living_store *store)
{
    g_autofree char *away = g_strconcat(living_support.folder, "-away", NULL);
    given_patents(0, 50, "结构");
    caught_up(store);
    given_patents(50, 6, "装置");
    cr_assert_eq(g_rename(living_support.folder, away), 0);
    struct living *living = caught_up(store);
    cr_assert_eq(g_rename(away, living_support.folder), 0);
    return living;
}

Test(kept, says_when_it_could_not_be_written_and_is_later)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    struct living *living = given_one_not_kept(store);
    cr_expect_eq(living_support.said->len, 1);
    cr_expect_eq(living_figures(living).kept, 0);
    expect_as_anew(living, "not kept");
    given_patents(60, 7, "装置");
    caught_up(store);
    cr_expect_eq(living_figures(living).kept, 2);
    g_autofree char *as = found_anew();
    expect_start(as, 0, 2, "kept later");
}

static bool touches_files(uint64_t call)
{
    static const uint64_t calls[] = {SYS_openat, SYS_fallocate, SYS_pwrite64, SYS_write,
                                     SYS_fsync,  SYS_rename,    SYS_close};
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
        if (call == calls[i])
            return true;
    return false;
}

/* Lets the child go to its next call that touches files; false: it has ended. */
static bool goes_on(pid_t child)
{
    struct __ptrace_syscall_info info;
    int status;
    do {
        memset(&info, 0, sizeof info);
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
        if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
            return false;
        ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof info, &info);
    } while (info.op != PTRACE_SYSCALL_INFO_ENTRY || !touches_files(info.entry.nr));
    return true;
}

/* Keeps what is newer, and is killed before the call of that number, from 0; false: it came to its end before. */
static bool keep_and_be_killed(struct living *living, int call)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        living_newer_keep(living, living->state);
        _exit(0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD);
    bool alive = true;
    for (int i = 0; alive && i <= call; i++)
        alive = goes_on(child);
    if (alive) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    return alive;
}

Test(kept, killed_at_any_step_of_writing_starts_all_the_same)
{
    g_autoptr(living_store_t) store = store_of(1, 5, false);
    struct living *living = given_one_not_kept(store);
    g_autofree char *as = found(living);
    int call = 0;
    for (bool killed = true; killed; call++) {
        forget_newer();
        killed = keep_and_be_killed(living, call);
        g_autofree char *when = g_strdup_printf("killed at call %d", call);
        expect_start(as, 0, 1, when);
    }
    cr_expect_gt(call, 15, "it has made %d calls", call);
}
