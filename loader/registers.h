/* registers.h - rows of every kind but patents: agencies, enterprises, experts, institutions (registers, which agencies share)
 * and facts (needs, deals, declared pushes, which are one agency's). */
#pragma once
#include "loader/chunk.h"

/* The natural key as the database has it. Caller frees. */
char *register_key(const struct record *row);

bool registers_fetch(struct chunk *chunk, const GPtrArray *rows, GError **error);
bool registers_apply(struct chunk *chunk, const struct record *row, enum outcome *out,
                     struct problem *refused);
