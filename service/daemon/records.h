/* records.h - records of every kind over HTTP: get, list, upsert, load. */
#pragma once
#include "service/http/api.h"

bool records_get(struct call *call, GError **error);
bool records_list(struct call *call, GError **error);
bool records_put(struct call *call, GError **error);
bool records_load(struct call *call, GError **error);
/* Loads one record of the call's kind, as a file of one line; its report, which the caller owns. */
bool records_take(struct call *call, const json_t *record, json_t **report, GError **error);
/* False and API_REFUSED where that one was refused. */
bool records_refused(struct call *call, json_t *report, GError **error);
/* What a file would become; nothing is written. */
bool records_preview(struct call *call, GError **error);

/* The key in its normal form, and whose record it is: the call's agency, or the only one there is. For registers that an agency
 * asks for, it must hold them. In the call's transaction: {record, history, links}. */
json_t *records_find(struct call *call, const char *key, GError **error);
/* The key as the database finds it; API_WRONG where it can't be read. The caller frees. */
char *records_key(const struct call *call, const char *spelling, GError **error);
/* Whose facts: API_WRONG when that isn't said and there are several agencies. */
bool records_agency(struct call *call, GError **error);
