/* copy.h - rows as JSON objects, sent by COPY into a table whose columns are asked of the server once.
 *
 * Internal to sql/. A struct copy_table is given to the caller, who frees it. Rows go out while they are added: from the first
 * copy_table_add() to copy_table_finish() the connection takes nothing else. */
#pragma once
#include "sql/internal.h"
#include "sql/packer.h"

struct copy_table;

/* Appends an array literal {"a","b"} of the strings of a JSON array (NULL: none). */
void copy_array_literal(GString *out, const json_t *list);

/* Appends one item of such a literal, with its quotes. */
void copy_array_item(GString *out, const char *text);

/* The columns of the table `name` (a constant name), NULL and error when it is not there. */
struct copy_table *copy_table_new(struct db *db, const char *name, GError **error);
void copy_table_free(struct copy_table *table);
typedef struct copy_table copy_table;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(copy_table, copy_table_free)

/* Lets go of rows that an earlier chunk of the same transaction has left in the table. */
bool copy_table_empty(struct copy_table *table, GError **error);

/* These columns of the table `name`, ended by one without a name: for copy_table_add_texts(). All of it is borrowed; nothing is
 * asked of the server. */
struct copy_column {
    const char *name;
    Oid type; /* sql/oid.h */
};
struct copy_table *copy_table_of_texts(struct db *db, const char *name,
                                       const struct copy_column columns[]);

/* From now on the column `name` has the value `text`, in every row (`always`) or where the row has no such member. Without such
 * a column nothing happens. */
void copy_table_set(struct copy_table *table, const char *name, const char *text, bool always);

/* From now on each row that is added goes to `packer` (borrowed), too. To be said after copy_table_set(). */
void copy_table_pack(struct copy_table *table, struct packer *packer);

/* Adds one row; members that are no column are passed over, columns without a member are null. */
void copy_table_add(struct copy_table *table, json_t *row);
/* Adds one row of a value for each column, NULL being null. */
void copy_table_add_texts(struct copy_table *table, const char *const texts[]);
/* Sends the rest, and says whether all of it arrived. */
bool copy_table_finish(struct copy_table *table, GError **error);
