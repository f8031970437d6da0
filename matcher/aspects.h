/* aspects.h - what a need names: product, material, process, property wanted, problem, numbers with units.
 *
 *     超临界发泡中底减重同时保证耐磨，密度想做到0.12 g/cm³以下，侧壁起皱
 *       process 发泡   product 中底   property 减重, 耐磨, 密度   number 0.12 g/cm³   problem 起皱
 *
 * By lists of words, the longest first, and a few patterns (耐…, 防…, 抗…; digits with a unit), whether written in simplified or
 * traditional characters, half or full width. It is no grammar: what is on no list is
 * not seen, and what is matched is never decided by it. It tells a person which of the things that he named a patent speaks of,
 * and which kinds of things a thin need lacks. Pure. */
#pragma once
#include "matcher/query.h"

enum aspect_kind {
    ASPECT_PRODUCT,
    ASPECT_MATERIAL,
    ASPECT_PROCESS,
    ASPECT_PROPERTY,
    ASPECT_PROBLEM,
    ASPECT_NUMBER,
    ASPECT_KINDS
};

struct aspect {
    uint32_t start, len; /* bytes of the text as written */
    enum aspect_kind kind;
};

/* Appends to `out`, a GArray of struct aspect, in the order of the text; what is named again the same way, once. */
void aspects_read(const char *text, GArray *out);

/* The same of query->text, where a word of one character is grown to the word of the dictionary that it is part of: a need of
 * 跑鞋 names 跑鞋, not 鞋, which no term stands for. */
void aspects_of_query(const struct query *query, GArray *out);

/* "product", "产品". */
const char *aspect_name(enum aspect_kind kind, bool chinese);

/* Whether a document speaks of it: it has at least half of what the terms weigh that lie within, or, where none does, one that
 * it is part of. `aspect` is one of query->text. Of a number it can only say no for sure: that all of its terms are there does not tell whether they
 * stand side by side, which aspect_number_is_said() does. */
bool aspect_is_covered(const struct aspect *aspect, const struct query *query,
                       const struct index *ix, uint32_t doc);

/* Whether a text says the number of a need, as written there: 38% is not "38 … 0.5%" (quantity.h). */
bool aspect_number_is_said(const char *number, const char *text);
