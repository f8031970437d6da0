#include "tests/db/push_support.h"
#include "service/demo/receiver.h"
#include "service/push/schedule.h"
#include "sql/endpoint.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct support support;

static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";

static char *in_folder(const char *name)
{
    return g_build_filename(support.folder, name, NULL);
}

void support_begin(void)
{
    g_autofree char *key_file = NULL;
    support.db = testdb_open();
    support.folder = g_dir_make_tmp("patbridge-push-XXXXXX", NULL);
    support.secret_file = in_folder("secret");
    support.log_file = in_folder("log");
    support.port_file = in_folder("port");
    key_file = in_folder("key");
    cr_assert(g_file_set_contents(support.secret_file, secret, -1, NULL));
    cr_assert(seal_key_load(key_file, &support.key, NULL));
    testdb_sql("INSERT INTO agency (agency_id, code, name, change_seq, first_recorded_at, "
               "recorded_at) "
               "VALUES (7, 'JJ01', '晋江桥汐', 1, now(), now())");
}

static void forget_reports(void);

void support_end(void)
{
    forget_reports();
    stop_receiver(SIGTERM);
    db_close(support.db);
    for (const char *const *name = (const char *const[]){"secret", "log", "port", "key", NULL};
         *name; name++) {
        g_autofree char *file = in_folder(*name);
        g_unlink(file);
    }
    g_rmdir(support.folder);
    g_free(support.secret_file);
    g_free(support.log_file);
    g_free(support.port_file);
    g_free(support.folder);
    g_free(support.allow_private);
}

void given_enterprise(int number, const char *wishes)
{
    g_autofree char *text = g_strdup_printf(
        "INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, push, "
        "change_seq, "
        "first_recorded_at, recorded_at) "
        "VALUES (%d, '9135058200000000%02d', '晋江鞋业%d', '晋江鞋业%d', '350582', '%s', 1, "
        "now(), now());"
        "INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, "
        "valid_from, change_seq, first_recorded_at, "
        "recorded_at) VALUES (%d, 7, 'XQ-%d', %d, '轻质发泡鞋底', '求轻质发泡鞋底', "
        "'2025-01-01', 1, now(), now())",
        number, number, number, number, wishes, 100 + number, number, number);
    testdb_sql(text);
}

void given_lead(int patent, int enterprise, double fit, const char *state)
{
    g_autofree char *text = g_strdup_printf(
        "INSERT INTO patent (patent_id, publication_number, title, type, legal_status, "
        "applicants, change_seq, first_recorded_at, "
        "recorded_at) VALUES (%d, 'CN10%06dB', '一种发泡鞋底 %d', 'invention', 'granted', "
        "'{某大学}', 1, now(), now()) "
        "ON CONFLICT DO NOTHING;"
        "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, rank, "
        "reasons, model, state, change_seq, "
        "proposed_at) VALUES (%d, %d, 7, 1200, %f, .1, 1, "
        "'[{\"text\":\"发泡\",\"kind\":\"word\",\"points\":1200}]', 'm1', '%s', 1, "
        "now())",
        patent, patent, patent, patent, 100 + enterprise, fit, state);
    testdb_sql(text);
}

/* ---- The receiver: a process of its own */

static void become_receiver(const char *const answers[])
{
    g_autofree char *port = g_strdup_printf("%d", support.port);
    char *argv[40] = {(char *)(uintptr_t) "receiver",
                      (char *)(uintptr_t) "--port",
                      port,
                      (char *)(uintptr_t) "--log",
                      support.log_file,
                      (char *)(uintptr_t) "--secret-file",
                      support.secret_file,
                      (char *)(uintptr_t) "--port-file",
                      support.port_file};
    int argc = 9;
    for (; answers && *answers && argc < 39; answers++)
        argv[argc++] = (char *)(uintptr_t)*answers;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that crashes leaves nobody behind */
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        _exit(1);
    _exit(receiver_main(argc, argv));
}

void given_receiver(const char *const answers[])
{
    g_autofree char *text = NULL;
    g_unlink(support.port_file);
    support.receiver = fork();
    if (support.receiver == 0)
        become_receiver(answers);
    for (int i = 0; i < 500 && !g_file_get_contents(support.port_file, &text, NULL, NULL); i++)
        g_usleep(10 * 1000);
    cr_assert(text, "the receiver does not start");
    support.port = (int)g_ascii_strtoll(text, NULL, 10);
    if (!support.allow_private) /* the port stays */
        support.allow_private = g_strdup_printf("127.0.0.1:%d", support.port);
}

void stop_receiver(int signal)
{
    if (support.receiver <= 0)
        return;
    kill(support.receiver, signal);
    waitpid(support.receiver, NULL, 0);
    support.receiver = 0;
}

void given_webhook(int enterprise, const char *url)
{
    g_autofree char *here = g_strdup_printf("http://127.0.0.1:%d/hook", support.port);
    g_autoptr(GBytes) sealed = seal_close(&support.key, secret, strlen(secret));
    g_autoptr(GError) error = NULL;
    struct endpoint endpoint = {SUPPORT_AGENCY,   enterprise, "webhook",
                                url ? url : here, NULL,       0};
    int64_t id;
    endpoint.sealed = g_bytes_get_data(sealed, &endpoint.sealed_len);
    cr_assert(db_begin(support.db, DB_SERVICE, SUPPORT_AGENCY, &error) &&
                  endpoint_add(support.db, &endpoint, "2026-03-01T00:00:00Z", &id, &error) &&
                  db_commit(support.db, &error),
              "%s", error ? error->message : "");
}

/* ---- Runs */

static bool allow(const json_t *candidate, const char **reason, void *user)
{
    (void)user;
    if (json_is_true(json_object_get(candidate, "stopped")))
        *reason = "enterprise_stopped";
    else if (json_is_true(json_object_get(candidate, "pushed_before")))
        *reason = "already_pushed";
    return !*reason;
}

struct push_options support_options(const char *now)
{
    struct push_options options = {.floor = .2,
                                   .ignore_quiet = true,
                                   .allow_private = support.allow_private,
                                   .key = &support.key,
                                   .allow = allow};
    if (now)
        cr_assert(schedule_moment_read(now, &options.now_us));
    return options;
}

static struct push_report reports[64];
static size_t reports_made;

static struct push_report keep(bool (*run)(struct db *, const struct push_options *,
                                           struct push_report *, GError **),
                               const struct push_options *options)
{
    struct push_report *report = &reports[reports_made++];
    g_autoptr(GError) error = NULL;
    cr_assert_leq(reports_made, G_N_ELEMENTS(reports));
    cr_assert(run(support.db, options, report, &error), "%s", error ? error->message : "");
    return *report;
}

struct push_report support_run(const struct push_options *options)
{
    return keep(push_run, options);
}

struct push_report support_make(const struct push_options *options)
{
    return keep(push_make_due, options);
}

static void forget_reports(void)
{
    while (reports_made > 0)
        push_report_clear(&reports[--reports_made]);
}

/* ---- The receiver's log */

static char **log_lines(void)
{
    char *text = NULL;
    if (!g_file_get_contents(support.log_file, &text, NULL, NULL))
        return g_new0(char *, 1);
    char **lines = g_strsplit(g_strstrip(text), "\n", -1);
    g_free(text);
    return lines;
}

int logged(const char *field, bool value)
{
    g_auto(GStrv) lines = log_lines();
    int count = 0;
    for (char **line = lines; *line; line++) {
        json_auto_t *entry = json_loads(*line, 0, NULL);
        count += entry && (!field || json_is_true(json_object_get(entry, field)) == value);
    }
    return count;
}

int logged_ids(void)
{
    g_auto(GStrv) lines = log_lines();
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line; line++) {
        json_auto_t *entry = json_loads(*line, 0, NULL);
        const char *id = json_string_value(json_object_get(entry, "id"));
        json_int_t status = json_integer_value(json_object_get(entry, "status"));
        if (id && status >= 200 && status < 300)
            g_hash_table_add(ids, g_strdup(id));
    }
    return (int)g_hash_table_size(ids);
}
