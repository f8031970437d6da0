/* identifier.h - the numbers by which patents, enterprises, places and agencies are known: how they are read, checked
 * and written. docs: IDENTIFIERS.
 *
 * Readers take a text in any spelling that is met in exports (full width, lower case, blanks, prefixes, export tails)
 * and never correct silently: what can't be read is a struct problem that names the value, what was expected and the
 * nearest right value where one can be computed. Some give a warning beside a success: `warning` then holds text.
 * Texts are UTF-8; `today` is "YYYY-MM-DD". Pure. */
#pragma once
#include "loader/problem.h"

enum patent_type { PATENT_TYPE_UNKNOWN, PATENT_INVENTION, PATENT_UTILITY_MODEL, PATENT_DESIGN };

/* "invention", "utility_model", "design"; NULL for unknown. */
const char *patent_type_name(enum patent_type type);

/* A CNIPA number, application or publication; or one of another office, which is not checked: then `overseas` holds it, without
 * blanks and commas, and of the rest only `publication` is set. */
struct patent_number {
    bool empty; /* a prefix with no number behind it, "CN": nothing was said */
    bool publication;
    char digits[16]; /* application: 8 or 12 digits; publication: 7, 8 or 9 */
    char
        check; /* application: the check character, computed; 0 for 1985-1988, which have none */
    char overseas[32];     /* "US7591949B2", "EP00949915.1"; "" for CNIPA's */
    char letter[4];        /* publication: "A", "B9"; "" when absent */
    enum patent_type type; /* from the kind digit */
};

/* Check character of the 8 or 12 digits of an application number: weights 2..9 2..5, sum mod 11, 10 is X. */
char application_check(const char *digits);

/* Read one or the other. A number of the other sort fails with SAY_IS_PUBLICATION / SAY_IS_APPLICATION. */
bool application_read(const char *text, const char *today, struct patent_number *out,
                      struct problem *problem);
bool publication_read(const char *text, const char *today, struct patent_number *out,
                      struct problem *problem);

/* Reads either. What is neither is explained as a publication number when it looks like one. */
bool patent_number_read(const char *text, const char *today, struct patent_number *out,
                        struct problem *problem);

/* Shown: "CN201710027729.1", "CN106970934A". Key: without check, "CN201710027729", "CN106970934A". Caller frees. */
char *patent_number_show(const struct patent_number *number);
char *patent_number_key(const struct patent_number *number);

/* True when the publication and the application are not of one type (both known): worth a warning. */
bool patent_numbers_differ(const struct patent_number *publication,
                           const struct patent_number *application, struct problem *warning);

/* Unified social credit code, GB 32100-2015; the normal form is the 18 characters. Caller frees *out. */
bool uscc_read(const char *text, char **out, struct problem *warning, struct problem *problem);

/* Division code, GB/T 2260: 6, 9 or 12 digits -> 6, or a name that only one place has. */
bool division_read(const char *text, char **out, struct problem *problem);

/* Technical contract registration number: 14 or 16 digits, anything else is kept with a warning. */
bool registration_read(const char *text, char **out, struct problem *warning,
                       struct problem *problem);

/* CNIPA's code of a patent agency: 5 digits. */
bool agency_code_read(const char *text, char **out, struct problem *problem);

/* "某某专利代理事务所(普通合伙) 44347" -> name and code. False: there is no code behind the name. Caller frees both. */
bool agency_split(const char *text, char **name, char **code);

/* Practice number of a patent attorney: 10 digits and a digit or X, a point allowed; else kept with a warning. */
bool practice_read(const char *text, char **out, struct problem *warning,
                   struct problem *problem);

/* A code of our own: [A-Za-z0-9_-]{1,32}. */
bool code_read(const char *text, char **out, struct problem *problem);

/* "2.0171E+11": digits, perhaps a point, and an exponent. */
bool number_has_exponent(const char *text);

/* That, or one of the long numbers whose last digits a spreadsheet has turned to zeros. */
bool number_is_damaged(const char *text);

/* Upper case, NFKC, trimmed, without blanks, and a point for · ． 。: what every reader here begins with. Caller frees. */
char *number_normal(const char *text);
