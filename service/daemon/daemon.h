/* daemon.h - what the program that is always there is made of, for the files that answer its requests. */
#pragma once
#include "service/daemon/loading.h"
#include "service/daemon/memory.h"
#include "service/daemon/pool.h"
#include "service/daemon/steps.h"
#include "service/daemon/trials.h"
#include "service/daemon/verification.h"
#include "service/http/api.h"
#include <stdatomic.h>

typedef struct daemon daemon_t;

struct daemon {
    struct app *app;     /* its settings are those of the last reading of the configuration */
    struct steps *steps; /* once it serves */
    struct pool *pool;
    struct memory *memory;   /* of leads that were looked up */
    struct loading *loading; /* loads that go on */
    struct trials *trials;   /* test messages that went out a moment ago */
    struct verification *verification;
    struct api *api;
    struct server *server; /* once it listens */
    struct kind_of_record *kinds;
    size_t kind_count;
    GString *openapi;  /* the description, as JSON */
    _Atomic int loads; /* being done */
};

/* Makes everything but the server. */
struct daemon *daemon_new(struct app *app, GError **error);
void daemon_free(struct daemon *daemon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(daemon_t, daemon_free)

/* What the daemon does between requests: hooks of the server, and of the steps' minder. */
void daemon_tick(void *user);
void daemon_reload(void *user);
void daemon_mind(void *user);

/* The table of routes (routes.c). */
const struct route *daemon_routes(size_t *count);
/* The kinds of the loader, as addresses name them (kinds.c). */
struct kind_of_record *daemon_kinds(size_t *count);
void daemon_kinds_free(struct kind_of_record *kinds, size_t count);
/* Routes and kinds as JSON: {routes: [{name, method, path, roles, body, params}], kinds: [...]}, for tests and openapi.c. */
json_t *daemon_describe(void);
/* The description of the interface, made of openapi.yaml, with every {records} spelt out (openapi.c). */
GString *daemon_openapi(const struct kind_of_record *kinds, size_t count, GError **error);

/* ---- Places and cursors */

/* The last row of the page before, from the parameter `after`, in *after (NULL: the first page); the caller owns it. */
bool cursor_read(const struct call *call, json_t **after, GError **error);
/* Answers {items, next}: at most `limit` of the rows, each turned by `item` into what is shown (NULL: as it is), and a cursor made
 * of these columns of the last one (null where none follows: the list was asked for limit + 1). Takes `rows`. */
void cursor_answer(struct call *call, json_t *rows, int limit, const char *const *columns,
                   json_t *(*item)(const struct call *call, json_t *row));
/* The same of rows as they are, with the members of `beside` (taken) in the answer. */
void cursor_answer_with(struct call *call, json_t *rows, int limit, const char *const *columns,
                        json_t *beside);
