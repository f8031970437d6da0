#include "tests/support/trackmodel.h"
#include <string.h>

static int64_t part(int64_t base, int64_t ppm, int64_t cap)
{
    int64_t fen =
        (base * ppm + 500000) / 1000000; /* half away from zero; nothing is negative */
    return fen > cap ? cap : fen;
}

static bool is_out(const struct model_history *h, int fact, int day)
{
    const struct model_decision *last = NULL;
    for (int i = 0; i < h->decision_count; i++) {
        const struct model_decision *d = &h->decisions[i];
        if (d->fact == fact && d->effective <= day && d->decided <= day &&
            (!last || d->effective > last->effective ||
             (d->effective == last->effective && d->decided >= last->decided)))
            last = d;
    }
    return last && last->out;
}

static bool in_time(const struct model_history *h, int agency, int trigger, int day)
{
    return trigger <= day && trigger >= h->from && trigger <= h->to &&
           trigger >= h->settled[agency] && trigger <= h->left[agency];
}

static bool stands(const struct model_history *h, const struct model_fact *f, int day)
{
    return f->recorded <= day && !is_out(h, f->id, day);
}

static bool deal_stands(const struct model_history *h, const struct model_fact *f, int day)
{
    return stands(h, f, day) && f->led && !f->affiliated && !f->mixed && f->registered &&
           f->implemented >= 0 && f->implemented <= day;
}

static bool is_purchase(const struct model_history *h, const struct model_fact *f, int day)
{
    return deal_stands(h, f, day) && f->assignment && f->enterprise < 2 && f->day <= day;
}

static bool is_transaction(const struct model_history *h, const struct model_fact *f, int day)
{
    return deal_stands(h, f, day) && in_time(h, f->agency, f->day, day);
}

typedef bool fits(const struct model_history *, const struct model_fact *, int);

/* Told by somebody who recorded it before. */
static bool is_told(const struct model_history *h, const struct model_fact *f, int day,
                    fits *fit)
{
    for (int i = 0; i < h->deal_count; i++) {
        const struct model_fact *o = &h->deals[i];
        if (o != f && o->same == f->same && fit(h, o, day) &&
            (o->recorded < f->recorded || (o->recorded == f->recorded && o->id < f->id)))
            return true;
    }
    return false;
}

static int64_t sales_of(const struct model_history *h, const struct model_rules *r, int agency,
                        int day)
{
    int64_t sum[YEARS] = {0}, fen = 0;
    for (int i = 0; i < h->sale_count; i++)
        if (h->sales[i].agency == agency && stands(h, &h->sales[i], day) &&
            in_time(h, agency, h->sales[i].day, day))
            sum[h->sales[i].day >= h->new_year] += h->sales[i].fen;
    for (int y = 0; y < YEARS; y++)
        for (int t = 2; t >= 0; t--)
            if (sum[y] >= r->tier_from[t]) {
                fen += r->tier_fen[t];
                break;
            }
    return fen;
}

/* Goes through the days: each payment is paid out of what is left of its enterprise's cap of the year. */
static int64_t purchases_of(const struct model_history *h, const struct model_rules *r,
                            int agency, int day)
{
    int64_t fen = 0;
    for (int enterprise = 0; enterprise < 2; enterprise++) {
        int64_t paid[YEARS] = {0};
        for (int today = h->from; today <= day && today <= h->to; today++)
            for (int recorded = 0; recorded <= day; recorded++)
                for (int i = 0; i < h->deal_count; i++) {
                    const struct model_fact *f = &h->deals[i];
                    if (f->recorded != recorded || f->enterprise != enterprise ||
                        !is_purchase(h, f, day) || is_told(h, f, day, is_purchase))
                        continue;
                    for (int p = 0; p < f->payments; p++) {
                        if (f->paid_day[p] != today || !in_time(h, f->agency, today, day))
                            continue;
                        int64_t *sum = &paid[today >= h->new_year];
                        int64_t before = part(*sum, r->purchase_ppm, r->purchase_cap);
                        *sum += f->paid_fen[p];
                        if (f->agency == agency)
                            fen += part(*sum, r->purchase_ppm, r->purchase_cap) - before;
                    }
                }
    }
    return fen;
}

static int64_t transactions_of(const struct model_history *h, const struct model_rules *r,
                               int agency, int day)
{
    int64_t sum[YEARS] = {0}, fen = 0;
    int patents[YEARS] = {0};
    for (int i = 0; i < h->deal_count; i++) {
        const struct model_fact *f = &h->deals[i];
        if (f->agency != agency || !is_transaction(h, f, day) ||
            is_told(h, f, day, is_transaction))
            continue;
        sum[f->day >= h->new_year] += f->fen;
        patents[f->day >= h->new_year] += f->patents;
    }
    for (int y = 0; y < YEARS; y++)
        if (patents[y] >= r->patents_from || sum[y] >= r->deal_from)
            fen += part(sum[y], r->deal_ppm, r->deal_cap);
    return fen;
}

static int64_t loans_of(const struct model_history *h, const struct model_rules *r, int agency,
                        int day)
{
    int64_t sum[YEARS] = {0}, fen = 0;
    for (int i = 0; i < h->loan_count; i++) {
        const struct model_fact *f = &h->loans[i];
        if (f->agency != agency || f->enterprise > 1 || f->credit == -2 || !stands(h, f, day) ||
            !in_time(h, agency, f->day, day))
            continue;
        int64_t counted = f->credit > 0 ? f->fen - f->credit : f->fen;
        sum[f->day >= h->new_year] += counted > 0 ? counted : 0;
    }
    for (int y = 0; y < YEARS; y++)
        if (sum[y] > r->loan_beyond)
            fen += part(sum[y], r->loan_ppm, r->loan_cap);
    return fen;
}

struct model_amounts model_count(const struct model_history *history,
                                 const struct model_rules *rules, int agency, int day)
{
    return (struct model_amounts){.sales = sales_of(history, rules, agency, day),
                                  .purchases = purchases_of(history, rules, agency, day),
                                  .transactions = transactions_of(history, rules, agency, day),
                                  .loans = loans_of(history, rules, agency, day)};
}
