/* traditional.h - traditional characters of headers and words. Pure. */
#pragma once

/* The text with the simplified characters that columns.tsv and values.tsv are written in; NULL where nothing is to be changed.
 * Caller frees. */
char *text_simplified(const char *text);
