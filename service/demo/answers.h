/* answers.h - what enterprises answer in the demonstration: made up, deterministic. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* Reads the document of `patbridge --json leads --state pushed` and prints, for the first `count` of them, one line each, and
 * for the first interested one whose patent is an invention a second; columns divided by tabs:
 *     answer LEAD interested
 *     answer LEAD not_fit CODE
 *     deal LEAD PATENT ENTERPRISE USCC */
bool answers_print(FILE *leads, int count, FILE *out, GError **error);

/* Reads such a document and prints the credit code of each enterprise in it, once, one a line. */
bool owners_print(FILE *leads, FILE *out, GError **error);
