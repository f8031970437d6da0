/* filter.h - what must be true at all before a patent may be proposed or pushed to an enterprise. The one place where these
 * conditions stand; matching and pushing both ask here. Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

struct filter_facts {
    const char *today;                   /* "2026-03-01" */
    const char *legal_status;            /* NULL: not known */
    const char *type, *application_date; /* NULL: not known */
    const char *const *owners; /* applicants and assignees, folded (name_fold), NULL-ended */
    const char *enterprise;    /* folded */
    const char *const *affiliates; /* names, folded, NULL-ended */
    bool pushed_before;            /* this patent, to this enterprise, by this agency */
    bool stopped;                  /* the enterprise said stop */
};

/* The name of the first condition that is not met ("right_not_alive", "own_patent", "affiliate_patent", "already_pushed",
 * "enterprise_stopped"); NULL when the lead may pass. */
const char *filter_check(const struct filter_facts *facts);

/* Every condition in the order in which they are asked: [{filter, passed, en, zh}], the words saying what is so. */
json_t *filter_check_all(const struct filter_facts *facts);

/* As filter_check, of a row of a query: legal_status, type, application_date, enterprise (its name), the lists applicants, assignees,
 * affiliates and affiliate_names, pushed_before and stopped; names as written, what is absent is not known or not so. */
const char *filter_check_row(const json_t *row, const char *today);

/* A sentence for people. NULL for a name that is none. */
const char *filter_sentence(const char *name, bool chinese);

/* Whether the right is over on a day: by its status, or because its term has run out since the application (invention 20
 * years, utility model 10, design 15, or 10 when filed before 2021-06-01). */
bool filter_right_is_over(const char *legal_status, const char *type,
                          const char *application_date, const char *today);
