/* exchange.h - one request and its answer, knowing nothing of the library that speaks HTTP. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Headers that anybody here reads. */
enum request_header {
    HEADER_HOST,
    HEADER_ACCEPT,
    HEADER_ACCEPT_ENCODING,
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_TYPE,
    HEADER_CONTENT_ENCODING,
    HEADER_IDEMPOTENCY_KEY,
    HEADER_IF_MATCH,
    HEADER_IF_NONE_MATCH,
    HEADER_REQUEST_ID,
    HEADER_FORWARDED_FOR, /* whom the proxy speaks for */
    HEADER_COOKIE,
    HEADER_CSRF_TOKEN, /* X-CSRF-Token: cookie.h */
    HEADER_ORIGIN,
    HEADER_FETCH_SITE, /* Sec-Fetch-Site */
    HEADER_COUNT
};

struct request {
    const char *method;
    const char *target;                /* as sent: path and query, percent-encoded */
    const char *path;                  /* decoded, valid UTF-8 */
    const char *accept;                /* the Accept header, or NULL */
    const char *headers[HEADER_COUNT]; /* NULL: not sent */
    GHashTable *args; /* of the query, decoded: name -> value ("" without one); NULL: none */
    bool args_repeat; /* a name of the query stands there twice */
    const char *id;   /* the request's name in answers and logs */
    int64_t body_len; /* as announced */
    GString *body;    /* once read: what it is, or */
    char *body_file;  /* the file that has it, which goes away with the request */

    /* What whoever looked at the head wants. */
    bool body_taken;   /* a body is wanted, */
    int64_t body_most; /* at most so many bytes of it, */
    bool body_to_file; /* in a file rather than in memory */
    int64_t
        batch;  /* requests of one number, when several wait, are handled together; 0: alone */
    void *call; /* for them to keep what they found out */
};

/* How long whoever asked may keep an answer: not at all; minutes; until it asked again and was told 304; for ever. */
enum answer_keep { KEEP_NOT, KEEP_MINUTES, KEEP_CHECKED, KEEP_FOREVER };

/* What a page may do (Content-Security-Policy): be looked at; send a form back here; work by scripts of ours; somebody else's file: nothing,
 * in an origin of its own. */
enum answer_policy { POLICY_LOOK, POLICY_FORM, POLICY_SCRIPT, POLICY_PAPER };

/* A body that comes bit by bit. `next`, by a thread that must not wait, appends what is new, if anything is; false: it is over. */
struct answer_stream {
    bool (*next)(void *user, GString *out);
    void (*free)(void *user);
    void *user;
};

struct answer {
    int status;
    const char *type;  /* Content-Type: a literal */
    const char *allow; /* Allow, for 405: a literal or NULL */
    int retry_after_s; /* Retry-After, for 503 and 429: 0 is none */
    enum answer_keep keep;
    enum answer_policy policy;
    bool closes;         /* the connection ends with it */
    bool may_pack;       /* it may be compressed where the reader takes that */
    const char *coding;  /* what the body is compressed by: "gzip", "br"; NULL: by nothing */
    bool by_cookie;      /* with another cookie it would be another */
    char *disposition;   /* Content-Disposition, or NULL; owned */
    char *etag;          /* quoted, or NULL; owned */
    char *cookie;        /* Set-Cookie, or NULL; owned */
    const char *problem; /* the kind of problem it is: a literal or NULL */
    const char
        *repeated; /* "true": an answer given before, for this Idempotency-Key; or NULL */
    GString *body;
    struct answer_stream stream; /* in place of it, where `next` is set; owned */
    char *
        file; /* in place of a body, too long for one: a file that is sent and goes away; owned */
};

void answer_clear(struct answer *answer);

/* The value of an argument; NULL when it was not sent. */
const char *request_arg(const struct request *request, const char *name);

/* "../" as often as it takes to come from the target back to the root, so that every link may be relative. The caller frees. */
char *request_root(const struct request *request);

/* Makes the answer an RFC 9457 problem: {type, title, status, detail}. `kind` ends its type, "/problems/KIND". */
void answer_problem(struct answer *answer, int status, const char *kind, const char *title,
                    const char *detail);
