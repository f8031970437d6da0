/* merge.h - how a row changes what is stored. Pure.
 *
 * Absent leaves a value, null clears it. Of two publications of one application the newer gives each value, in whatever
 * order they are loaded: `provenance` remembers which publication a value came from,
 *     {"published": {"CN106970934A": "2017-07-21"}, "*": "CN106970934A", "abstract": "CN106970934B"}
 * where "*" stands for every field that is not named. Publications rank by date, then a grant above an application (the kind
 * letter A is lowest), then number; a row that names no publication ranks below all in what publications print, and above all
 * in everything else (offer, owners of today, ...). */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* Sets target[name] to the union of what is there and `more` (an object; NULL is an empty one): later members win. The object
 * that was there is not touched. */
void merge_object(json_t *target, const char *name, json_t *more);

/* Sets target[name] to the union of two lists, in order, without repeats. */
void merge_list(json_t *target, const char *name, json_t *more);

/* Applies a row to a register or fact: every member of `fields` that is a column of it (`skip` ends with NULL: those that are
 * stored elsewhere). Cleared columns take the value in `defaults`, or null. True when the record is another than before. */
bool merge_record(json_t *record, json_t *fields, const char *const *skip, json_t *defaults);

/* Applies a row of a patent. `fields` as record.h gives them. `kept` (may be NULL) gets the name of a field whose value was
 * not taken because a newer publication's stands. True when the record is another than before. */
bool merge_patent(json_t *record, json_t *fields, const char **kept);

/* The same for the first row of a patent that nothing is known of: `fields` itself becomes the record, and loses what is not the
 * record's own (held_since, extra, legal_status and its date). A new reference. */
json_t *merge_first(json_t *fields);

/* The words of one agency beside the record: those of `more` (may be NULL) united with `extra` by the same ranks, which the
 * member "_from" remembers. `record` is the patent's, merged already; `number` the row's publication or NULL. A new object. */
json_t *merge_extra(json_t *extra, json_t *more, const json_t *record, const char *number);

/* The words of one agency about two patents found to be one, by the same ranks. `record` is the merged one. A new object. */
json_t *merge_extras(json_t *extra, json_t *other, const json_t *record);

/* Merges the whole record of `other`, found to be the same application, into `record`. */
void merge_patents(json_t *record, json_t *other);

/* Unites qualifications by kind and certificate, sorted, the later dates winning. */
void merge_qualifications(json_t *record, json_t *more);
