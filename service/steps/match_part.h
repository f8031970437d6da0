/* match_part.h - matching by several programs, each of which holds a range of the patents (`serve --partition i/n`).
 *
 * They meet in the database, and need nothing else of each other:
 *
 *   totals      each says what its patents sum to; their sum gives mean length and priors, the same everywhere
 *   round       a need that is new, changed, or has a changed patent that competes for it is weighed once more
 *   counts      each says how many of its patents have each of the need's terms; the sums give the weights, the same everywhere
 *   candidates  each finds its best 8 k under these, with their reasons
 *   merged      whoever sees that all have does the rest: ranks, folds near-twins, writes the leads
 *
 * So ids, order, scores and reasons are those of one index of all patents. One run of a range goes as far as it can; what another
 * range has to do first is done at a later run: they wake each other by the topic "share". */
#pragma once
#include "service/steps/match.h"

/* The store's options say which range. *moved: whether anything was written that others wait for. `report` as in match_run. */
bool match_run_part(struct db *db, const struct match_options *options, int part, int parts,
                    struct match_report *out, bool *moved, GError **error);
