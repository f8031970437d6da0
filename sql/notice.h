/* notice.h - being told of changes as they are committed, instead of asking again and again.
 *
 * Whoever changes something says of which kind it is: topics are the kinds of the ledger's entries (load, decide, feedback,
 * push …), and "lead" for a person's review. Nothing is told of what is undone, and what is told while nobody listens is lost:
 * who begins to listen looks for himself first. */
#pragma once
#include "sql/db.h"

/* This transaction's commit tells those who listen. A literal. */
void notice_tell(struct db *db, const char *topic);

/* From now on this session is told. */
bool notice_listen(struct db *db, GError **error);
/* Waits at most so long for something to be told, and hands on every topic that was. SQL_ERROR_CONNECT: the session is gone. */
bool notice_wait(struct db *db, int wait_ms, void (*each)(const char *topic, void *user),
                 void *user, GError **error);
