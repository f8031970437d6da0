/* invent.h - what a folder of real data lacks, made up for the demonstration: credit codes, qualifications, experts, owners of
 * needs, declared pushes and deals.
 *
 * Deterministic: the same folder gives the same bytes. Every record that holds anything made up says `invented: true` and in
 * `source` what it was; codes carry right check characters, so that they pass every check but belong to nobody. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Reads DATA/entities/listed_companies.jsonl, entities/patent_agencies.tsv, quality/needs_dev.tsv and patents/cn_records.jsonl;
 * writes OUT/enterprises.jsonl, institutions.csv, needs.tsv, experts.jsonl, declared_pushes.jsonl, deals.jsonl. */
bool invent_all(const char *data, const char *out, GError **error);

/* The n-th made-up credit code of enterprises (or of institutions), with both check characters. The caller frees. */
char *invent_uscc(int n, bool institution);
