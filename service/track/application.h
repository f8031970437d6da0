/* application.h - the application file for an award, from a snapshot taken for it to the file. */
#pragma once
#include "service/track/sign.h"
#include "service/track/workbook.h"

/* The figures of a snapshot that is taken now, and what a file shows of them; `request` then names the snapshot's day and moment,
 * which live in `snapshot`. NULL: error. */
struct application {
    json_t *snapshot, *document, *papers, *shown;
};
bool application_begin(struct db *db, const struct pack *pack, struct figures_request *request,
                       const struct sign_key *key, struct application *out, GError **error);
void application_clear(struct application *application);

/* Writes one clause of one agency: as a workbook, or where the path ends in .pdf as what LibreOffice makes of that. */
bool application_write(const char *path, const struct workbook_wish *wish, GError **error);
