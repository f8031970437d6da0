/* migrate.h - brings a database to this program's schema.
 *
 * Migrations (sql/migrations, embedded) run forward once each, in order, each in a transaction of its own that also records
 * its SHA-256; one that was edited after it ran is refused, as is a database that a newer program has migrated. Views and
 * functions (sql/views) are replaced whole whenever any of them changed. An advisory lock lets two callers run at once: the
 * second waits and finds everything done. */
#pragma once
#include "sql/db.h"

struct migrate_report {
    int applied;        /* migrations that ran now */
    int total;          /* migrations that this program has */
    bool views_changed; /* views and functions were replaced */
};

bool migrate_run(struct db *db, struct migrate_report *out, GError **error);

/* True when the database has exactly this program's schema; else SQL_ERROR_SCHEMA says to run `patbridge migrate`. */
bool migrate_check(struct db *db, GError **error);

/* SHA-256 of all views and functions as this program has them. */
const char *migrate_views_digest(void);

/* The first function of the schema that is not as this program has it, by its name; "" when all are. NULL with error. The
 * caller frees. */
char *migrate_function_altered(struct db *db, GError **error);
