/* who.h - who might help: experts, institutions and enterprises with what speaks for them. Inside a transaction. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

enum who_kind { WHO_EXPERTS, WHO_INSTITUTIONS, WHO_ENTERPRISES, WHO_KINDS };

/* As who-experts.sql says. */
json_t *who_candidates(struct db *db, enum who_kind kind, int agency_id, GError **error);
/* Which of these patents ([{patent_id, score}]) are theirs, as who-expert-patents.sql says. */
json_t *who_patents(struct db *db, enum who_kind kind, int agency_id, const json_t *patents,
                    GError **error);

/* A patent's texts, classes (a list) and owners. SQL_ERROR_NOT_FOUND: the agency does not hold it. */
json_t *who_patent(struct db *db, int agency_id, int64_t patent_id, GError **error);
