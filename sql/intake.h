/* intake.h - the database's side of loading: what is known of the records of one chunk, and writing them.
 *
 * A chunk is one transaction: intake_begin(), fetches, writes, batch_checkpoint(), db_commit(). Rows travel as JSON objects
 * whose members are the table's columns. The turn to load is held and what is known was read, so new rows are new: they go in by
 * COPY. What replaces a row, or is guarded by row-level security, goes by COPY into a temporary table and one INSERT … SELECT …
 * ON CONFLICT.
 *
 *   ids   are JSON strings of decimal digits
 *   kind  is one of agency, patent, enterprise, expert, institution, or a fact (loader/kind.c) */
#pragma once
#include "sql/batch.h"
#include <jansson.h>

/* Begins a transaction for an agency (0: for none, as loading agencies is) and waits for its turn to take records in.
 * `now` gets the server's clock, read when the turn has come; the caller frees it. */
bool intake_begin(struct db *db, int agency_id, char **now, GError **error);

/* [{key, record_id, record, holding or null, held, contacts or null, settled}] of the records that exist under these keys.
 * settled: since the batch `earlier` began, nothing but that batch has changed what is stored of the record. */
json_t *intake_fetch(struct db *db, const char *kind, int agency_id, json_t *keys,
                     const struct batch_earlier *earlier, GError **error);

/* {number: patent_id} of the numbers that lead to a patent. */
json_t *intake_patent_ids(struct db *db, json_t *numbers, GError **error);
/* The same; const char *, of which one may stand there twice. */
json_t *intake_numbers(struct db *db, const GPtrArray *numbers, GError **error);
/* {patent_id: {record, settled, holding and holding_settled or absent, statuses: {date or "": status or null}}} of the patents
 * that exist; settled as above, of the record and of the holding. ids: int64_t, of which one may stand there twice. */
json_t *intake_patents(struct db *db, const GArray *ids, int agency_id,
                       const struct batch_earlier *earlier, GError **error);

/* [{enterprise_id, uscc, name_key}] of the enterprises with one of these credit codes or folded names. */
json_t *intake_enterprises(struct db *db, json_t *usccs, json_t *name_keys, GError **error);

/* [{source_id, record_id, key, name}] of the experts to whom an agency gave these names of its own. */
json_t *intake_sources(struct db *db, int agency_id, json_t *sources, GError **error);

/* Draws `count` ids, as strings. */
json_t *intake_ids(struct db *db, size_t count, GError **error);
/* Draws the number of this chunk's change. */
bool intake_change(struct db *db, int64_t *change, GError **error);

/* A number that leads nowhere yet, and its patent; borrowed. */
struct intake_alias {
    const char *number, *patent_id;
};
/* A patent's status of a date, appended to its history; borrowed. */
struct intake_status {
    const char *patent_id;
    const char *date;   /* NULL: not said */
    const char *status; /* NULL: taken back */
};

/* What one chunk writes; arrays may be empty, `refusals` NULL. `replaced…` are complete rows in place of those with the ids
 * beside: these are kept as versions first; a replaced holding ends the one in force. The columns batch_id, change_seq,
 * recorded_at and, where a row has none, first_recorded_at are filled in, and so is agency_id in tables of an agency's own. */
struct intake_rows {
    int64_t batch_id, change;
    json_t *records; /* not there yet */
    json_t *replaced, *replaced_ids;
    json_t *holdings; /* of patent_holding (patents) or record_holding; not there yet */
    json_t *replaced_holdings, *replaced_holding_ids;
    json_t *contacts;
    GArray *aliases;  /* patents: struct intake_alias */
    GArray *statuses; /* patents: struct intake_status */
    json_t *refusals; /* rows of refused_row */
    struct intake_sending
        *sending; /* records that went before those above, or NULL; stays the caller's */
};

/* New records on their way while the ones behind them are still being made: between intake_send_begin() and intake_write(), which
 * is given them as rows->sending, the connection takes nothing else. Only of kinds that no row-level security guards. What
 * goes wrong is said by intake_write(). */
struct intake_sending;
struct intake_sending *intake_send_begin(struct db *db, const char *kind, const char *now,
                                         const struct intake_rows *rows, GError **error);
/* The record is borrowed, and must stay as it is until intake_write() is done. */
void intake_send(struct intake_sending *sending, json_t *record);
/* Gives up what intake_write() was not given; may be NULL. */
void intake_send_free(struct intake_sending *sending);

bool intake_write(struct db *db, const char *kind, int agency_id, const char *now,
                  const struct intake_rows *rows, GError **error);

/* Makes `absorbed` the same patent as `kept`: numbers, legal status, holdings of every agency, leads, pushes and answers
 * follow; the row of `absorbed` stays and points to `kept`. Inside the chunk's transaction. */
bool intake_absorb(struct db *db, int agency_id, const char *kept, const char *absorbed,
                   const char *now, GError **error);
