/* trackdb.h - what a test of the tracker is given, and what it expects, in few words.
 *
 * Rows are JSON with ' for ", merged over plausible defaults: give("need", "{'need_id': 1, 'source_id': 'N1'}"). Keys of
 * defaults: recorded 2024-03-01, held since 2024-01-10, agency 1, enterprise 100. */
#pragma once
#include "service/track/figures.h"

/* A fresh database with the agency 1 (JJ01, settled 2023-03-15) and the enterprise 100 (U100, in the city). */
struct db *trackdb_open(void);
/* Back to that, in the same database. */
void trackdb_clear(void);

/* Inserts one row; columns left out get the defaults. */
void give(const char *table, const char *row);
/* The same with printf's conversions in the row. */
void givef(const char *table, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The shipped pack with 3 as the thresholds of the base database, and some members replaced: {'parameters': {name: value} of the
 * base database or the whole, 'window': {…}, 'clauses': {id: {'parameters': {…}, 'thresholds': {metric: number}, 'award':
 * {…}}}, 'policy': of another pack}; "{}": none. */
struct pack *pack_with(const char *changes);

/* The figures as the agency 1's, or by agency; the document stays with the helper. NULL known_at: now. */
void count_figures(struct db *db, const struct pack *pack, const char *as_of,
                   const char *known_at);
json_t *figure(const char *agency, const char *metric);
/* Fails unless every member of `expected` stands so in the item; `row` names the case. */
void expect(const char *row, const char *agency, const char *metric, const char *expected);
/* The same of a clause: {state, amount_fen, years, beneficiaries, …}. */
void expect_clause(const char *row, const char *agency, const char *id, const char *expected);
json_t *clause_by(const char *agency, const char *id);
/* That of the base database, 4.2. */
json_t *clause_of(const char *agency);
