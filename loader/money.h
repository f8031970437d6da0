/* money.h - amounts of money -> whole fen, exactly; whole numbers within a range. Pure, integers only.
 *
 * Read: 12000, 12,000.50, ￥1200, 12.5万元, 3亿, -300 (where the field allows it). The unit is, in this order of belief,
 * that of the header, that in the cell, the default. Header and cell that disagree are refused, and so is what is finer
 * than a fen, damaged by a spreadsheet (1.2E+07) or in another currency. */
#pragma once
#include "loader/problem.h"
#include <stdint.h>

/* Fen per one of a unit as printed ("万元", "单位:千元", "人民币元"): 0 when the text names no unit, -1 for another
 * currency. The text is folded (text_fold). */
int64_t money_unit(const char *folded);

/* The unit at the end of a folded text: its fen, and where it begins in *cut; 0 when there is none. */
int64_t money_unit_tail(const char *folded, size_t *cut);

/* How the column stands. */
struct money_column {
    int64_t scale;    /* fen per 1 */
    bool scale_said;  /* the header or a line above it says so; else it is the default */
    int64_t min, max; /* fen */
};

/* *said: the cell itself named a unit. */
bool money_read(const char *text, const struct money_column *column, int64_t *fen, bool *said,
                struct problem *problem);

/* A whole number, thousands separators and a fraction of zeros allowed. */
bool integer_read(const char *text, int64_t min, int64_t max, int64_t *out,
                  struct problem *problem);
