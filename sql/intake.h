/* intake.h - the database's side of loading: what is known of the records of one chunk, and writing them.
 *
 * A chunk is one transaction: intake_begin(), fetches, writes, batch_checkpoint(), db_commit(). Rows travel as JSON objects
 * whose members are the table's columns; writing is COPY into a temporary table and one INSERT … SELECT … ON CONFLICT.
 *
 *   ids   are JSON strings of decimal digits
 *   kind  is one of agency, patent, enterprise, expert, institution, or a fact (loader/kind.c) */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Begins a transaction for an agency (0: for none, as loading agencies is) and waits for its turn to take records in.
 * `now` gets the server's clock, read when the turn has come; the caller frees it. */
bool intake_begin(struct db *db, int agency_id, char **now, GError **error);

/* [{key, record_id, record, holding or null, held, contacts or null}] of the records that exist under these keys. */
json_t *intake_fetch(struct db *db, const char *kind, int agency_id, json_t *keys,
                     GError **error);

/* {number: patent_id} of the numbers that lead to a patent. */
json_t *intake_patent_ids(struct db *db, json_t *numbers, GError **error);
/* {patent_id: {record, holding or absent, statuses: {date or "": status or null}}} of the patents that exist. */
json_t *intake_patents(struct db *db, json_t *ids, int agency_id, GError **error);

/* [{enterprise_id, uscc, name_key}] of the enterprises with one of these credit codes or folded names. */
json_t *intake_enterprises(struct db *db, json_t *usccs, json_t *name_keys, GError **error);

/* [{source_id, record_id, key, name}] of the experts to whom an agency gave these names of its own. */
json_t *intake_sources(struct db *db, int agency_id, json_t *sources, GError **error);

/* Draws `count` ids, as strings. */
json_t *intake_ids(struct db *db, size_t count, GError **error);
/* Draws the number of this chunk's change. */
bool intake_change(struct db *db, int64_t *change, GError **error);

/* What one chunk writes; arrays may be empty, NULL is an empty one. `changed_…` are the ids of rows that exist and are
 * replaced: they are kept as versions first. `holdings` are complete rows of patent_holding (patents) or record_holding;
 * those of `changed_holdings` end the ones in force. */
struct intake_rows {
    json_t *records, *changed_records;
    json_t *holdings, *changed_holdings;
    json_t *contacts;
    json_t *aliases;  /* patents: {number, patent_id, recorded_at} */
    json_t *statuses; /* patents: {patent_id, status_date, status, recorded_at, batch_id} */
    json_t *refusals; /* rows of refused_row */
};
bool intake_write(struct db *db, const char *kind, int agency_id, const char *now,
                  const struct intake_rows *rows, GError **error);

/* Makes `absorbed` the same patent as `kept`: numbers, legal status, holdings of every agency, leads, pushes and answers
 * follow; the row of `absorbed` stays and points to `kept`. Inside the chunk's transaction. */
bool intake_absorb(struct db *db, int agency_id, const char *kept, const char *absorbed,
                   const char *now, GError **error);
