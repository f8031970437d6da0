/* papers.h - the papers that a policy asks for, per kind of fact: which are there, which are missing.
 *
 * The pack's member `papers`: {kind: [{paper, name: {zh, en}}]}. A paper attached for one of them has its name; one attached
 * without saying what it is stands beside. */
#pragma once
#include "service/track/pack.h"

/* [{paper, name}] that the pack asks for; NULL where it asks for none. Borrowed. */
const json_t *papers_wanted(const struct pack *pack, const char *kind);

/* {there: [{paper or null, name, sha256}], missing: [{paper, name}]} of one fact, of all papers [{agency, kind, key, paper, name, sha256}]. A new object. */
json_t *papers_of(const struct pack *pack, const json_t *all, const char *agency,
                  const char *kind, const char *key);

/* The kind of fact behind a row of evidence: "deal" for deals. `row` may say more (declared pushes). */
const char *papers_kind(const char *metric, const json_t *row);
