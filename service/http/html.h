/* html.h - text into pages, always escaped: a name with <script> in it is that name, and nothing more. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Appends; every %s is escaped (& < > " ' and control characters), the format itself is not. */
void html_add(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Chinese, with English beside it, smaller. */
void html_both(GString *out, const char *zh, const char *en);
/* The same of {zh, en}. */
void html_both_of(GString *out, const json_t *both);

/* The mark of made-up data; with `count` > 0 how many. */
void html_invented(GString *out, json_int_t count);

/* "12,345". The caller frees. */
char *html_count(json_int_t number);
/* 50000000 -> "500,000.00 元". The caller frees. */
char *html_yuan(json_int_t fen);
/* A moment in any ISO 8601 form as it is told in Jinjiang, "2026-03-01 16:00:00"; what can't be read stays as it is. The
 * caller frees. */
char *html_moment(const char *text);
/* The moment in microseconds, 0 when it can't be read. */
gint64 html_moment_us(const char *text);

/* A member that is text, "" where there is none. */
const char *html_text(const json_t *object, const char *name);
/* A member that is a number, 0 where there is none. */
json_int_t html_number(const json_t *object, const char *name);
bool html_is(const json_t *object, const char *name);
