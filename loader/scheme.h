/* scheme.h - the classification as a file (`load ipc`), and symbols of older editions in records.
 *
 * The file is tab-separated with a header line: symbol, level, title_zh (or title), main_group_or_parent (or parent), and
 * parent_by_cpc_dots, which is taken for the parent where it says one.
 *
 * A symbol that the classification does not have is kept as it is printed; the nearest place above it that lives is said beside it,
 * in extra: "ipc_now": {"G06F17/30": "G06F17"}. Where not even its subclass is there, nothing is said: a scheme may have gaps. */
#pragma once
#include "loader/record.h"
#include "sql/db.h"

/* Loads it; the report is that of load_file(). */
bool scheme_load(struct db *db, const char *path, bool chinese, json_t **report,
                 GError **error);

/* What is known of symbols so far, over the chunks of one load. */
struct scheme;
struct scheme *scheme_new(void);
void scheme_free(struct scheme *scheme);
typedef struct scheme scheme_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(scheme_t, scheme_free)

/* Says it in these records (struct record *). Nothing when no classification was loaded. */
bool scheme_say(struct scheme *scheme, struct db *db, const GPtrArray *records, GError **error);
