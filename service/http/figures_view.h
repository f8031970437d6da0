/* figures_view.h - a policy's figures as tables: one per agency, with the evidence behind each number by link. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef const char *(*view_word)(const char *code, bool chinese);

/* A document of `track --json` as a section. */
void figures_view(GString *out, const json_t *document, view_word word);

/* Its name, banners, day and window: the head of the section and of the evidence. `level` is the heading's, 1 or 2. */
void figures_view_head(GString *out, const json_t *document, int level);

/* "Reason 12, reason 3" of {reason: n}; 0 reasons: a dash. */
void figures_view_reasons(GString *out, json_t *left_out, view_word word);
