/* explain.h - what match_explain gives, for people. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

void explain_print(const json_t *document, bool chinese);

/* What to add to a need that is too thin to match on. */
const char *explain_thin_advice(bool chinese);
