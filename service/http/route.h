/* route.h - what an address of the interface is: method, path, who may ask, what with, and who answers. One table of these
 * (service/daemon/routes.c) is what requests are led by, what openapi.yaml is held against, and what the tests of rights walk
 * through.
 *
 * A path is literal but for places in braces:
 *   {records}  the plural of a kind (struct kind_of_record); {records}:load ends in ":load"
 *   {key}      the rest of the path, slashes included: a record's key
 *   {…}        any other: one part of the path */
#pragma once
#include "service/http/exchange.h"
#include "service/http/keys.h"
#include <jansson.h>

struct call;
struct batch;

enum param_type {
    PARAM_TEXT,
    PARAM_WORD, /* one of `words` */
    PARAM_NUMBER,
    PARAM_DAY,
    PARAM_MOMENT
};
struct param {
    const char *name;
    enum param_type type;
    const char *const *words; /* NULL-ended */
    int64_t least, most;      /* PARAM_NUMBER */
};

enum body { BODY_NONE, BODY_JSON, BODY_FILE, BODY_FORM, BODY_PAPER, BODY_MAIL };

enum { ROUTE_PARAMS_MOST = 10, ROUTE_PLACES_MOST = 2 };

struct route {
    const char *name;   /* "leads.accept": in logs, counts, tests */
    const char *method; /* GET also answers HEAD */
    const char *path;
    unsigned roles; /* 0: everybody, without a key */
    enum body body;
    bool repeats; /* takes Idempotency-Key */
    bool writes;  /* changes something, or shows what would: of a kind, its writers may */
    bool filters; /* takes the fields of the kind as parameters, too */
    bool tags;    /* answers have an ETag */
    const struct param *params[ROUTE_PARAMS_MOST];
    /* Answers, or sets error. */
    bool (*handle)(struct call *call, GError **error);
    /* In place of it: several calls of one agency at a time. Each is answered, or gets an error of its own. */
    void (*handle_many)(struct call *const *calls, size_t count);
    /* Before it, by a thread that must not wait: answers at once, if it can. NULL: it never can. */
    bool (*recall)(struct call *call);
    const char *summary;
};

/* A kind of record as addresses name it. */
struct kind_of_record {
    char *plural; /* "declared-pushes" */
    const char *name, *zh;
    bool fact;
    unsigned readers, writers;  /* roles */
    const char *const *filters; /* names of fields that a list can be asked by, NULL-ended */
};

struct routes {
    const struct route *routes;
    size_t count;
    const struct kind_of_record *kinds;
    size_t kind_count;
};

/* What the places of a path hold. */
struct places {
    const struct kind_of_record *kind; /* of {records}, or NULL */
    char *value[ROUTE_PLACES_MOST];    /* the others, in order; owned */
};
void places_clear(struct places *places);

/* The route of a path; NULL: there is none, or (*allow, which the caller frees, is set) none with this method. */
const struct route *route_find(const struct routes *routes, const char *method,
                               const char *path, struct places *places, char **allow);

/* The plural of a kind's name as it stands in paths: "declared_push" -> "declared-pushes". The caller frees. */
char *route_plural(const char *kind);
