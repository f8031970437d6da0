/* record.h - a raw row becomes one record in the names and normal forms of the interface, or a refusal.
 *
 * `fields` holds:
 *   absent            nothing was said about the field: it leaves what is stored
 *   null              JSON null in the file: it clears what is stored (a cell can't say that; empty = absent)
 *   application_number "CN201710027729.1", publication_number "CN106970934A", dates "2017-07-21", money in whole fen,
 *   uscc in upper case, enumerations by their value's name, yes/no as true/false, lists as arrays without repeats
 *   ipc, cpc, locarno list of strings in normal form ("G06F17/30"); one that can't be read stands as printed, with a
 *                     warning
 *   extra             object: values of unknown columns by their header as in the file, values not taken where several
 *                     columns mean one field, and the spelling as read of a number whose form changed
 *                     ("application_number": "ZL 2017 1 0027729.1")
 *
 * A value that can't be read refuses its row, whether the field is required or not. The first problem in the order of
 * the fields is the one reported. */
#pragma once
#include "loader/kind.h"
#include "loader/reader.h"

/* A remark about a value that was taken all the same. */
struct notice {
    char *column;
    char *value;            /* cut like a refusal's */
    struct problem problem; /* code CODE_OTHER */
};

struct record {
    const struct kind *kind;
    int64_t line, place; /* of its raw row */
    json_t *fields;      /* owned */
    char *
        key; /* natural key, parts joined by '/', folded so that two spellings are one; never NULL */
    char *
        app_key; /* patent, declared_push, open_licence: the number that is hashed, "CN201710027729"; else NULL */
    char *pub_key;      /* the same: "CN106970934A"; else NULL */
    bool has_title;     /* patent: false = may only update a known patent, else `missing` */
    GPtrArray *notices; /* struct notice *, owned */
};

/* False: `refusal` is filled and `out` is empty. The row is read with the headers of `reader`. */
bool record_read(struct reader *reader, const struct raw_row *row, struct record *out,
                 struct refusal *refusal);
void record_clear(struct record *record);

/* Natural key of a record already in normal form. For patents: application number without check, else publication
 * number. Parts that are names are folded (name_fold). Caller frees; NULL when a part is missing. */
char *record_key(const struct kind *kind, json_t *fields);

/* deal, loan: rows of one contract that differ only in the rights. True: `into`'s rights took those of `from` that
 * it lacked; false: they differ elsewhere (`field` says where, borrowed from the kind) and nothing was changed.
 * extra and documents may differ: those of the first are kept, documents joined. */
bool record_merge_rights(struct record *into, const struct record *from, const char **field);
