/* fetch_try.h - one request of fetch.c and its answer. */
#pragma once
#include "service/common/outbound.h"
#include "service/feed/fetch.h"
#include "service/feed/partial.h"

struct
try {
    struct fetch *fetch;
    struct partial *part;
    CURL *easy;
    struct outbound outbound;
    /* of the answer, owned */
    char *etag, *last_modified, *encoding, *range, *link, *type, *date, *length;
    bool chunked;
    bool begun;              /* the body has been looked at */
    int64_t asked_at;        /* the byte from which on it was asked for */
    int64_t got;             /* bytes of the body */
    int64_t moved, moved_at; /* the last byte: which, and when (monotonic, us) */
    bool other;              /* a part that does not belong to what is there */
    enum feed_word why;      /* FEED_WORDS: nothing of ours ended it */
    int saved_errno;
    char *redirect;
};

/* Asks and takes the body. The library's code; what the answer was stands in `try`. */
CURLcode try_run(struct try *try, const char *url);
void try_clear(struct try *try);
