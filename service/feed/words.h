/* words.h - what is said of a feed that could not be read, zh and en side by side. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum feed_word {
    FEED_BAD_ADDRESS, /* %s: what speaks against it */
    FEED_PRIVATE,
    FEED_TOO_LARGE, /* %d: MB */
    FEED_CUT,       /* %s: the library's sentence */
    FEED_SILENT,    /* %d: seconds */
    FEED_NO_LENGTH,
    FEED_OTHER_LENGTH, /* %s: bytes come, %s: bytes said */
    FEED_STATUS,       /* %d */
    FEED_GONE,
    FEED_ELSEWHERE, /* %s: masked address */
    FEED_CHANGING,
    FEED_DISK,   /* %s: reason */
    FEED_PACKED, /* %s: reason */
    FEED_STOPPED,
    FEED_NO_ITEMS, /* %s: name */
    FEED_NO_JSON,  /* %s: reason */
    FEED_CIRCLE,
    FEED_PAGES,  /* %d */
    FEED_FOLDER, /* %s: path, %s: reason */
    FEED_WORDS
};

/* The sentence, filled in. The caller frees. */
char *feed_say(bool chinese, enum feed_word word, ...);
