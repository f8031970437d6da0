/* duplicates.h - the rows of one file that speak of the same fact.
 *
 * A look over the whole file before anything is loaded: keys that come once cost 8 bytes each, the rows of the others are
 * kept in memory. */
#pragma once
#include "loader/record.h"

typedef struct duplicates duplicates_t;

/* Reads the file. NULL and error when it can't be read. The caller owns it. */
struct duplicates *duplicates_find(const char *path, const struct plan *plan, GError **error);
void duplicates_free(struct duplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(duplicates_t, duplicates_free)

/* False and a problem when another row of the file contradicts this one; `field` gets the field's name. True otherwise: the
 * row's rights are then those of all rows of its contract. */
bool duplicates_check(const struct duplicates *duplicates, struct record *row,
                      struct problem *problem, const char **field);
