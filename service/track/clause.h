/* clause.h - one clause of one agency: its items, its state, its amount, year by year and by beneficiary. Pure.
 *
 *   state   the clause's condition over its items ("all" unless the pack says otherwise): met, not met, undetermined
 *   amount  by the kind of the clause's award:
 *             once   the sum, when the condition is met; parameter award_repeats "each": for every row that counts
 *             each   a fixed sum for every row that counts
 *             rate   a rate of the year's total, rounded and capped (sql/views/305-rule.sql), of the years that meet the condition
 *             tiers  the highest tier that a year's total reaches (parameter tiers "added": every tier reached)
 *             parts  the first part when the condition is met, a later one when its own metric is met, too
 *
 * Of a yearly award the clause is met when one year is. */
#pragma once
#include "service/track/pack.h"

struct clause_view {
    const struct pack *pack;
    const json_t *clause;
    const json_t *values; /* pack_metric_values() */
    const json_t
        *agency; /* {agency_id, code, name, zone_settled_date, zone_left_date, invented} */
    const json_t *figures; /* track_figures(), of every agency */
    const json_t *sums;    /* track_clauses(), of this clause and agency alone */
    const json_t *overlap; /* {clause: contracts that it counts, too}; NULL: none */
    const char *as_of;     /* the day that this clause shows */
};

/* The entry of `clauses` in the document of `track --json`. A new object. */
json_t *clause_document(const struct clause_view *view);
