/* office_record.h - a patent as XML gives it -> one object in the names of the interface. Internal to the reader.
 *
 * Names of elements are compared without prefix, case and dashes: doc-number (ST.36) and base:DocNumber (CNIPA, ST.96) are one. */
#pragma once
#include <jansson.h>
#include <libxml/tree.h>
#include <stdbool.h>

/* An element of this name is a record: "cn-application-body", "cn-patent-document", "PatentPublication", "doc" ... */
bool office_begins_record(const char *name);

/* A new reference. */
json_t *office_record(xmlNodePtr node);

/* A body without the part that has its title: what claim 1 begins with, up to the first comma, without the numbers of drawings in
 * brackets, is what the thing is called. extra says that it was done. */
void office_title_by_claim(json_t *record);

/* Lines that a page broke become one: nothing between Chinese characters, a blank between others. Caller frees. */
char *office_unbreak(const char *text);

/* The object of a PDF that was parsed: numbers, dates and names are taken out of what stands around them. False: it has not that
 * shape and is left as it is. */
bool office_clean_pdf(json_t *object);
