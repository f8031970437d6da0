/* Random histories, replayed day by day: the figures against a model written apart (tests/support/trackmodel.c). */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include "tests/support/trackmodel.h"
#include <criterion/criterion.h>
#include <stdlib.h>

enum { DAYS = 45, NEW_YEAR = 22, HISTORIES = 4 }; /* day 0 is 2023-12-10 */

static const char *const codes[] = {"JJ01", "JJ02"};
static const char *const usccs[] = {"U100", "U101", "U102"};

static const struct model_rules rules = {
    .tier_from = {1000, 3000, 5000},
    .tier_fen = {20, 100, 250},
    .purchase_ppm = 60000,
    .purchase_cap = 120,
    .deal_ppm = 20000,
    .deal_cap = 90,
    .deal_from = 3000,
    .patents_from = 6,
    .loan_ppm = 1000,
    .loan_cap = 8,
    .loan_beyond = 5000,
};
static const char changes[] =
    "{'window': {'from': '2023-12-13', 'valid_from': '2023-12-13', 'to': '2024-01-19'}, "
    "'clauses': {'1.2': {'thresholds': {'sales': 1000}, 'award': {'tiers': [{'from': 1000, "
    "'fen': 20}, {'from': 3000, 'fen': 100}, {'from': 5000, 'fen': 250}]}}, '2.1': {'award': "
    "{'cap_fen': 120}}, '2.2': {'thresholds': {'introductions': 6, 'transactions': 3000}, "
    "'award': {'cap_fen': 90}}, '3': {'thresholds': {'loans': 5000}, 'award': {'cap_fen': "
    "8}}}}";

/* ---- Making a history */

static int upto(GRand *random, int most)
{
    return g_rand_int_range(random, 0, most + 1);
}

static struct model_fact a_fact(GRand *random, int id)
{
    struct model_fact fact = {.id = id, .agency = upto(random, 1), .day = upto(random, DAYS)};
    fact.recorded = MIN(fact.day + (upto(random, 3) ? 0 : upto(random, 12)), DAYS);
    fact.fen = upto(random, 1500);
    fact.enterprise = upto(random, 9) ? upto(random, 1) : 2;
    return fact;
}

static struct model_fact a_deal(GRand *random, int id)
{
    struct model_fact fact = a_fact(random, id);
    fact.fen += 1;
    fact.same = upto(random, 4) ? id : id - 1; /* now and then the one before, told again */
    fact.led = upto(random, 9) > 0;
    fact.affiliated = upto(random, 9) == 0;
    fact.assignment = upto(random, 4) > 0;
    fact.mixed = upto(random, 9) == 0;
    fact.registered = upto(random, 9) > 0;
    fact.implemented = upto(random, 9) ? upto(random, DAYS) / 2 : -1;
    fact.patents = 1 + upto(random, 2);
    fact.payments = upto(random, PAYMENTS);
    for (int i = 0; i < fact.payments; i++) {
        fact.paid_day[i] = upto(random, DAYS);
        fact.paid_fen[i] = upto(random, 700);
    }
    return fact;
}

static struct model_fact a_loan(GRand *random, int id)
{
    struct model_fact fact = a_fact(random, id);
    fact.fen *= 2;
    fact.credit = upto(random, 2) ? -1 : upto(random, 5) ? upto(random, 2500) : -2;
    return fact;
}

static void make(GRand *random, struct model_history *out)
{
    *out = (struct model_history){.from = 3, .to = 40, .new_year = NEW_YEAR};
    out->sale_count = out->deal_count = out->loan_count = FACTS;
    out->decision_count = DECISIONS;
    for (int i = 0; i < AGENCIES; i++) {
        out->settled[i] = upto(random, 10);
        out->left[i] = 30 + upto(random, 20);
    }
    for (int i = 0; i < FACTS; i++) {
        out->sales[i] = a_fact(random, 1000 + i);
        out->sales[i].fen -= 200; /* credit notes, too */
        out->deals[i] = a_deal(random, 2000 + i);
        out->loans[i] = a_loan(random, 3000 + i);
    }
    for (int i = 0; i < DECISIONS; i++) {
        struct model_decision *decision = &out->decisions[i];
        decision->fact = 1000 * (1 + upto(random, 2)) + upto(random, FACTS - 1);
        decision->out = upto(random, 2) > 0;
        decision->decided = upto(random, DAYS);
        decision->effective =
            upto(random, 1) ? decision->decided : upto(random, decision->decided);
    }
}

/* ---- Giving it to the database */

static char *day_text(int day)
{
    g_autoptr(GDate) date = g_date_new_dmy(10, G_DATE_DECEMBER, 2023);
    g_date_add_days(date, (guint)day);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(date), (int)g_date_get_month(date),
                           g_date_get_day(date));
}

/* {agency_id, recorded_at, first_recorded_at} of a fact, then what `format` says. */
static void give_fact(const char *table, const struct model_fact *fact, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void give_fact(const char *table, const struct model_fact *fact, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *own = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *recorded = day_text(fact->recorded);
    givef(table,
          "{'agency_id': %d, 'recorded_at': '%s 12:00+08', 'first_recorded_at': '%s 12:00+08', "
          "%s}",
          fact->agency + 1, recorded, recorded, own);
}

static void give_deal(const struct model_fact *f)
{
    g_autofree char *day = day_text(f->day), *in_use = day_text(MAX(f->implemented, 0));
    g_autofree char *number =
        f->registered ? g_strdup_printf("'R%d'", f->same) : g_strdup("null");
    g_autoptr(GString) payments = g_string_new("");
    g_autoptr(GString) rights = g_string_new("");
    for (int i = 0; i < f->payments; i++) {
        g_autofree char *paid = day_text(f->paid_day[i]);
        g_string_append_printf(payments, "%s{'date': '%s', 'amount_fen': %" G_GINT64_FORMAT "}",
                               i ? ", " : "", paid, f->paid_fen[i]);
    }
    for (int i = 0; i < f->patents; i++)
        g_string_append_printf(rights, "%s{'type': 'invention', 'number': 'N%d-%d'}",
                               i ? ", " : "", f->id, i);
    if (f->mixed)
        g_string_append(rights, ", {'type': 'design', 'number': 'D'}");
    give_fact("deal", f,
              "'deal_id': %d, 'contract_number': 'C%d', 'registration_number': %s, "
              "'registration_date': '%s', 'mode': '%s', 'buyer': {'uscc': '%s'}, 'amount_fen': "
              "%" G_GINT64_FORMAT
              ", 'payments': [%s], 'rights': [%s], 'affiliated': %s, 'led_by_agency': %s, "
              "'implemented_division': %s, 'implemented_date': '%s'",
              f->id, f->id, number, day, f->assignment ? "assignment" : "sole_licence",
              usccs[f->enterprise], f->fen, payments->str, rights->str,
              f->affiliated ? "true" : "false", f->led ? "true" : "false",
              f->implemented < 0 ? "'110101'" : "'350582'", in_use);
}

static void give_loan(const struct model_fact *f)
{
    g_autofree char *day = day_text(f->day);
    g_autofree char *credit =
        f->credit == -2 ? g_strdup("null") : g_strdup_printf("%" G_GINT64_FORMAT, f->credit);
    give_fact("loan", f,
              "'loan_id': %d, 'contract_number': 'L%d', 'borrower_uscc': '%s', 'granted_fen': "
              "%" G_GINT64_FORMAT
              ", 'drawn_date': '%s', 'collateral': '%s', 'real_estate_credit_fen': %s",
              f->id, f->id, usccs[f->enterprise], f->fen, day,
              f->credit == -1 ? "ip_only" : "ip_and_real_estate",
              f->credit == -1 ? "null" : credit);
}

static void give_decision(const struct model_history *h, const struct model_decision *d)
{
    static const char *const kinds[] = {"sale", "deal", "loan"};
    static const char prefixes[] = "FCL";
    int kind = d->fact / 1000 - 1, place = d->fact % 1000;
    const struct model_fact *facts[] = {h->sales, h->deals, h->loans};
    g_autofree char *effective = day_text(d->effective), *decided = day_text(d->decided);
    givef("decision",
          "{'agency_id': %d, 'kind': '%s', 'key': '%c%d', 'verdict': '%s', 'effective': '%s', "
          "'decided_at': '%s 10:00+08'}",
          facts[kind][place].agency + 1, kinds[kind], prefixes[kind], d->fact,
          d->out ? "reject" : "accept", effective, decided);
}

static void give_agencies(const struct model_history *h)
{
    testdb_sql("DELETE FROM agency");
    for (int i = 0; i < AGENCIES; i++) {
        g_autofree char *settled = day_text(h->settled[i]), *left = day_text(h->left[i]);
        givef("agency",
              "{'agency_id': %d, 'code': '%s', 'zone_settled_date': '%s', 'zone_left_date': "
              "'%s', 'recorded_at': '2023-01-01 12:00+08'}",
              i + 1, codes[i], settled, left);
    }
    testdb_sql("DELETE FROM enterprise");
    for (int i = 0; i < 3; i++)
        givef("enterprise",
              "{'enterprise_id': %d, 'uscc': '%s', 'division_code': '%s', 'recorded_at': "
              "'2023-01-01 12:00+08'}",
              100 + i, usccs[i], i < 2 ? "350582" : "350581");
}

static void give_history(const struct model_history *h)
{
    trackdb_clear();
    give_agencies(h);
    for (int i = 0; i < FACTS; i++) {
        g_autofree char *day = day_text(h->sales[i].day);
        give_fact("sale", &h->sales[i],
                  "'sale_id': %d, 'invoice': 'F%d', 'amount_fen': %" G_GINT64_FORMAT
                  ", 'date': '%s'",
                  h->sales[i].id, h->sales[i].id, h->sales[i].fen, day);
        give_deal(&h->deals[i]);
        give_loan(&h->loans[i]);
    }
    for (int i = 0; i < h->decision_count; i++)
        give_decision(h, &h->decisions[i]);
}

/* ---- Comparing */

static int64_t paid(const char *agency, const char *clause)
{
    return json_integer_value(json_object_get(clause_by(agency, clause), "amount_fen"));
}

static int64_t compare(const struct model_history *h, int agency, int day, guint32 seed)
{
    const struct model_amounts amounts = model_count(h, &rules, agency, day);
    const struct {
        const char *clause;
        int64_t model;
    } rows[] = {{"1.2", amounts.sales},
                {"2.1", amounts.purchases},
                {"2.2", amounts.transactions},
                {"3", amounts.loans}};
    int64_t sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t is = paid(codes[agency], rows[i].clause);
        cr_expect_eq(is, rows[i].model,
                     "seed %u, day %d, clause %s of %s: %" G_GINT64_FORMAT
                     ", the model says %" G_GINT64_FORMAT,
                     seed, day, rows[i].clause, codes[agency], is, rows[i].model);
        sum += is;
    }
    return sum;
}

Test(track_property, random_histories_day_by_day_are_paid_as_the_model_says, .timeout = 300)
{
    const char *given = g_getenv("SEED");
    guint32 first = given ? (guint32)g_ascii_strtoull(given, NULL, 10) : 1;
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with(changes);
    int64_t sum = 0;
    for (guint32 seed = first; seed < first + HISTORIES; seed++) {
        GRand *random = g_rand_new_with_seed(seed);
        struct model_history history;
        make(random, &history);
        g_rand_free(random);
        give_history(&history);
        for (int day = 0; day <= DAYS; day++) {
            g_autofree char *as_of = day_text(day);
            g_autofree char *known_at = g_strdup_printf("%s 23:59:59+08", as_of);
            count_figures(db, pack, as_of, known_at);
            for (int agency = 0; agency < AGENCIES; agency++)
                sum += compare(&history, agency, day, seed);
        }
    }
    cr_expect_gt(sum, 0, "nothing was ever paid: the histories show nothing");
    db_close(db);
}
