/* app.h - what a command of `patbridge` is given, and what it answers.
 *
 * A command is `int command_NAME(struct app *app, int argc, char **argv, GError **error)`: argv[0] is its own name, options
 * are read with app_options(). It answers an exit code: 0 done, 3 done but some input was refused; on failure it sets error
 * and answers APP_FAILED: main prints the error once and exits 1, or 2 where the error is APP_ERROR_USAGE.
 * stdout carries the result (one JSON document with --json), stderr everything else. */
#pragma once
#include "sql/db.h"
#include <glib.h>
#include <jansson.h>

enum { APP_DONE = 0, APP_FAILED = 1, APP_WRONG_USE = 2, APP_SOME_REFUSED = 3 };

enum app_error { APP_ERROR_USAGE, APP_ERROR_FAILED };
#define APP_ERROR app_error_quark()
GQuark app_error_quark(void);

struct app {
    char *config_file; /* --config, or NULL */
    char *agency_code; /* --agency, or NULL */
    gboolean json;     /* --json */
    bool
        help; /* --help was asked for: the usage that app_options() answers as an error is the result */
    bool
        chinese; /* LC_ALL, LC_MESSAGES or LANG begins with zh: sentences for people are Chinese */
    GKeyFile *
        settings; /* the file's [patbridge] group; PATBRIDGE_NAME in the environment goes before it. Never changed once it stands
                     here, for other threads may be reading it: app_configure() puts another in its place */
    struct db *db; /* opened by app_db(), closed by app_clear() */
};

void app_clear(struct app *app);

/* Reads the file of --config, if there was one, in place of what was read of it before; from then on every thread sees the new
 * settings. *changes, where wanted: a sentence for each setting that is another now, NULL-ended, the caller's; secrets are named
 * without their values. APP_ERROR_USAGE; then all stays as it was. */
bool app_configure(struct app *app, char ***changes, GError **error);

/* A setting by its name ("database", "private_hosts"): the environment's PATBRIDGE_… first, then the file's; NULL when
 * neither has it. The caller frees. */
char *app_setting(const struct app *app, const char *name);

/* The settings alone, as they stand now, for a thread that opens a connection of its own by them. */
struct app app_of_settings(const struct app *app);

/* The database, connected and with this program's schema (SQL_ERROR_SCHEMA else). Found by PATBRIDGE_DATABASE, the file, PG…,
 * or the private cluster under var/, which is started when it is down. */
struct db *app_db(struct app *app, GError **error);
/* The same without asking for the schema: for migrate and doctor. */
struct db *app_db_unchecked(struct app *app, GError **error);

/* The agency that --agency names, or the only one there is; APP_ERROR_USAGE when that is not one. */
bool app_agency(struct app *app, int *agency_id, GError **error);
/* The agency that --agency names, or 0 for every one. */
bool app_agency_or_all(struct app *app, int *agency_id, GError **error);

/* Reads the command's options; what remains are its operands, argv[1]… `usage` is shown by --help. */
bool app_options(int *argc, char ***argv, const GOptionEntry *entries, const char *usage,
                 GError **error);
/* Sets APP_ERROR_USAGE. */
bool app_wrong_use(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Prints one JSON document and a line's end. Takes the reference. */
void app_print_json(json_t *document);

/* Today in Asia/Shanghai, "2026-03-01": the one place of the command line that asks the clock. The caller frees. */
char *app_today(void);
