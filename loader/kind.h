/* kind.h - the kinds of record that can be loaded and their fields: one table (kind.c), which the reader,
 * the checks, the help text and the tests all read. Adding a kind = adding rows there.
 *
 * A dot in a field's name is a level: "offer.price_fen" is price_fen in the object offer,
 * "contacts.phone" is phone in each object of the list contacts (struct group says which).
 * Everything here is constant and lives as long as the program. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT,
    FIELD_NAME,        /* text of one line: a person, an organisation, a title */
    FIELD_DATE,        /* "2025-03-01" */
    FIELD_MONEY,       /* whole fen, JSON integer */
    FIELD_INTEGER,     /* JSON integer within min..max */
    FIELD_YES_NO,      /* JSON true / false */
    FIELD_ENUM,        /* one of values.tsv */
    FIELD_OPEN_ENUM,   /* one of values.tsv, or kept as printed */
    FIELD_APPLICATION, /* CNIPA application number, stored as "CN201710027729.1" */
    FIELD_PUBLICATION, /* CNIPA publication number, stored as "CN106970934A" */
    FIELD_PATENT,      /* either of the two */
    FIELD_RIGHT, /* number of a right in a contract: CNIPA, overseas, trademark ... by rights.type */
    FIELD_USCC,         /* unified social credit code */
    FIELD_ORGANISATION, /* uscc, or a name */
    FIELD_DIVISION,     /* GB/T 2260, six digits */
    FIELD_CODE,         /* [A-Za-z0-9_-]{1,32}: the agency's code here */
    FIELD_AGENCY_CODE,  /* CNIPA's code of a patent agency, 5 digits */
    FIELD_REGISTRATION, /* technical contract registration number */
    FIELD_PRACTICE,     /* attorney's practice number */
    FIELD_EMAIL,
    FIELD_QUIET, /* "22:00-08:00" */
    FIELD_IPC,   /* "G06F17/30"; an unreadable symbol is kept as printed, with a warning */
    FIELD_CPC,
    FIELD_LOCARNO, /* "09-03" or "09-03(8)", else kept with a warning */
    FIELD_EVIDENCE /* object {"file", "sha256"}; a plain text is the file's name */
};

struct field {
    const char *name; /* INTERFACE name, dotted when nested */
    enum field_type type;
    bool required;
    const char *instead; /* required, but this other field will do */
    bool list;           /* the value is a JSON array of that type */
    bool joined; /* several columns of this field in one row are joined, without repeats */
    size_t
        max_bytes; /* of one value; 0: TEXT_MAX_BYTES for FIELD_TEXT, LINE_MAX_BYTES for other texts */
    int64_t min, max; /* FIELD_INTEGER, FIELD_MONEY; both 0: the type's own range */
};

/* A nested object ("offer") or a list of objects ("contacts"). */
struct group {
    const char *name;
    bool list;
    bool required; /* the record must have it (with at least one member) */
    const char *
        plain; /* a plain text in place of an object is this member ("number"); NULL: refused */
};

struct kind {
    const char *name; /* "patent" */
    const char *zh;   /* "专利" */
    bool fact;        /* belongs to one agency */
    const struct field *fields;
    size_t field_count;
    const struct group *groups;
    size_t group_count;
    const char *key[3]; /* fields of the natural key, NULL-ended; patent: see record.h */
};

/* How much one value may hold, and 9,000 billion yuan in fen: exact in every JSON reader. */
enum { NUMBER_MAX_BYTES = 500, LINE_MAX_BYTES = 4000, TEXT_MAX_BYTES = 4 * 1024 * 1024 };
#define MONEY_MAX INT64_C(900000000000000)

/* NULL when there is no such kind. */
const struct kind *kind_find(const char *name);

/* All kinds, in the order of the table. */
const struct kind *kind_list(size_t *count);

/* NULL when the kind has no such field or group. */
const struct field *kind_field(const struct kind *kind, const char *name);
const struct group *kind_group(const struct kind *kind, const char *name);
