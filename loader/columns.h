/* columns.h - which field a header of a foreign file means: the table of names (columns.tsv), a saved mapping, units.
 *
 * Headers are compared by KEY, in this order: (1) NFKC; (2) blanks, line breaks, zero-width characters dropped, case
 * folded; (3) every bracketed part cut, innermost first, an unclosed bracket to the end of the text; (4) _ - . * : #
 * dropped. When nothing is left after (3), the text inside the brackets is the header.
 *
 * A struct columns belongs to one reader: it remembers every header that it was asked for. */
#pragma once
#include "loader/kind.h"
#include "loader/mapping.h"
#include <stdint.h>

/* What one header means. Owned by its struct columns. */
struct column {
    char *header;              /* as in the file */
    const struct field *field; /* NULL: unknown, its values go to extra */
    const struct group
        *group;   /* header names a whole nested object or list: its cells hold JSON */
    bool mapped;  /* the mapping names it (perhaps to say that it goes to extra) */
    bool ignored; /* header begins with `_` */
    size_t
        rank; /* place in columns.tsv: of several columns the first non-empty in this order is taken */
    bool noted;      /* lost a bracketed note (译, 英文 ...): yields to one that lost none */
    int64_t scale;   /* money: fen per 1 */
    bool scale_said; /* money: by the header or a line above it; else the default */
    char *currency;  /* money in another currency: nothing of this column is taken */
    bool warned;     /* money: the default unit has been remarked upon */
};

struct columns;

struct columns *columns_new(const struct kind *kind, const struct mapping *mapping);
void columns_free(struct columns *columns);

/* Never NULL. The same header gives the same column. */
struct column *columns_find(struct columns *columns, const char *header);

/* JSON Lines: columns found for earlier rows may be forgotten when there are more than 10,000 of them. */
void columns_begin_row(struct columns *columns);

/* A line above the header row: takes its unit when it says one ("单位：万元"); true when it does. Before the first
 * columns_find. */
bool columns_unit_line(struct columns *columns, const char *text);

/* Headers asked for that are unknown, in order, NULL-ended (at most 1,000). */
const char *const *columns_unrecognised(const struct columns *columns);

/* A field by its own name ("amount_fen") or by that with another unit ("amount_yuan"). scale: 0 when it is no money. */
bool columns_named(const struct kind *kind, const char *name, const struct field **field,
                   int64_t *scale);

/* KEY of a header; "" when it has no name. Caller frees. */
char *columns_key(const char *header);

/* The field's first Chinese header, for messages; its own name when it has none. A constant. */
const char *columns_chinese(const struct kind *kind, const char *field);

/* KEYs of columns.tsv that mean two fields of one kind, and rows that name no field, a line each; "" when the table is
 * sound. Caller frees. */
char *columns_conflicts(void);
