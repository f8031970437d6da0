/* advice.h - what is said of a need when it is posted: whether it is too thin to match on, and what to add. */
#pragma once
#include "service/steps/match.h"

/* Of the needs that a batch has brought or changed (at most 1,000), those too thin: [{need, known, chance, lacks: [kind of thing],
 * advice, advice_zh}], a new array. `known`: pairs of the text that some patent has (all pairs where there are no patents yet); `chance`: how many
 * needs with so many find their patent among the first hundred (docs/measurements.md). A transaction of its own. */
json_t *advice_for_batch(struct db *db, const struct match_options *options, int64_t batch_id,
                         GError **error);

/* The same of one need (a row of match_needs()) in a matching that has its patents; NULL: there is enough to match it by. */
struct matching;
json_t *advice_of(const struct matching *matching, const json_t *need);

/* Puts them into a load's report as `thin`, where it is one of needs that wrote something. */
bool advice_add(struct db *db, const struct match_options *options, json_t *report,
                GError **error);
