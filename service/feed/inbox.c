/* A folder: what appears in its inbox is loaded once, whole, and moved away. */
#include "loader/reader.h"
#include "service/feed/run.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MOST = 1000 };

/* Names of files that are not what was meant to be loaded: hidden, being fetched, locks of office programs. */
static bool is_in_passing(const char *name)
{
    static const char *const endings[] = {".part", ".tmp", ".crdownload", ".filepart",
                                          ".partial"};
    if (*name == '.' || g_str_has_prefix(name, "~$"))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(name, endings[i]))
            return true;
    return false;
}

/* True while somebody has it open to write: then no lease to read is given. Where leases can't be had (a network's file
 * system, another's file) its rest must do. */
static bool is_written_to(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool busy = fcntl(fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    if (!busy)
        fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return busy;
}

static bool is_settled(const char *path, struct stat *about, int settle_s)
{
    if (lstat(path, about) != 0 || !S_ISREG(about->st_mode))
        return false;
    int64_t changed_us =
        (int64_t)about->st_ctim.tv_sec * G_USEC_PER_SEC + about->st_ctim.tv_nsec / 1000;
    return g_get_real_time() - changed_us >= (int64_t)settle_s * G_USEC_PER_SEC &&
           !is_written_to(path);
}

static bool is_the_same(const char *path, const struct stat *before)
{
    struct stat now;
    return lstat(path, &now) == 0 && now.st_ino == before->st_ino &&
           now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

/* Moves it, under another name where that one is taken. The path is the caller's. NULL and errno. */
static char *move_to(const char *path, const char *folder, const char *name)
{
    const char *dot = strrchr(name, '.');
    int stem = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    for (int n = 1; n <= NAMES_MOST; n++) {
        g_autofree char *numbered =
            n == 1 ? g_strdup(name) : g_strdup_printf("%.*s-%d%s", stem, name, n, name + stem);
        char *target = g_build_filename(folder, numbered, NULL);
        if (renameat2(AT_FDCWD, path, AT_FDCWD, target, RENAME_NOREPLACE) == 0)
            return target;
        g_free(target);
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

static void say_file(struct run *run, const char *name, const char *outcome)
{
    if (!json_object_get(run->counts, "files"))
        json_object_set_new(run->counts, "files", json_array());
    json_array_append_new(json_object_get(run->counts, "files"),
                          json_pack("{s:s, s:s}", "file", name, "outcome", outcome));
}

static void put_away(struct run *run, const char *path, const char *name, const char *where,
                     const char *why)
{
    g_autofree char *folder = g_build_filename(run->address, where, NULL);
    g_autofree char *moved = move_to(path, folder, name);
    if (!moved) {
        run_ends(run, "later",
                 feed_say(run->settings->chinese, FEED_FOLDER, folder, g_strerror(errno)));
        return;
    }
    say_file(run, name, where);
    if (g_strcmp0(run->outcome, "later") != 0 && !(run->outcome && g_str_equal(where, "done")))
        run_ends(run, g_str_equal(where, "done") ? "loaded" : "refused", g_strdup(why));
    if (why) {
        g_autofree char *note = g_strconcat(moved, ".txt", NULL);
        g_autofree char *line = g_strconcat(why, "\n", NULL);
        g_file_set_contents(note, line, -1, NULL);
    }
}

/* Loads it and puts it away; one that was changed meanwhile stays, and is looked at again. */
static bool take_file(struct run *run, const char *path, const char *name, GError **error)
{
    struct stat before;
    json_auto_t *report = NULL;
    g_autoptr(GError) why = NULL;
    if (!is_settled(path, &before, run_number(run, "settle_s", 3)))
        return true;
    g_autofree char *refused = g_build_filename(run->address, "refused", NULL);
    bool loaded = run_load(run, path, name, refused, &report, &why);
    if (!loaded && why->domain != LOADER_ERROR && !run_stopped(run)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    if (!loaded && run_stopped(run))
        run_ends(run, "later", feed_say(run->settings->chinese, FEED_STOPPED, NULL, NULL));
    else if (!is_the_same(path, &before))
        return true;
    else if (!loaded)
        put_away(run, path, name, "refused", why->message);
    else if (json_integer_value(json_object_get(report, "refused")) > 0)
        put_away(run, path, name, "refused", NULL);
    else
        put_away(run, path, name, "done", NULL);
    return true;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_in(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(dir)))
        if (!is_in_passing(name))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

bool run_inbox(struct run *run, GError **error)
{
    g_autofree char *inbox = g_build_filename(run->address, "inbox", NULL);
    g_autoptr(GError) why = NULL;
    if (!feeds_make_folder(run->address, &why)) {
        run_ends(run, "later", g_strdup(why->message));
        return true;
    }
    g_autoptr(GPtrArray) names = names_in(inbox, &why);
    if (!names) {
        run_ends(run, "later", g_strdup(why->message));
        return true;
    }
    for (guint i = 0; i < names->len && !run_stopped(run); i++) {
        g_autofree char *path = g_build_filename(inbox, names->pdata[i], NULL);
        if (!take_file(run, path, names->pdata[i], error))
            return false;
    }
    if (!run->outcome)
        run_ends(run, "same", NULL);
    return true;
}
