/* mending.h - over HTTP: loads and the rows that they refused, taking a load back, rows that may be a known organisation, kept mappings,
 * and what a file would become. */
#pragma once
#include "service/http/api.h"

bool batches_list(struct call *call, GError **error);
bool batches_get(struct call *call, GError **error);
bool batches_refusals(struct call *call, GError **error);
bool batches_refused_file(struct call *call, GError **error);
bool batches_undo(struct call *call, GError **error);

bool reviews_list(struct call *call, GError **error);
bool reviews_accept(struct call *call, GError **error);
bool reviews_reject(struct call *call, GError **error);
bool reviews_undo(struct call *call, GError **error);

bool mappings_list(struct call *call, GError **error);
bool mappings_keep(struct call *call, GError **error);
bool mappings_remove(struct call *call, GError **error);
