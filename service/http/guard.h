/* guard.h - what is refused before anybody looks at what was asked (RFC 9112).
 *
 * The pages that need no sign-in show every agency's rows: that they answer this machine alone is what guards them. A foreign page in a browser of this
 * machine could reach them under a name of its own that leads to 127.0.0.1 (DNS rebinding), so that Host must be this
 * machine's, except under /v1/, where a key is asked for that no browser sends by itself, or the cookie of a session, which
 * a browser sends to the very host that set it.
 *
 * The HTTP library accepts what RFC 9112 refuses, and what lets two servers behind one another see different requests: two
 * differing Content-Length headers, Transfer-Encoding beside Content-Length, lines that end in a bare LF or CR, folded
 * lines, blanks around a header's name. All of these are refused here, and the connection ends. A body needs its length
 * beforehand: Transfer-Encoding: chunked is 411. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GUARD_TARGET_MOST = 4096, GUARD_HEAD_MOST = 16384, GUARD_HEADERS_MOST = 64 };

/* A header as the library left it in the bytes that it read: the pointers say where it stood. */
struct guard_header {
    const char *name, *value;
    size_t name_len, value_len;
};

struct guard_head {
    const char *target;
    const struct guard_header *headers; /* in the order in which they came */
    size_t count;
    /* Where the request line's version begins, and the head's first byte; head_len counts from there. NULL: not known, and
     * line ends are not looked at. */
    const char *version, *first;
    size_t head_len;
};

struct guard_refusal {
    int status;
    const char *kind, *title, *detail; /* literals */
};

/* NULL: let it pass; *body_len then has the announced length of the body, 0 for none. */
const struct guard_refusal *guard_check(const struct guard_head *head, int64_t *body_len);

/* True for 127.0.0.1, localhost and [::1], with any port or none. */
bool guard_host_is_ours(const char *host);
