/* aspects.h - printing what a need names, and whether a patent speaks of it. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* A line each for what is covered and what is not, where there is any. */
void aspects_print(const json_t *aspects, bool chinese);
/* The needs of a load's report that are too thin, with what to add. */
void thin_print(const json_t *report, bool chinese);
