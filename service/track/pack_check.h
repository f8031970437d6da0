/* pack_check.h - whether a policy pack can be counted with: its form (deploy/policies/schema.json), and what a schema can't say:
 * that days are in order, that names lead somewhere, that each metric finds the parameters it reads. Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* Appends "PATH: what is wrong" (char *) for each mistake; none is appended to a good pack. */
void pack_check(const json_t *root, GPtrArray *errors);
