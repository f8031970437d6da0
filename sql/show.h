/* show.h - one record as it is stored. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* {record, history, links} of the record with this natural key in normal form; `agency_id` is whose it is, or whose words of a
 * register are shown (0: nobody's). SQL_ERROR_NOT_FOUND when there is none. Inside a transaction. The caller owns it. */
json_t *show_record(struct db *db, const char *kind, const char *key, int agency_id,
                    GError **error);
