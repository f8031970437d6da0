/* entry.h - one record of the database while a chunk is being taken in: as it stands there, then with the chunk's rows
 * applied one after the other, as if each had been loaded alone.
 *
 * A struct entry owns its JSON; entry_free() lets go of it. Members of `record` are the columns of the kind's table. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

struct entry {
    char *id;       /* decimal; NULL until one is drawn (new records that are no patents) */
    bool stored;    /* the database has it */
    json_t *record; /* the row */
    bool record_changed; /* must be written */
    bool settled;        /* every row of this very file is in it already: see chunk_settled() */
    bool merged;         /* took in another patent, and no row has been told of it yet */
    json_t *
        holding; /* registers: {source_id, held_since, extra, first_recorded_at}; NULL: this agency has none yet */
    bool holding_stored;
    bool holding_changed;
    json_t *contacts; /* what this agency knows; NULL: nothing */
    bool contacts_changed;
    /* patents only */
    json_t *
        statuses; /* {"2020-05-01" or "": status or null}: the one recorded last for each date */
    GPtrArray
        *new_status_dates; /* keys of `statuses` that must be appended to the history, char * */
    GPtrArray *new_numbers; /* numbers that are to lead here, char * */
};

/* A new, empty one. */
struct entry *entry_new(void);
/* One from a row of intake_fetch() or intake_patents(). Takes nothing, copies references. */
struct entry *entry_from_row(const char *id, json_t *row);
void entry_free(struct entry *entry);

/* What a row did. */
enum outcome { OUTCOME_NEW, OUTCOME_CHANGED, OUTCOME_SAME };

/* Says that the agency has the record since a day. `claim` is NULL when neither the row nor the command says so: then `today`
 * is the day of a new holding, and an old one stays. `source_id` may be NULL. `extra` (the reference is taken) replaces what
 * is there; NULL leaves it. True when something changed. */
bool entry_hold(struct entry *entry, const char *claim, const char *today,
                const char *source_id, json_t *extra);
