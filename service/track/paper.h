/* paper.h - evidence files: kept by content, each under its SHA-256, in a folder of its own (var/evidence, or the setting
 * `evidence`): FOLDER/ab/abcdef…. Written whole or not at all; never changed. The folder belongs into every backup. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Copies a file into the folder. `sha256` gets its digest (the caller frees), `size` its length. */
bool paper_keep(const char *folder, const char *file, char **sha256, int64_t *size,
                GError **error);

/* Where a paper lies. The caller frees. */
char *paper_path(const char *folder, const char *sha256);

/* What is wrong with a kept paper: NULL, "missing", or "altered". */
const char *paper_trouble(const char *folder, const char *sha256);
