/* exchange.h - one request and its answer, knowing nothing of the library that speaks HTTP. */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct request {
    const char *method;
    const char *target; /* as sent: path and query, percent-encoded */
    const char *path;   /* decoded, valid UTF-8 */
    const char *accept; /* the Accept header, or NULL */
    GHashTable *args;   /* of the query, decoded: name -> value ("" without one); NULL: none */
};

struct answer {
    int status;
    const char *type;  /* Content-Type: a literal */
    const char *allow; /* Allow, for 405: a literal or NULL */
    int retry_after_s; /* Retry-After, for 503: 0 is none */
    bool may_keep;     /* a browser may keep it for a while */
    bool closes;       /* the connection ends with it */
    GString *body;
};

void answer_clear(struct answer *answer);

/* The value of an argument; NULL when it was not sent. */
const char *request_arg(const struct request *request, const char *name);

/* "../" as often as it takes to come from the target back to the root, so that every link may be relative. The caller frees. */
char *request_root(const struct request *request);

/* Makes the answer an RFC 9457 problem: {type, title, status, detail}. `kind` ends its type, "/problems/KIND". */
void answer_problem(struct answer *answer, int status, const char *kind, const char *title,
                    const char *detail);
