/* words.h - what is said of a feed that could not be read, zh and en side by side. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum feed_word {
    FEED_BAD_ADDRESS, /* {1}: what speaks against it */
    FEED_PRIVATE,
    FEED_TOO_LARGE, /* {1}: MB */
    FEED_CUT,       /* {1}: the library's sentence */
    FEED_SILENT,    /* {1}: seconds */
    FEED_NO_LENGTH,
    FEED_OTHER_LENGTH, /* {1}: bytes come, {2}: bytes said */
    FEED_STATUS,       /* {1}: the number */
    FEED_GONE,
    FEED_ELSEWHERE, /* {1}: masked address */
    FEED_CHANGING,
    FEED_DISK,   /* {1}: reason */
    FEED_PACKED, /* {1}: reason */
    FEED_STOPPED,
    FEED_NO_ITEMS, /* {1}: name */
    FEED_NO_JSON,  /* {1}: reason */
    FEED_CIRCLE,
    FEED_PAGES,  /* {1}: the number */
    FEED_FOLDER, /* {1}: path, {2}: reason */
    FEED_WORDS
};

/* The sentence; {1} and {2} stand for the texts, NULL where it has none. The caller frees. */
char *feed_say(bool chinese, enum feed_word word, const char *first, const char *second);
/* The same with one number. */
char *feed_say_number(bool chinese, enum feed_word word, int number);
