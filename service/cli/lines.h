/* lines.h - files of the commands that need no database: JSON Lines, and queries as lines of tab-separated columns. Every error
 * names file and line. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct lines {
    const char *path;
    FILE *file;
    char *line; /* without its end */
    size_t room, number;
};

bool lines_open(struct lines *r, const char *path, GError **error);
void lines_close(struct lines *r);

/* The next line that is not blank. False at the end, with an error when it is not the end but a failure. */
bool lines_next(struct lines *r, GError **error);

/* The line as a JSON object (own it), or NULL. */
json_t *lines_json(const struct lines *r, GError **error);

/* The line as a query: `qid<TAB>text`, more columns are not looked at. Both point into the line. */
bool lines_query(struct lines *r, char **qid, char **text, GError **error);

/* A field of a row: a string, or NULL when it is absent or null. */
bool lines_text(const json_t *row, const char *field, const struct lines *r, const char **out,
                GError **error);

/* Appends the strings of a field (a list, or one string; absent and null are none) to `out`, a GArray of const char *. */
bool lines_symbols(const json_t *row, const char *field, const struct lines *r, GArray *out,
                   GError **error);

/* Sets an error at this line and returns false. */
bool lines_fail(GError **error, const struct lines *r, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Hands an error on to the caller, if there is one; true if not. */
bool lines_pass_on(GError **error, GError *wrong);
