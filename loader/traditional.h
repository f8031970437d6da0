/* traditional.h - traditional characters of headers and words. Pure. */
#pragma once

/* The text in simplified characters, as columns.tsv and values.tsv are written; NULL where nothing is to be changed.
 * Caller frees. */
char *text_simplified(const char *text);
