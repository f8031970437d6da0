/* copy.h - rows as JSON objects, sent by COPY into a table whose columns are asked of the server once.
 *
 * Internal to sql/. A struct copy_table is given to the caller, who frees it. Rows go out while they are added: from the first
 * copy_table_add() to copy_table_finish() the connection takes nothing else. */
#pragma once
#include "sql/internal.h"

struct copy_table;

/* Appends an array literal {"a","b"} of the strings of a JSON array (NULL: none). */
void copy_array_literal(GString *out, const json_t *list);

/* The columns of the table `name` (a constant name), NULL and error when it is not there. */
struct copy_table *copy_table_new(struct db *db, const char *name, GError **error);
void copy_table_free(struct copy_table *table);
typedef struct copy_table copy_table;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(copy_table, copy_table_free)

/* Lets go of rows that an earlier chunk of the same transaction has left in the table. */
bool copy_table_empty(struct copy_table *table, GError **error);

/* The columns named `names` (constant, "a, b, c") of the table `name`: for copy_table_add_texts(). Nothing is asked of the
 * server. */
struct copy_table *copy_table_of_texts(struct db *db, const char *name, const char *names);

/* From now on the column `name` has the value `text`, in every row (`always`) or where the row has no such member. Without such
 * a column nothing happens. */
void copy_table_set(struct copy_table *table, const char *name, const char *text, bool always);

/* Adds one row; members that are no column are passed over, columns without a member are null. */
void copy_table_add(struct copy_table *table, json_t *row);
/* Adds one row of `count` values, NULL being null, in the order of the columns named. */
void copy_table_add_texts(struct copy_table *table, size_t count, const char *const texts[]);
/* Sends the rest, and says whether all of it arrived. */
bool copy_table_finish(struct copy_table *table, GError **error);
