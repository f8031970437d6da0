/* trouble.h - what an attempt to deliver came to, in plain words: why it failed, and what to do about it. Pure. One table, for dead
 * letters, for test messages and for whoever shows them. */
#pragma once
#include <jansson.h>

struct trouble {
    const char *code;          /* stable: "guard", "timeout" */
    const char *zh, *en;       /* what went wrong */
    const char *do_zh, *do_en; /* what to do */
};

/* What was kept of an attempt (outbox.h): its outcome, HTTP's or SMTP's status (0: none came), and the reason of the channel's judge or
 * what the wire said. Any may be NULL or 0; nothing at all means that it was never tried, for its channel was turned off. Never NULL. */
const struct trouble *trouble_find(const char *outcome, long status, const char *error);
/* {code, zh, en, do_zh, do_en}, the caller's. */
json_t *trouble_json(const struct trouble *trouble);
