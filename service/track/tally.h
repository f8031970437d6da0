/* tally.h - one agency's sums under one clause, and the three answers.
 *
 * A struct tally owns nothing but its two JSON members; tally_clear() lets go of them. Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* In the order in which "all" takes the least and "any" the most. */
enum answer { ANSWER_NOT_MET, ANSWER_UNDETERMINED, ANSWER_MET };

const char *answer_name(enum answer answer); /* "not_met" */

typedef struct tally {
    json_int_t value;    /* of the rows that count, in the metric's unit */
    json_int_t possible; /* with those that are undetermined */
    json_int_t rows;     /* that count */
    json_int_t literal, invented, late, unknown, open; /* rows (literal: in the unit) */
    json_int_t award_fen, grant_fen;
    json_int_t year; /* of an item that is reckoned by the year: its best one */
    bool capped;
    json_t *left_out; /* {reason: rows} */
    json_t *awaits;   /* [what nobody recorded] */
} tally_t;
void tally_clear(struct tally *tally);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(tally_t, tally_clear)

/* Sums those rows of track_clauses() that are of a metric and of a year (0: of every year). */
void tally_sum(const json_t *sums, const char *metric, json_int_t year, struct tally *out);

/* The same of the year in which an item comes farthest; left out and awaited are of every year. */
void tally_best(const json_t *sums, const char *metric, struct tally *out);

/* A figure of track_figures(); NULL: there was no candidate. */
void tally_figure(const json_t *figure, struct tally *out);

/* Whether a threshold is reached; `beyond`: it must be exceeded. */
enum answer tally_answer(const struct tally *tally, json_int_t threshold, bool beyond);
