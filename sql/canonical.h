/* canonical.h - the canonical text of rows, written here as the server writes jsonb (docs/ledger.md, "Canonical JSON").
 *
 * Internal to sql/. Each function appends to `out` and answers whether what it wrote is what the server would write; where it
 * is not sure (a number with a fraction, a type that it does not know) it answers false, and the server is to be asked. What was
 * appended is JSON in either case. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <stdbool.h>

/* How many bytes a text begins with that JSON and COPY's text both write as they are: none below a space, no quote, no backslash. */
size_t canonical_plain(const char *text, size_t len);

/* A quoted string. */
void canonical_text(GString *out, const char *text, size_t len);

/* A value as jsonb, without null members. */
bool canonical_json(GString *out, json_t *value);

/* What the text `text` of a column of this type is in to_jsonb() of its row; a time must be in UTC ("… +00"). */
bool canonical_of_text(GString *out, const char *text, size_t len, Oid type);

/* The same of a member of a row, whatever JSON it is; not null. */
bool canonical_cell(GString *out, json_t *value, Oid type);

/* The order of jsonb's members: by length, then by bytes; less than, equal to or greater than 0. */
int canonical_order(const char *one, size_t one_len, const char *other, size_t other_len);
