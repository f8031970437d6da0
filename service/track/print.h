/* print.h - figures and evidence as text for a terminal, in Chinese or English; wide characters take two columns. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* A document of figures.h as text; `brief` leaves out what each number means and which choices were made. The caller frees. */
char *print_figures(const json_t *document, bool chinese, bool brief);
char *print_evidence(const json_t *document, bool chinese);
