/* grounds.h - what a row of evidence rests on, in one line for people who read it printed. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* "registration number 2025350590000372; push CN2022…/9135…": the members of a row's `detail` in words, money in yuan, of long lists the first.
 * Left out is what only a program reads (scores), and what stands elsewhere in the row. The caller frees. */
char *grounds_text(const json_t *row, bool chinese);
