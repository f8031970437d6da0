/* outbound.h - what every connection that the program opens to the outside keeps to: pushes, feeds.
 *
 * https alone (plain http only to a host:port that the configuration allows), its certificate verified; no proxy; no redirect
 * followed by itself; a socket opened to public addresses alone (address.h) and to what is so allowed, judged after the name
 * was resolved; no socket used twice. */
#pragma once
#include "service/common/address.h"
#include <curl/curl.h>

/* An address taken apart. */
struct outbound_target {
    char *scheme, *host, *user; /* user: NULL when it holds none */
    int port;
};
bool outbound_target_read(const char *url, struct outbound_target *out);
void outbound_target_clear(struct outbound_target *target);
typedef struct outbound_target outbound_target_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(outbound_target_t, outbound_target_clear)

extern const char outbound_only_https[];

/* What speaks against an address, as part of a sentence; NULL: nothing. `allowed` as address_is_allowed() has it. */
const char *outbound_url_problem(const char *url, const char *allowed);
/* The same scheme, host and port. */
bool outbound_same_place(const char *url, const char *other);
/* An address without what may be secret in it: "https://host:port/…". The caller frees. */
char *outbound_url_mask(const char *url);

/* Lives as long as the handle is used. */
struct outbound {
    bool allowed;         /* this very host and port may be private */
    bool refused, opened; /* a socket was, on the way */
};

/* Sets all of it on a handle for one transfer to this address. */
void outbound_guard(CURL *easy, struct outbound *outbound, const char *url,
                    const char *allowed);
/* Every address that the name led to is private, or else not to be connected to. */
bool outbound_was_refused(const struct outbound *outbound);
