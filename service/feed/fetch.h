/* fetch.h - one file from one address, whole or not at all.
 *
 * What has come is kept beside (partial.h): cut off, it is gone on with by Range and If-Range as long as each try brings something;
 * a file that has become another one meanwhile is begun anew. A file that was fetched before is asked for with its ETag or its
 * date. Redirects are followed at the same scheme, host and port. A file is whole when all bytes came that the server
 * had announced; where it announces none (neither a length nor chunks, and nothing packed that knows its end by itself), it is
 * refused. */
#pragma once
#include "service/feed/words.h"
#include <stdint.h>

enum fetch_outcome {
    FETCH_NEW,   /* the bytes are in `part`, packed as `encoding` says */
    FETCH_SAME,  /* 304 */
    FETCH_LATER, /* `failure` says why */
    FETCH_GONE   /* 410, or an address that may not be used: trying again has no point */
};

struct fetch_limits {
    int most_mb;
    int connect_s;
    int stall_s; /* so long without a byte: cut off */
    int whole_s; /* a try */
};

struct fetch {
    /* in, borrowed */
    const char *url;
    const char *etag, *last_modified; /* of what is there already; NULL: nothing */
    const char *part;                 /* path */
    const char *allowed,
        *ca_file; /* address.h; a file of certificates in place of the system's, or NULL */
    struct fetch_limits limits;
    bool (*stop)(void *user); /* true: give up; may be NULL */
    void *stop_user;
    bool chinese;
    /* out, owned */
    enum fetch_outcome outcome;
    char *new_etag, *new_last_modified, *encoding, *type, *link;
    char *failure;
    int status;            /* of HTTP, the last one; 0: none */
    int64_t retry_after_s; /* 0: not said */
    int tries, resumed;    /* of these, with Range */
};

void fetch_run(struct fetch *fetch);
void fetch_clear(struct fetch *fetch);
