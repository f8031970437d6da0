/* workbook.h - the application file for an award as XLSX, and lists: laid out for A4, to be printed and stamped.
 *
 * Sheets of an application: cover (whether the policy has ended or is a template, the pack's version and digest, figures, years, parts, state, what is not
 * recorded, overlaps, missing papers, places for stamps, a QR code of the snapshot's digest), the clause's words with what each number means and every
 * choice with its reason, one sheet of counted rows a metric with running numbers, amounts and papers, who is paid where that is not the agency, and the
 * rows that were left out with the reason. Money is in yuan. The snapshot's number and digest stand in the footer of every page. */
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
