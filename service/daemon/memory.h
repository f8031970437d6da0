/* memory.h - answers that were read from the database, kept while nothing is committed there.
 *
 * They are kept under the name of what was committed when they were read (db_standing()); under another name all of them are
 * forgotten. For MEMORY_TRUST_MS after the database gave that name an answer is taken from here without asking it again: it can
 * be older, by so much, than what another process committed, and is never older than what this one did, which says so by
 * memory_changed(). From any thread; nothing waits but for the lock. */
#pragma once
#include "sql/lead.h"
#include <glib.h>

enum { MEMORY_TRUST_MS = 10 };

typedef struct memory memory_t;

struct memory *memory_new(void);
void memory_free(struct memory *memory);

/* A question to the database that is about to be asked: what it answers can't be trusted past a change of our own. */
struct memory_asked {
    gint64 at_us; /* monotonic */
    guint64 changes;
};
struct memory_asked memory_ask(struct memory *memory, gint64 now_us);
/* Something was committed by this process. */
void memory_changed(struct memory *memory);

/* A copy of one text, if it can be trusted now; the caller frees. */
char *memory_now(struct memory *memory, gint64 now_us, int agency_id, const struct lead_id *id);
/* Puts copies of what is known into `texts`, which the caller frees; NULL where nothing is. `standing`: as it was asked for; "":
 * nothing is known. */
void memory_recall(struct memory *memory, const struct memory_asked *asked,
                   const char *standing, int agency_id, const struct lead_id *ids, size_t count,
                   char **texts);
/* Keeps what is not NULL. `standing`: asked for before the texts were; of another one nothing is kept. */
void memory_keep(struct memory *memory, const char *standing, int agency_id,
                 const struct lead_id *ids, size_t count, char *const *texts);
