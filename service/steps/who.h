/* who.h - who can help: experts or institutions for a need or a patent, enterprises for a patent for which nobody has posted a need.
 *
 * By the engine that finds patents, under the statistics of the agency's patents. What somebody says of himself (fields, services,
 * products, profile, classes) is weighed like a patent's text; of the 200 patents that fit best, those that are his (invented, acted for, owned, bought,
 * licensed) are evidence that a person can check, the best three at a quarter of their score each:
 *
 *     score = Σ points of reasons + Σ points of evidence
 *
 * Enterprises that own the patent, or said stop, are not among them, nor is who has neither evidence nor a reason that tells a
 * person anything. */
#pragma once
#include "service/steps/match.h"
#include "sql/who.h"

/* "experts", "institutions", "enterprises". */
bool who_kind_read(const char *name, enum who_kind *out);
const char *who_kind_name(enum who_kind kind);

/* For a standing need (by the agency's name or id), or, where that is NULL, for a patent; options->k at most. *out: {who, for: {need |
 * patent, title}, items: [{rank, key, name, score, fit, reasons, evidence: [{what, patent, title, points}], industry, invented}]}.
 * SQL_ERROR_NOT_FOUND names what is not there; SQL_ERROR_STATE: enterprises are found for patents alone. */
bool who_find(struct db *db, const struct match_options *options, enum who_kind kind,
              const char *need, int64_t patent_id, json_t **out, GError **error);

/* Whether a person sees from a reason that somebody fits: from a word of two characters or more, or a subclass; not from 的 or "C". */
bool who_reason_tells(const json_t *reason);

/* How a person is told of a piece of evidence: "invented", "owns" …. */
const char *who_evidence_words(const char *what, bool chinese);
