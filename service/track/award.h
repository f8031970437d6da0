/* award.h - the state and the amounts of a clause (clause.h says how each kind of award is reckoned). Pure. */
#pragma once
#include "service/track/clause_internal.h"

/* Adds state, amount_fen, and where the award has them award_fen (of all parts or the one sum), parts, years, beneficiaries,
 * upper_grant_fen. The clause can't be better than `limit`. */
void award_add(const struct clause_view *view, enum answer limit, json_t *document);
