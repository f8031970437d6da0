/* trackmodel.h - clauses 1.2, 2.1, 2.2 and 3 once more, written from the rules and not from the SQL: loops over arrays, day by day.
 *
 * Days are numbers from 0; what a history holds is known from the day `recorded` on. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { AGENCIES = 2, FACTS = 40, DECISIONS = 30, PAYMENTS = 3, YEARS = 2 };

struct model_decision {
    int fact; /* its id, unique over all kinds */
    bool out; /* reject or withdraw */
    int effective, decided;
};

struct model_fact {
    int id, agency, recorded, day; /* day: of the invoice, the registration, the drawing */
    int64_t fen;
    int enterprise; /* buyer or borrower: 0 and 1 local, 2 not */
    int same;       /* deals of one number are one contract told twice */
    bool led, affiliated, assignment, mixed, registered;
    int implemented; /* -1: nowhere in the city */
    int patents;
    int paid_day[PAYMENTS];
    int64_t paid_fen[PAYMENTS];
    int payments;
    int64_t credit; /* loans: -1 no real estate, -2 not stated */
};

struct model_history {
    int from, to; /* window */
    int new_year; /* first day of the second year */
    int settled[AGENCIES], left[AGENCIES];
    struct model_fact sales[FACTS], deals[FACTS], loans[FACTS];
    int sale_count, deal_count, loan_count, decision_count;
    struct model_decision decisions[DECISIONS];
};

/* The pack's numbers. */
struct model_rules {
    int64_t tier_from[3], tier_fen[3];
    int64_t purchase_ppm, purchase_cap, deal_ppm, deal_cap, deal_from, loan_ppm, loan_cap,
        loan_beyond;
    int patents_from;
};

/* What each clause pays an agency as of a day, known at its end. */
struct model_amounts {
    int64_t sales, purchases, transactions, loans;
};
struct model_amounts model_count(const struct model_history *history,
                                 const struct model_rules *rules, int agency, int day);
