/* wire.h - many calls at once through libcurl: HTTP to addresses that others wrote, mail through a relay that is ours.
 *
 * Every call keeps to service/common/outbound.h. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_error { WIRE_ERROR_BODY, WIRE_ERROR_ENDPOINT, WIRE_ERROR_SETTINGS };
#define WIRE_ERROR wire_error_quark()
GQuark wire_error_quark(void);

enum { WIRE_AT_ONCE = 128 };

/* A mail, in place of a body. Everything is borrowed. */
struct wire_mail {
    const char *from, *to;       /* of the envelope */
    const char *user, *password; /* NULL: none */
    const char *authorities;     /* a file of certificates to trust, NULL: the system's */
    bool plain;                  /* without TLS: a relay of the tests */
    char *const *headers;        /* whole lines, NULL-ended */
    const char *text, *html;
};

struct wire_call {
    const char *url;
    char *const *headers;         /* of HTTP, NULL-ended, or NULL */
    const char *body;             /* is posted */
    const struct wire_mail *mail; /* or NULL */
    void *user;
    long status;           /* out: of HTTP or SMTP; 0 when no answer came */
    int64_t retry_after_s; /* 0: not said */
    bool private_address;  /* refused: it leads into a private network */
    int code;              /* libcurl's; 0: the call was made */
    char answer[513];      /* the beginning, as valid UTF-8; of SMTP the last line */
    char failure[256]; /* what went wrong on the way, without the address; "" when nothing */
};

/* What an attempt means for what was sent. */
enum wire_verdict {
    WIRE_ACCEPTED,     /* the enterprise's own side took it */
    WIRE_SENT,         /* a go-between took it; nobody has confirmed */
    WIRE_RETRY,        /* later, by the schedule */
    WIRE_DEAD,         /* never: this message can't be sent */
    WIRE_ENDPOINT_OFF, /* never: nor can any other to this endpoint */
};
struct wire_outcome {
    enum wire_verdict verdict;
    int64_t retry_after_s; /* of WIRE_RETRY: at the earliest; 0: not said */
    int tries_most;        /* of WIRE_RETRY: then it is dead; 0: as many as the schedule has */
    bool holds_endpoint;   /* nothing else goes there until then */
    char reason[128];      /* for people; "": what the call says */
};

typedef struct wire wire_t;
/* `allowed`: "host:port, …", borrowed; `done` is told of each call as it ends, inside wire_run(). */
struct wire *wire_new(const char *allowed, void (*done)(struct wire_call *call, void *user),
                      void *user);
/* Cuts what has not ended, and says which. */
void wire_cut(struct wire *wire, void (*cut)(struct wire_call *call));
void wire_free(struct wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_t, wire_free)
/* Begins a call, which is borrowed until it has ended: 15 seconds at most (a mail 30). At most WIRE_AT_ONCE at one time. */
void wire_add(struct wire *wire, struct wire_call *call);
/* Goes on with all of them for at most so long, or until some ended. */
void wire_run(struct wire *wire, int wait_ms);
size_t wire_count(const struct wire *wire);
