/* symbol.h - classification symbols as stored: the matcher's reader behind one call. Never a refusal. */
#pragma once
#include "loader/problem.h"

/* IPC or CPC symbol -> "G06F17/30". One that can't be read comes back as printed, and one that is worth a remark in normal form;
 * `warning` says why. Caller frees. */
char *symbol_read(const char *text, struct problem *warning);

/* Locarno class -> "09-03" or "09-03(8)"; the same. */
char *symbol_read_locarno(const char *text, struct problem *warning);
