/* program.h - the program `patbridge` as its users run it: a command line in, an exit code and two texts out.
 *
 * It runs on a database of the test's own and in a folder of the test's own, with a receiver of webhooks beside it. Nothing here
 * calls the program's code. What a call answers stays with the helper until the test ends. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

struct said {
    int code;
    char *out, *err;
    json_t *json; /* stdout, when that is one JSON document and nothing else; else NULL */
};

/* For TestSuite's .init and .fini: an empty database, the folder, the receiver. */
void program_begin(void);
void program_end(void);

/* A variable of the environment of what is run from now on. */
void program_set(const char *name, const char *value);

/* Runs one command line, quoted as in a shell: run("--agency %s leads", code). */
const struct said *run(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same, which must end with this exit code. */
const struct said *run_to(int code, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* With --json in front, and 0: the document. */
json_t *ask(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A file in the test's folder, whether it is there or not. The text stays with the helper. */
const char *in_folder(const char *name);
const char *text_of_file(const char *path);
void write_file(const char *path, const char *text);
/* Keeps a text until the test ends. */
char *keep_text(char *text);

/* Where the receiver listens, the secret it checks signatures with, and what it took: one document for each delivery (receiver.h). */
int receiver_port(void);
const char *receiver_secret(void);
json_t *receiver_log(void);

/* Fails unless `got` has every member of `expected` (JSON with ' for "), equal. `what` stands in the message. */
void expect_members(const char *what, const json_t *got, const char *expected);
