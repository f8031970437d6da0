#include "service/doctor/doctor.h"
#include <stdarg.h>

const char *const doctor_subjects[] = {"settings", "database", "clock", "schema",
                                       "index",    "records",  "steps", "files",
                                       "disk",     "channels", NULL};

void doctor_add(struct doctor *doctor, const char *code, const char *detail)
{
    const struct doctor_words *words = doctor_words_of(code);
    bool chinese = doctor->app->chinese;
    g_return_if_fail(words);
    json_array_append_new(doctor->findings,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "code", code, "subject",
                                    words->subject, "level", words->fault ? "fault" : "warning",
                                    "what", chinese ? words->what_zh : words->what, "detail",
                                    detail, "do", chinese ? words->act_zh : words->act));
}

void doctor_addf(struct doctor *doctor, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *valid = g_utf8_make_valid(detail, -1);
    g_auto(GStrv) lines = g_strsplit_set(g_strstrip(valid), "\n\t", -1);
    g_autofree char *line = g_strjoinv(" ", lines);
    doctor_add(doctor, code, line);
}

void doctor_add_all(struct doctor *doctor, json_t *rows, GError *why)
{
    if (!rows)
        doctor_addf(doctor, "not_looked", "%s", why ? why->message : "no reason was given");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        doctor_addf(doctor, json_string_value(json_object_get(row, "code")), "%s",
                    json_string_value(json_object_get(row, "detail")));
    }
    json_decref(rows);
}

char *doctor_place(const struct doctor *doctor, const char *setting, const char *usual)
{
    char *set = app_setting(doctor->app, setting);
    return set ? set : g_strdup(usual);
}

void doctor_look(struct doctor *doctor)
{
    doctor->findings = json_array();
    doctor_settings(doctor);
    doctor_database(doctor);
    doctor_records(doctor);
    doctor_files(doctor);
    doctor_channels(doctor);
}

void doctor_clear(struct doctor *doctor)
{
    json_decref(doctor->findings);
}
