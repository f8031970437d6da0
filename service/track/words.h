/* words.h - what the tracker says to people, Chinese and English side by side: one table. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* The words for a code: reasons (near_duplicate), states (not_met), headings (value). The code itself when there are none. */
const char *track_word(const char *code, bool chinese);
/* The whole table: {code: {zh, en}}. The caller owns it. */
json_t *track_words(void);
