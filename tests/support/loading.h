/* loading.h - records for a test that loads: numbers that pass their checks, files, reports, and what the database then holds.
 *
 * Rows are JSON Lines with ' for ". Reports stay with the helper. Every call fails the test with its reason. */
#pragma once
#include "tests/support/testdb.h"

/* A fresh database with the agencies 1 (JJ01) and 2 (JJ02), and a folder for files. The connection stays with the helper. */
struct db *loading_open(void);
/* The same once more, in place of the first. */
struct db *loading_open_again(void);
/* A connection of one's own, in a child that was forked. */
void loading_reconnect(void);

/* Numbers in normal form that pass their checks, by a serial of ours. They stay with the helper. */
const char *app_number(int n);              /* "CN201710000007.6" */
const char *app_key(int n);                 /* "CN201710000007" */
const char *pub_number(int n, char letter); /* "CN106000007A" */
const char *uscc(int n);

/* A text with printf's conversions, and ' turned to ". It stays with the helper. */
const char *row(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The same with its ' left alone, for SQL. */
const char *sql_text(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Writes a file of lines into the folder, and answers its path. */
const char *file_of(const char *name, const char *text);

struct loading {
    const char *held_since;
    bool dry_run;
    void (*progress)(int64_t rows, int64_t lines, int64_t lines_total, void *user);
};
extern struct loading loading; /* what the next loads are told; zeroed by loading_open() */

/* Loads a file, or one made of these lines, for an agency (0: agencies themselves), on the day 2025-06-30. */
json_t *load_path(const char *kind, int agency, const char *path);
json_t *load(const char *kind, int agency, const char *lines);
/* Fails unless the report says so many, and read is their sum. */
void expect_counts(const char *what, json_t *report, int new, int changed, int same,
                   int refused);
/* The code of the refusal of a line; "" when it was not refused. */
const char *code_of_line(json_t *report, int line);
const char *reason_of_line(json_t *report, int line);
/* "column=value"; until the next call. */
const char *place_of_line(json_t *report, int line);

/* The record as show_record() gives it ({record, history, links}). */
json_t *shown(const char *kind, const char *key, int agency);
/* A member of the record: texts as they are, everything else as JSON. */
const char *shown_value(const char *kind, const char *key, int agency, const char *name);

/* Every row of every table but batches, refused rows, and what is written of changes, as text; `whole` false: without moments, batches and changes. */
char *dump_all(bool whole);
