/* feed.h - where an agency's records come from by themselves, and how far each of these sources has been read. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct feed_new {
    int agency_id;
    const char *kind;
    const char *address; /* https://…, or the path of a folder */
    const char *options; /* JSON */
    int every_s;
};

/* Adds one; one of the same address and kind gets the new options. *id: its id. In the caller's transaction. */
bool feed_add(struct db *db, const struct feed_new *feed, const char *now, int64_t *id,
              GError **error);
/* [{feed_id, agency_id, agency, kind, address, options, every_s, created_at, off_at, off_reason, next_at, tried_at, loaded_at, failures,
 * outcome, message, etag, last_modified, page, batch_id}]; agency_id 0: of every one; feed_id 0: all. In the caller's transaction. */
json_t *feed_list(struct db *db, int agency_id, int64_t feed_id, GError **error);
/* [{feed_id}] whose time has come. In the caller's transaction. */
json_t *feed_due(struct db *db, int agency_id, const char *now, GError **error);
/* Turns one off, for a reason. SQL_ERROR_NOT_FOUND. In the caller's transaction. */
bool feed_off(struct db *db, int agency_id, int64_t feed_id, const char *now,
              const char *reason, GError **error);

/* Takes a feed for this session, outside of transactions: *taken is false where another has it. feed_leave() lets go of it. */
bool feed_take(struct db *db, int64_t feed_id, bool *taken, GError **error);
void feed_leave(struct db *db, int64_t feed_id);

/* The page that is to come, NULL: none. In the caller's transaction. */
bool feed_page(struct db *db, int64_t feed_id, const char *page, GError **error);

struct feed_tried {
    int64_t feed_id;
    int wait_s; /* to the next look */
    int failures;
    const char *outcome, *message;           /* message may be NULL */
    const char *etag, *last_modified, *page; /* may be NULL */
    int64_t batch_id;                        /* 0: nothing was loaded */
};
/* In the caller's transaction. */
bool feed_note(struct db *db, const struct feed_tried *tried, const char *now, GError **error);
