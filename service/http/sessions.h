/* sessions.h - sessions that were looked up here of late. Each request looks its session up in the database; this is what is known
 * before: whether a long body is worth reading, and how many requests a session has left. Forgets after 15 minutes without use.
 * From any thread. */
#pragma once
#include "service/http/keys.h"

enum { SESSIONS_KEPT_S = 15 * 60, SESSION_RATE = 3000 /* requests a minute */ };

typedef struct sessions sessions_t;
struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sessions_t, sessions_free)

/* It was found to go on. */
void sessions_note(struct sessions *sessions, const struct principal *who, const char *digest,
                   int64_t now_us);
/* True when it was noted under this digest within the time; *out: what it was then. */
bool sessions_seen(struct sessions *sessions, const char *id, const char *digest,
                   int64_t now_us, struct principal *out);
/* It has ended. */
void sessions_drop(struct sessions *sessions, const char *id);
/* Takes one request of its minute. False: none is left, for so many seconds. */
bool sessions_spend(struct sessions *sessions, const char *id, int64_t now_us,
                    int *retry_after_s);
/* Forgets the old ones. */
void sessions_prune(struct sessions *sessions, int64_t now_us);
