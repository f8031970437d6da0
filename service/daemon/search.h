/* search.h - lists of records narrowed down to what somebody typed, and what else the desks ask of the registers.
 *
 * Patents are found by the engine that finds leads, in an agency's index, which the step match shares, best first: by what they say, not
 * by a title alone. A number in any spelling is looked up, and so is what begins one. Everything else, and patents where the index is not there yet, is of a range
 * alone, or nobody says whose they are, is found by PostgreSQL: the characters of names by an index (views/399-api_words.sql), in the order of
 * ids, a page at a time. An index of needs or enterprises in memory would cost more than it brings: names are short, and exact. */
#pragma once
#include "service/http/api.h"

/* What the engine found, best first; none where PostgreSQL is to find them. */
struct found {
    int64_t *ids;
    size_t count;
    bool by_engine;
};
void found_clear(struct found *found);

/* Adds to the filters of a list what `q` asks for. Outside of transactions. */
bool search_narrow(const struct call *call, int limit, json_t *filters, struct found *found,
                   GError **error);
/* The rows of a list in the order in which they were found, at most `limit`. A new array. */
json_t *search_order(const struct found *found, const json_t *rows, int limit);

/* The filters of a list of records, as the request has them: a new object, and the columns, which are the kind's. NULL: error. */
json_t *records_filters(const struct call *call, GError **error);
/* A row of page_records() as it is shown. A new object. */
json_t *records_item(const struct call *call, json_t *row);

/* A list as a workbook. */
bool registers_export(struct call *call, GError **error);
/* Everything that a record is linked to. */
bool registers_linked(struct call *call, GError **error);
