/* ledger_support.h - what the tests of tampering share: a row of everything that is kept, two snapshots, a ledger that knows all of
 * it, and a copy of every table, so that each case begins with the same. */
#pragma once
#include "sql/db.h"

struct tamper {
    struct db *db; /* a superuser's */
    char *folder;  /* of papers */
    char *head;    /* the ledger's, as an official has it */
};
extern struct tamper tamper;

/* Checks and references are taken away: they would only get in a superuser's way. */
void tamper_open(void);
void tamper_take_snapshot(void); /* and its head */
/* Puts tables back, named with blanks between. */
void tamper_restore(const char *tables);

/* What verify says first, with a head to hold the ledger against or NULL; "" when it finds nothing. It stays until the next call. */
const char *tamper_first_finding(const char *head);
