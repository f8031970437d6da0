/* clause_internal.h - what the amounts ask of the items. */
#pragma once
#include "service/track/clause.h"
#include "service/track/tally.h"

/* The clause's condition, and one item's, in a year (0: over all). */
enum answer clause_answer(const struct clause_view *view, json_int_t year);
enum answer clause_item_answer(const struct clause_view *view, const char *metric,
                               json_int_t year);
