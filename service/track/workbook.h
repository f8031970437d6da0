/* workbook.h - the application file for an award as XLSX, and lists: laid out for A4, to be printed and stamped.
 *
 * Sheets of an application: cover (figures, state, missing papers, places for stamps, a QR code of the snapshot's digest), the
 * clause's words with what each number means, one sheet of counted rows a metric with running numbers and papers, and the rows
 * that were left out with the reason. The snapshot's number and digest stand in the footer of every page. */
#pragma once
#include "service/track/figures.h"

struct workbook_wish {
    struct db *db;
    const struct pack *pack;
    const json_t *document; /* the figures of the snapshot */
    const json_t *clause;   /* one of its clauses */
    const json_t *snapshot; /* {number, digest, public_key} */
    const json_t *papers;   /* all, as document_list() gives them */
    int agency_id;          /* the clause's agency */
    bool chinese;
};

/* Writes one clause of one agency to a file. */
bool workbook_application(const char *path, const struct workbook_wish *wish, GError **error);

/* Writes rows as one sheet. `columns`: {title, member} pairs, ended by a NULL title. */
struct workbook_column {
    const char *title, *member;
    double width; /* in characters */
};
bool workbook_list(const char *path, const char *name, const struct workbook_column *columns,
                   const json_t *rows, GError **error);
