/* secret.h - passwords that a person types: at the terminal, without showing them, or as the first line of stdin. */
#pragma once
#include <glib.h>

/* Asks for a password, at a terminal twice. APP_ERROR_USAGE: nothing came, or two that differ. The caller wipes and frees it. */
char *secret_ask(const char *prompt, const char *again, GError **error);
/* Asks for a line that may be seen: a one-time code. */
char *secret_line(const char *prompt, GError **error);
void secret_free(char *secret);
