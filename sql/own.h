/* own.h - what an enterprise sees and says of itself at one agency: its needs, its wishes about pushes, what became of what it got. In
 * the caller's transaction, which is the agency's; nothing here is another enterprise's. */
#pragma once
#include "sql/db.h"
#include "sql/page.h"
#include <jansson.h>

/* The row of own-enterprise.sql; `week_ago`: since when pushes are counted. SQL_ERROR_NOT_FOUND. The caller owns it. */
json_t *own_enterprise(struct db *db, int64_t enterprise_id, int agency_id,
                       const char *week_ago, GError **error);

/* Its needs, the latest first, as own-needs.sql says; `need`: this one alone, or NULL. */
json_t *own_needs(struct db *db, const struct page *page, int64_t enterprise_id,
                  const char *need, GError **error);

/* {enterprise_id, title, text, valid_from, state} of the need that the agency calls so; JSON null: there is none. */
json_t *own_need(struct db *db, int agency_id, const char *need, GError **error);

/* As own-found.sql says, of patents by their ids ([string]). */
json_t *own_found(struct db *db, const json_t *patent_ids, GError **error);

/* The row of push-story.sql. SQL_ERROR_NOT_FOUND. */
json_t *own_story(struct db *db, const char *push_id, GError **error);

struct own_lookup {
    int agency_id;
    int64_t enterprise_id;
    const char *number; /* in normal form */
    const char *by, *now;
};
/* The enterprise looks a patent of the agency up (own-patent.sql): that is kept, the first time. *recorded: it is news.
 * SQL_ERROR_NOT_FOUND: the agency holds none of that number. The caller owns *patent. */
bool own_look_up(struct db *db, const struct own_lookup *lookup, json_t **patent,
                 bool *recorded, GError **error);

struct own_resumption {
    int agency_id;
    int64_t enterprise_id;
    const char *by, *now;
};
/* The enterprise wants the agency's pushes again after "stop": kept beside what it said then, and its needs are weighed anew. What was
 * given up in the outbox stays so. *recorded: something was stopped. */
bool own_resume(struct db *db, const struct own_resumption *resumption, bool *recorded,
                GError **error);

struct own_opening {
    const char *push_id;
    int64_t patent_id;   /* as the push's lead has it */
    const char *address; /* a digest of where it was opened, or NULL */
    const char *by, *now;
};
/* Keeps that somebody of the enterprise opened a push of its own, the first time. *recorded: it is news. */
bool own_opened(struct db *db, const struct own_opening *opening, bool *recorded,
                GError **error);
