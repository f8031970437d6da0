/* verified.h - what verify finds in a test's database. */
#pragma once
#include "sql/db.h"

/* The sentence of the first finding; "" when there is none. It stays until the next call. */
const char *first_finding_in(struct db *db);
