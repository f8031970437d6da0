/* guard.h - what is refused before anybody looks at what was asked.
 *
 * The pages have no sign-in yet: that they answer this machine alone is what guards them. A foreign page in a browser of this
 * machine could reach them under a name of its own that leads to 127.0.0.1 (DNS rebinding), so that Host must be this
 * machine's. The HTTP library accepts two differing Content-Length headers, which RFC 9112 refuses; nothing here takes a
 * body, so that any body at all is refused, and the connection ends. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { GUARD_TARGET_MOST = 2048 };

struct guard_head {
    const char *target;
    const char *const *hosts;   /* every Host header, NULL-ended */
    const char *const *lengths; /* every Content-Length header, NULL-ended */
    bool has_transfer_encoding;
};

struct guard_refusal {
    int status;
    const char *kind, *title, *detail; /* literals */
};

/* NULL: let it pass. */
const struct guard_refusal *guard_check(const struct guard_head *head);

/* True for 127.0.0.1, localhost and [::1], with any port or none. */
bool guard_host_is_ours(const char *host);
