/* eval.h - the `eval` command: ranks documents of a file for queries of a file, with the engine and the weights that matching
 * uses, and writes a TREC run. Needs no database. */
#pragma once
#include "matcher/classify.h"
#include "matcher/index.h"
#include <stdio.h>

enum { EVAL_K = 100 }; /* how many documents a query gets when nobody says */

struct eval_options {
    const char *docs, *queries; /* paths */
    int k;
    struct weighing weighing;
    struct classifier *
        classifier; /* NULL: queries have no classes; else those it infers with this probability or more */
    double least_probability;
};

/* `docs`: JSON Lines with `id` (a string without blanks, no two alike, or a number), `title`, `abstract` (or `text`), `ipc`,
 * `cpc` (a list or one string; all but the id may be absent or null). `queries`: a header line, then `qid<TAB>text` and columns
 * that are not looked at. Writes the best `k` documents of each query, in the file's order, to `out`:
 *
 *     qid Q0 docid rank score patbridge
 *
 * Equal scores stand in the order of the documents. A failure names file, line and reason; what was written before stays. */
bool eval_run(const struct eval_options *options, FILE *out, GError **error);
