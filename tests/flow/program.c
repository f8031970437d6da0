#include "tests/flow/program.h"
#include "service/demo/receiver.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *program;
    char *folder;
    char **environment;
    GPtrArray *texts; /* char *, freed at the end */
    GPtrArray *said;  /* struct said * */
    pid_t receiver;
    int port;
} held;

static void said_free(gpointer data)
{
    struct said *said = data;
    g_free(said->out);
    g_free(said->err);
    json_decref(said->json);
    g_free(said);
}

char *keep_text(char *text)
{
    g_ptr_array_add(held.texts, text);
    return text;
}

/* ---- Files */

const char *in_folder(const char *name)
{
    return keep_text(g_build_filename(held.folder, name, NULL));
}

const char *text_of_file(const char *path)
{
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "could not read %s", path);
    return keep_text(text);
}

void write_file(const char *path, const char *text)
{
    cr_assert(g_file_set_contents(path, text, -1, NULL), "could not write %s", path);
}

static void remove_folder(void)
{
    GDir *folder = g_dir_open(held.folder, 0, NULL);
    for (const char *name; folder && (name = g_dir_read_name(folder));)
        g_unlink(in_folder(name));
    if (folder)
        g_dir_close(folder);
    g_rmdir(held.folder);
}

/* ---- The receiver: a process of its own */

static void become_receiver(void)
{
    const char *const words[] = {"receiver",        "--port",         "0",
                                 "--log",           in_folder("log"), "--secret-file",
                                 receiver_secret(), "--port-file",    in_folder("port")};
    char *argv[G_N_ELEMENTS(words) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        argv[i] = (char *)(uintptr_t)words[i];
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that crashes leaves nobody behind */
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        _exit(1);
    _exit(receiver_main((int)G_N_ELEMENTS(words), argv));
}

static void start_receiver(void)
{
    g_autofree char *text = NULL;
    write_file(receiver_secret(), "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n");
    held.receiver = fork();
    if (held.receiver == 0)
        become_receiver();
    for (int i = 0; i < 1000 && !g_file_get_contents(in_folder("port"), &text, NULL, NULL); i++)
        g_usleep(10 * 1000);
    cr_assert(text, "the receiver does not start");
    held.port = (int)g_ascii_strtoll(text, NULL, 10);
}

int receiver_port(void)
{
    return held.port;
}

const char *receiver_secret(void)
{
    return in_folder("secret");
}

json_t *receiver_log(void)
{
    char *text = NULL;
    json_t *list = json_array();
    if (g_file_get_contents(in_folder("log"), &text, NULL, NULL)) {
        g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
        for (char **line = lines; *line; line++)
            json_array_append_new(list, json_loads(*line, 0, NULL));
    }
    g_free(text);
    struct said *said = g_new0(struct said, 1);
    said->json = list;
    g_ptr_array_add(held.said, said);
    return list;
}

/* ---- Beginning and end */

void program_set(const char *name, const char *value)
{
    held.environment = g_environ_setenv(held.environment, name, value, TRUE);
}

void program_begin(void)
{
    held.program = g_getenv("PATBRIDGE_BINARY");
    cr_assert(held.program, "PATBRIDGE_BINARY names no program; run the tests by `make test`");
    held.texts = g_ptr_array_new_with_free_func(g_free);
    held.said = g_ptr_array_new_with_free_func(said_free);
    held.folder = g_dir_make_tmp("patbridge-flow-XXXXXX", NULL);
    db_close(testdb_empty()); /* `migrate` makes the rest */
    start_receiver();
    g_autofree char *allowed = g_strdup_printf("127.0.0.1:%d", held.port);
    held.environment = g_get_environ();
    program_set("PATBRIDGE_DATABASE", testdb_conninfo());
    program_set("PATBRIDGE_KEY_FILE", in_folder("key"));
    program_set("PATBRIDGE_ALLOW_PRIVATE", allowed);
}

void program_end(void)
{
    kill(held.receiver, SIGTERM);
    waitpid(held.receiver, NULL, 0);
    remove_folder();
    testdb_drop();
    g_free(held.folder);
    g_strfreev(held.environment);
    g_ptr_array_unref(held.said);
    g_ptr_array_unref(held.texts);
}

/* ---- Running */

/* The first word, the program's name, is put in front. */
static char **words_of(const char *line)
{
    g_autofree char *whole = g_strconcat("patbridge ", line, NULL);
    char **words = NULL;
    GError *error = NULL;
    cr_assert(g_shell_parse_argv(whole, NULL, &words, &error), "%s: %s", line,
              error ? error->message : "");
    g_free(words[0]);
    words[0] = g_strdup(held.program);
    return words;
}

static const struct said *run_line(const char *line)
{
    struct said *said = g_new0(struct said, 1);
    g_auto(GStrv) words = words_of(line);
    GError *error = NULL;
    int status = -1;
    g_ptr_array_add(held.said, said);
    cr_assert(g_spawn_sync(NULL, words, held.environment, G_SPAWN_DEFAULT, NULL, NULL,
                           &said->out, &said->err, &status, &error),
              "%s: %s", line, error ? error->message : "");
    cr_assert(WIFEXITED(status), "%s: ended by a signal: %x\n%s", line, (unsigned)status,
              said->err);
    said->code = WEXITSTATUS(status);
    said->json = json_loads(said->out, 0, NULL);
    return said;
}

const struct said *run(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *line = keep_text(g_strdup_vprintf(format, args));
    va_end(args);
    return run_line(line);
}

const struct said *run_to(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *line = keep_text(g_strdup_vprintf(format, args));
    va_end(args);
    const struct said *said = run_line(line);
    cr_assert_eq(said->code, code, "%s: exit code %d, should be %d\n%s%s", line, said->code,
                 code, said->out, said->err);
    return said;
}

json_t *ask(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *line = keep_text(g_strdup_vprintf(format, args));
    va_end(args);
    const struct said *said = run_to(0, "--json %s", line);
    cr_assert(said->json, "%s: stdout is not one JSON document: %s", line, said->out);
    return said->json;
}

/* ---- Comparing */

void expect_members(const char *what, const json_t *got, const char *expected)
{
    g_autofree char *text = g_strdelimit(g_strdup(expected), "'", '"');
    json_auto_t *members = json_loads(text, 0, NULL);
    cr_assert(members, "%s: no JSON: %s", what, expected);
    const char *name;
    json_t *value;
    json_object_foreach(members, name, value)
    {
        const json_t *there = json_object_get(got, name);
        char *is = json_dumps(there, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
        char *should = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
        cr_expect(json_equal(there, value), "%s: %s is %s, should be %s", what, name,
                  is ? is : "absent", should);
        free(is);
        free(should);
    }
}
