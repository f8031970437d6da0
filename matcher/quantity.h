/* quantity.h - numbers with units as people write them, in folded text (folded.h): "0.12 g/cm3", "-20℃", "1.2万次", "38%".
 *
 * The index knows digits and units as terms of their own, so it can't tell 0.4% from "0.5 … 4 h": whether a patent says a number is looked up
 * in its text. Spellings of one unit are one (毫米 and mm), 1 cm is not 10 mm. Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct quantity {
    double value;     /* 12,000 of "1.2万次" */
    const char *unit; /* as this module writes it; its own memory */
};

/* Reads what the text begins with: perhaps a sign, digits, perhaps a blank, a unit. Returns its bytes; 0: it does not begin so. A
 * year (2026年) is none. */
size_t quantity_read(const char *text, struct quantity *out);

/* Whether these letters, in whatever case, are a unit of two or more of them: 5G is no five grams. */
bool quantity_is_unit(const char *letters);

/* Whether a text says the same number with the same unit, of a range (65～75℃) either end. */
bool quantity_is_said(const struct quantity *wanted, const char *text);
