/* run.h - one feed while it is looked at; shared by the files of this room. */
#pragma once
#include "loader/load.h"
#include "service/feed/feeds.h"
#include "service/feed/words.h"

struct run {
    struct db *db;
    const struct feeds_settings *settings;
    int64_t feed_id;
    int agency_id;
    const struct kind *kind;
    const char *address;
    const json_t *options;
    char *folder; /* of this feed */
    /* what came of it */
    const char *outcome; /* "loaded" … */
    char *message, *etag, *last_modified, *page;
    int64_t retry_after_s;
    int64_t batch_id;
    json_t *counts; /* members of the report */
};

const char *run_text(const struct run *run, const char *name, const char *usual);
int run_number(const struct run *run, const char *name, int usual);
bool run_stopped(const struct run *run);
/* Notes an outcome; takes the message. */
void run_ends(struct run *run, const char *outcome, char *message);

/* Loads one file under a name, and adds its counts. LOADER_ERROR_…: the file; else the database. */
bool run_load(struct run *run, const char *path, const char *name, const char *refused_dir,
              json_t **report, GError **error);

/* An address, and a folder. False: the database failed. */
bool run_pages(struct run *run, GError **error);
bool run_inbox(struct run *run, GError **error);
