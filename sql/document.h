/* document.h - papers handed in for a fact: which file, by its SHA-256. The files lie in a folder (service/track/paper.h). */
#pragma once
#include "sql/db.h"
#include <jansson.h>

struct document {
    int agency_id;
    const char *kind, *key; /* the fact, by the key as decisions keep it */
    const char *paper;      /* which of the papers that the policy asks for; NULL: not said */
    const char *name;       /* the file's */
    const char *sha256;
    int64_t size;
    const char *by; /* an account, or the operating system's user */
    const char *os_user;
};

/* Records a paper, in a transaction of its own; one that is there already (same fact, paper and digest) is left as it is and
 * `*added` is false. The fact must be there: SQL_ERROR_NOT_FOUND. */
bool document_add(struct db *db, const struct document *document, bool *added, GError **error);

/* [{agency, kind, key, paper, name, sha256, size, attached_by, attached_at}] in the order of attaching; agency_id 0: every
 * agency; kind and key NULL: all. Inside a transaction. */
json_t *document_list(struct db *db, int agency_id, const char *kind, const char *key,
                      GError **error);
