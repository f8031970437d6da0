/* snapcheck.h - checks a snapshot line by line, from a file or the database: its chain, the pack's digest, the running
 * numbers, and that the figures are the counts of the rows. Needs nothing but the lines. */
#pragma once
#include "service/track/sign.h"
#include <jansson.h>
#include <stdint.h>

typedef struct snapcheck {
    char chain[DIGEST_HEX + 1];
    int64_t lines;
    char *trouble;   /* the first thing that is wrong, as a sentence; NULL: nothing yet */
    json_t *head;    /* the first line */
    json_t *figures; /* the document */
    json_t *counted; /* {"metric agency": n} */
    char *metric;    /* whose rows come now */
    int64_t n;       /* the last running number */
    bool ended;
    json_t *stamps; /* of a file: [{authority, time}], those that hold */
} snapcheck_t;

void snapcheck_init(struct snapcheck *check);
void snapcheck_clear(struct snapcheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(snapcheck_t, snapcheck_clear)

/* The next line; false when something is wrong with it (trouble says what). */
bool snapcheck_line(struct snapcheck *check, const char *body, const char *chain);
/* There are no more. */
bool snapcheck_end(struct snapcheck *check);
/* The signature over the digest at which the chain ended. */
bool snapcheck_signature(struct snapcheck *check, const char *public_key,
                         const char *signature);

/* Checks the file of one snapshot, without any database, and the time-stamps in it. `public_key` NULL: the one that the file names;
 * `ca`: as stamp_trouble() has it. True when all of it could be read: then check->trouble says what is wrong, or is NULL. */
bool snapcheck_file(const char *path, const char *public_key, const char *ca,
                    struct snapcheck *check, char **signed_with, GError **error);
