/* explain.h - one patent and one need: the whole sum behind their score. Reads, writes nothing. */
#pragma once
#include "service/steps/match.h"

/* {patent_id, title, abstract, need_id, need, score, fit, probability, model, filter (its name; null: none), reasons [{text, kind,
 * points}], terms [{text, kind ("pair", "word", "class"), times, weight, impact, points, docs}] with what did not match, spans
 * {title, abstract, need} of [{start, len, char_start, char_len}] (need: its title, a line's end, and its text), strength {pairs, known, chance, is_thin}}.
 * SQL_ERROR_NOT_FOUND: no standing need of that name or id, or the agency does not hold the patent. */
bool match_explain(struct db *db, const struct match_options *options, int64_t patent_id,
                   const char *need, json_t **out, GError **error);
