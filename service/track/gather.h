/* gather.h - what the rows of metrics sum to, taken while they go by: the answers of track_figures() and track_clauses() without counting
 * once more what is read anyway. */
#pragma once
#include "sql/track.h"

typedef struct gather gather_t; /* the name that g_autoptr needs */
struct gather *gather_new(void);
void gather_free(struct gather *gather);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(gather_t, gather_free)

/* One row of a metric of the clause at `place`. */
void gather_row(struct gather *gather, size_t place, const char *metric,
                const struct track_row *row);

/* The rows of track_figures() of every metric of the base database that was read. */
json_t *gather_figures(const struct gather *gather);
/* The rows of track_clauses() of all the others. */
json_t *gather_sums(const struct gather *gather);
