/* api.h - leads a request through the interface: route, key, role, rate, parameters, body, idempotency, handler, answer.
 *
 * Who asks is told by a key, or by the cookie of a session: then whoever changes something proves that our own page asked (cookie.h).
 * What they may see is held in three places: its role by the route, its agency here (a parameter that names another is 403)
 * and in the database, where every request runs as patbridge_service under the row-level security of its agency, officials as
 * patbridge_readonly or patbridge_across.
 *
 * Every failure is an RFC 9457 problem of one of the types in api_problems, with `request_id`. */
#pragma once
#include "service/http/keys.h"
#include "service/http/metrics.h"
#include "service/http/route.h"
#include "service/http/server.h"
#include "service/http/sessions.h"
#include "sql/db.h"

/* The kinds of problem, beside those of guard.h: stable. */
enum api_error {
    API_WRONG,       /* 400 bad-request */
    API_NO_KEY,      /* 401 unauthorized */
    API_FORBIDDEN,   /* 403 forbidden */
    API_NOT_FOUND,   /* 404 not-found */
    API_CONFLICT,    /* 409 conflict: it is there, but this can't be done to it now */
    API_CHANGED,     /* 412 changed: If-Match names another state of the record */
    API_MEDIA,       /* 415 media-type */
    API_REFUSED,     /* 422 refused: the record was refused; `refusals` says why */
    API_KEY_REUSED,  /* 422 idempotency-key-reused */
    API_KEY_WORKING, /* 409 idempotency-key-in-use */
    API_RATE,        /* 429 rate-limited */
    API_INTERNAL,    /* 500 internal */
    API_UNAVAILABLE, /* 503 unavailable: the database can't be reached */
    API_BUSY,        /* 503 busy */
    API_CSRF,        /* 403 csrf: by a cookie, and no proof that it was our page */
    API_SIGN_IN,     /* 401 sign-in-failed */
    API_CODE,        /* 401 code-needed: the password is right, a one-time code is asked for */
    API_LATER,       /* 429 sign-in-later: it failed too often */
    API_PASSWORD,    /* 403 password-to-change: somebody else knows it */
    API_ERRORS
};
#define API_ERROR api_error_quark()
GQuark api_error_quark(void);

struct api_problem {
    int status;
    const char *kind, *title;
};
extern const struct api_problem api_problems[API_ERRORS];

typedef struct api api_t;

/* One request while it is answered. */
struct call {
    struct request *request;
    struct answer *answer;
    const struct route *route;
    struct places places;
    struct principal who;
    bool known;               /* who asks; else it is looked up again */
    char token[KEY_TEXT_LEN]; /* of a session; "": none */
    bool again;               /* the connection was lost, and it is done once more */
    int agency_id; /* whose records are asked for: the key's, or the one that `agency` names; 0: every one */
    json_t *body;    /* BODY_JSON: an object */
    json_t *details; /* members that a problem gets beside; owned */
    struct db *db;
    GError *error; /* handle_many: why this one failed */
    void *user;
};

/* Begins a transaction in the role that the key has: one agency's, or every one's to read. */
bool call_begin(struct call *call, GError **error);
/* The parameter, or NULL. */
const char *call_arg(const struct call *call, const char *name);
int call_limit(const struct call *call, int usual);
/* Answers a document, whose reference is taken; an ETag over `tagged` where that is not NULL. */
void call_json(struct call *call, int status, json_t *document, const json_t *tagged);
/* The tag of a document, quoted. The caller frees. */
char *call_tag(const json_t *document);
/* True when If-Match was not sent, or names the tag ("*": any; NULL: nothing is there). */
bool call_may_change(const struct call *call, const char *tag);

/* What stands behind the interface. */
struct api_source {
    struct routes routes;
    struct db *(*take_db)(
        void *user,
        GError **error); /* given back by give_db, `lost` when it is no good any more */
    void (*give_db)(struct db *db, bool lost, void *user);
    /* A request that may have changed something is about to be answered. */
    void (*changed)(void *user);
    bool (*find_agency)(struct db *db, const char *code, int *agency_id, GError **error);
    json_t *(*load_keys)(struct db *db, GError **error);
    char *(*setting)(const char *name, void *user); /* NULL: not set; freed by whoever asked */
    /* What is not under /v1: pages. Called by a worker. */
    void (*page)(const struct request *request, struct answer *answer, void *user);
    int64_t load_most; /* bytes of a BODY_FILE */
    void *user;
};

struct api *api_new(const struct api_source *source);
void api_free(struct api *api);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(api_t, api_free)
struct keys *api_keys(struct api *api);
struct sessions *api_sessions(struct api *api);
/* From now on a call is of the session with this token, which has just begun. */
bool api_adopt(struct api *api, struct call *call, const char *token, GError **error);
/* Counts so far, as text. */
void api_metrics(struct api *api, GString *out);
/* Reads the keys again, and notes which were used. Once a second. */
void api_tick(struct api *api);

/* For server_open(). */
struct server_hooks api_hooks(struct api *api);
