/* health.h - what can be asked of a database about its own state. Nothing is changed. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Faults of the server, of the schema's guards, and among the records: [{code, detail}], a row a fault. `patience_s`: how many
 * seconds a transaction or a piece of work may take. The first needs no schema of ours. The caller owns the answers. */
json_t *health_server(struct db *db, int patience_s, GError **error);
json_t *health_schema(struct db *db, GError **error);
json_t *health_state(struct db *db, const char *now, int patience_s, GError **error);

/* [{channel, endpoints, url, sealed}] of the endpoints in use; sealed: one of their secrets, hexadecimal. */
json_t *health_channels(struct db *db, GError **error);

/* The server's own folder, where it runs on this machine and tells; else NULL without an error. The caller frees. */
char *health_place(struct db *db);
