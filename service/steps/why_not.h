/* why_not.h - why a patent is no lead of a need, or was not pushed: the first thing that keeps it back. Pure. */
#pragma once
#include <jansson.h>

/* Of a row of page_lead_facts: {patent, need, state, because, reason, reason_zh, fit, least_fit, leads_of_need, folded_into}, a new
 * object; because and the reasons are null where it was pushed. `today`: "2026-03-01". */
json_t *why_not_of(const json_t *facts, const char *today);
