/* mending.h - over HTTP: loads and the rows that they refused, taking a load back, rows that may be a known organisation, kept mappings,
 * and what a file would become. */
#pragma once
#include "service/http/api.h"

/* The number in the address; API_WRONG. */
bool batches_id(const struct call *call, int64_t *out, GError **error);
/* The batch that the address names, in the call's transaction, which this begins; one of another agency is not there. */
json_t *batches_find(struct call *call, GError **error);
bool batches_list(struct call *call, GError **error);
bool batches_get(struct call *call, GError **error);
bool batches_refusals(struct call *call, GError **error);
bool batches_refused_file(struct call *call, GError **error);
/* A refused row that was mended is loaded, or it is set aside; either way it waits no longer. */
bool batches_settle(struct call *call, GError **error);
/* How far a load has come: events as they happen. */
bool loads_progress(struct call *call, GError **error);
/* What waits for an agency. */
bool desk_today(struct call *call, GError **error);
bool batches_undo(struct call *call, GError **error);

bool reviews_list(struct call *call, GError **error);
bool reviews_accept(struct call *call, GError **error);
bool reviews_reject(struct call *call, GError **error);
bool reviews_undo(struct call *call, GError **error);

bool mappings_list(struct call *call, GError **error);
bool mappings_keep(struct call *call, GError **error);
bool mappings_remove(struct call *call, GError **error);
