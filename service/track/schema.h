/* schema.h - checks a JSON value against a JSON Schema, as much of it as deploy/policies/schema.json uses:
 * type, required, properties, additionalProperties: false, minProperties, maxProperties, items, minItems, enum, minimum, maximum,
 * pattern, format (date, time-zone) and $ref to #/$defs/NAME. The member "expected" of a schema is said where a value does not
 * fit. Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Appends "clauses[0].items[2].threshold: expected a whole number above 0" for every place that does not fit (char *). */
void schema_check(const json_t *schema, const json_t *value, GPtrArray *errors);

/* "2023-02-28", a day that there was. */
bool schema_is_day(const char *text);
