#include "service/doctor/doctor.h"
#include "service/cli/commands.h"
#include <curl/curl.h>
#include <stdio.h>

static const char usage[] =
    "patbridge doctor [--connect] [--free-mb N] [--patience SECONDS]\n\n"
    "Looks at settings, database, clock, schema, index, records, steps, files, disk and "
    "channels; says what is\n"
    "wrong and what to do about it. Nothing is changed. Exit 1 when something does not work; "
    "warnings alone: 0.\n"
    "  --connect           connects to the mail relay and every receiver, too; sends nothing\n"
    "  --free-mb N         free space that a file system must have (1024)\n"
    "  --patience SECONDS  how long a transaction or a piece of work may take (900)";

static const struct {
    const char *name, *zh;
} subjects_zh[] = {{"settings", "设置"}, {"database", "数据库"}, {"clock", "时钟"},
                   {"schema", "结构"},   {"index", "索引"},      {"records", "记录"},
                   {"steps", "步骤"},    {"files", "文件"},      {"disk", "磁盘"},
                   {"channels", "渠道"}};

static const char *subject_name(const struct app *app, const char *subject)
{
    for (size_t i = 0; app->chinese && i < G_N_ELEMENTS(subjects_zh); i++)
        if (g_str_equal(subjects_zh[i].name, subject))
            return subjects_zh[i].zh;
    return subject;
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static int count_level(const json_t *findings, const char *level, const char *subject)
{
    int count = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *one = json_array_get(findings, i);
        count += g_str_equal(text_of(one, "level"), level) &&
                 (!subject || g_str_equal(text_of(one, "subject"), subject));
    }
    return count;
}

/* Without the schema there is nothing to ask about records: that is not "good". */
static bool was_looked_at(const struct doctor *doctor, const char *subject)
{
    static const char *const need_schema[] = {"index", "records", "steps", NULL};
    bool database = g_str_equal(subject, "clock") || g_str_equal(subject, "schema");
    if (g_strv_contains(need_schema, subject))
        return doctor->schema;
    return !database || doctor->db;
}

static void print_subject(const struct doctor *doctor, const char *subject)
{
    bool zh = doctor->app->chinese;
    int faults = count_level(doctor->findings, "fault", subject),
        warnings = count_level(doctor->findings, "warning", subject);
    const char *state = faults                           ? (zh ? "有故障" : "FAULT")
                        : warnings                       ? (zh ? "有提示" : "warning")
                        : was_looked_at(doctor, subject) ? (zh ? "正常" : "good")
                                                         : (zh ? "未检查" : "not looked at");
    printf("%s%s%s\n", subject_name(doctor->app, subject), zh ? "：" : ": ", state);
    for (size_t i = 0; i < json_array_size(doctor->findings); i++) {
        const json_t *one = json_array_get(doctor->findings, i);
        if (g_str_equal(text_of(one, "subject"), subject))
            printf(zh ? "  %s（%s）：%s\n    处理：%s\n" : "  %s (%s): %s\n    do: %s\n",
                   text_of(one, "what"), text_of(one, "code"), text_of(one, "detail"),
                   text_of(one, "do"));
    }
}

static void print_all(const struct doctor *doctor, int faults, int warnings)
{
    for (const char *const *subject = doctor_subjects; *subject; subject++)
        print_subject(doctor, *subject);
    if (faults + warnings == 0)
        puts(doctor->app->chinese ? "未发现问题" : "nothing is wrong");
    else
        printf(doctor->app->chinese ? "故障 %d 项，提示 %d 项\n" : "faults: %d, warnings: %d\n",
               faults, warnings);
}

static int report(struct doctor *doctor)
{
    int faults = count_level(doctor->findings, "fault", NULL),
        warnings = count_level(doctor->findings, "warning", NULL);
    if (doctor->app->json)
        app_print_json(json_pack("{s:b, s:i, s:i, s:O}", "good", faults == 0, "faults", faults,
                                 "warnings", warnings, "findings", doctor->findings));
    else
        print_all(doctor, faults, warnings);
    return faults ? APP_FAILED : APP_DONE;
}

int command_doctor(struct app *app, int argc, char **argv, GError **error)
{
    struct doctor doctor = {.app = app};
    gboolean connect = FALSE;
    int room = 1024, patience = 900;
    const GOptionEntry entries[] = {
        {"connect", 0, 0, G_OPTION_ARG_NONE, &connect, NULL, NULL},
        {"free-mb", 0, 0, G_OPTION_ARG_INT, &room, NULL, NULL},
        {"patience", 0, 0, G_OPTION_ARG_INT, &patience, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (!app_options(&argc, &argv, entries, usage, error))
        return APP_FAILED;
    if (argc != 1 || room < 0 || patience < 0) {
        app_wrong_use(error, "%s", usage);
        return APP_FAILED;
    }
    doctor.connect = connect;
    doctor.room_mb = (guint64)room;
    doctor.patience_s = patience;
    doctor_look(&doctor);
    int code = report(&doctor);
    doctor_clear(&doctor);
    return code;
}
