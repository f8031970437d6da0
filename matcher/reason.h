/* reason.h - why a document answers a need, in the need's own words; the points shown sum exactly to the score.
 *
 *   need: 轻质发泡鞋底      the document has the pairs 轻质, 发泡, 泡鞋, 鞋底 (not 质发) and the words 轻质, 发泡, 鞋底
 *   reasons: 发泡鞋底 101,200   轻质 40,400                         sum 141,600 = score
 *
 * Terms that overlap in the need and are both found are one reason, cut out of the text as written and grown to whole words
 * of the dictionary, where there is one (of 处理器 a document that has only 处理 shows 处理器); a particle at either end that is a word by itself is left out. A term that
 * the need says more than once has its points shared out among its places (what is left over goes to the first), and places
 * that read the same are one reason. Of each classification symbol the narrowest place that the document shares is a reason;
 * what two symbols share ("G06" of G06F and G06N) counts for the first. */
#pragma once
#include "matcher/query.h"

enum reason_kind { REASON_TERM, REASON_CLASS };

struct reason {
    char *text; /* words of the need, or a place in print form: "G06F 17/30" */
    uint32_t points;
    enum reason_kind kind;
};

struct reasons {          /* with its items and texts in one piece */
    struct reason *items; /* most points first; equal ones in the order of the need */
    uint32_t count;
    uint32_t score; /* what they sum to */
};

/* For a document of the index (by number), or for any by its profile. Only for queries with a text: others have no words to
 * show and get no reasons. */
struct reasons *reasons_of_doc(const struct query *query, const struct index *ix, uint32_t doc);
/* Of many documents, each term looked for once: out[i] is that of docs[i]. */
void reasons_of_docs(const struct query *query, const struct index *ix, const uint32_t *docs,
                     uint32_t count, struct reasons **out);
struct reasons *reasons_of_profile(const struct query *query, const struct profile *profile);
void reasons_free(struct reasons *reasons);

typedef struct reasons match_reasons;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_reasons, reasons_free)
