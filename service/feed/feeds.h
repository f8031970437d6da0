/* feeds.h - what an agency's feeds bring: addresses that are fetched and folders that are watched.
 *
 * A step that can be called at any time by any number of programs: it looks at the feeds whose time has come, takes each that nobody
 * else has (an advisory lock, held while it works), fetches, loads, and notes when to look again. Killed at any moment, the next
 * call goes on: with the bytes that had come (partial.h), with the page that was to come, with the rows that were not in yet.
 *
 *   an address   fetched whole (fetch.h), unpacked, loaded; with paging, page by page
 *   a folder     FOLDER/inbox: each file that nobody writes to any more is loaded once and moved to FOLDER/done, or to
 *                FOLDER/refused where rows of it were refused (the rows to mend lie beside it) or it could not be read (a
 *                .txt says why)
 *
 * options (JSON; all may be absent):
 *   paging     "link": the page that follows stands in the header Link, rel="next"; "cursor": the page is a JSON object
 *   items      cursor: where its list of records is, "items"; names parted by dots lead inwards
 *   next       cursor: where the place of the page that follows is, "next": an address, or a cursor
 *   parameter  cursor: the parameter that a cursor is given in, "after"
 *   mapping    the JSON of load --map
 *   encoding   of text files
 *   most_mb    1024; of one file, as it comes and unpacked
 *   stall_s    30; whole_s 3600; connect_s 10
 *   settle_s   3: a file of a folder is left alone until it has not changed for so long */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct feeds_settings {
    const char *folder;        /* where files lie while they come */
    const char *allow_private; /* address.h; may be NULL */
    const char *ca_file;       /* certificates in place of the system's; may be NULL */
    const char *today;         /* "2025-06-30" */
    int agency_id;             /* 0: feeds of every one */
    bool chinese;
    bool (*stop)(void *user); /* true: end soon, what has come stays; may be NULL */
    void *stop_user;
    const int64_t *ids; /* these, due or not; NULL: those that are due */
    size_t id_count;
};

/* report: [{"feed", "agency", "kind", "address" (masked), "outcome" (loaded, same, refused, later, off), "message", "next_in_s", "tries", "resumed",
 * "read", "new", "changed", "same", "refused", "batches": [id], "files": [{"file", "outcome"}] (folders)}], a new reference. False only
 * when the database failed. */
bool feeds_step(struct db *db, const struct feeds_settings *settings, json_t **report,
                GError **error);

/* What somebody wants set. In use of the same address and kind already: it gets the new rhythm and options, and is looked at at once. */
struct feeds_wish {
    int agency_id;
    const char *address, *kind;
    const json_t *options;
    int every_s; /* 0: an address each hour, a folder each ten seconds */
    const char *allow_private;
};
enum { FEEDS_EVERY_URL_S = 3600, FEEDS_EVERY_FOLDER_S = 10 };

/* In the caller's transaction. False with a *problem (the caller's), which is what speaks against the wish, or with an error. */
bool feeds_set(struct db *db, const struct feeds_wish *wish, int64_t *id, char **problem,
               GError **error);
/* The rhythm that a wish comes to. */
int feeds_every(const struct feeds_wish *wish);
/* An address may hold what is secret: of a row of feed_list() only its host is left. */
void feeds_mask(json_t *row);

/* What speaks against an address, a kind, options and a rhythm; NULL: nothing. The caller frees. */
char *feeds_problem(const char *address, const char *kind, const json_t *options, int every_s,
                    const char *allow_private);
bool feeds_is_folder(const char *address);
/* Makes FOLDER/inbox, done and refused where they are not there. */
bool feeds_make_folder(const char *address, GError **error);
