/* password.h - passwords: what may be one, and Argon2id over it (libsodium; 64 MiB, two passes: some 100 ms).
 *
 * The work is done by the thread that asks, at most PASSWORDS_AT_ONCE at a time in the whole process, so that who signs in never
 * takes all processors or much memory. sodium_init() was called. Thread-safe. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum password_error {
    PASSWORD_ERROR_BAD,  /* it can't be one: the message says why */
    PASSWORD_ERROR_BUSY, /* too many wait already: try again in some seconds */
};
#define PASSWORD_ERROR password_error_quark()
GQuark password_error_quark(void);

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 256, PASSWORDS_AT_ONCE = 2, PASSWORDS_WAITING = 2 };

/* True for 10 characters or more that are not one and the same, nor the name. PASSWORD_ERROR_BAD. */
bool password_check(const char *password, const char *name, GError **error);
/* Its hash, with salt and parameters, as text. The caller frees. PASSWORD_ERROR_BUSY. */
char *password_hash(const char *password, GError **error);
/* *right: whether it is the one. `hash` NULL: there is none; takes as long, and is false. PASSWORD_ERROR_BUSY. */
bool password_verify(const char *password, const char *hash, bool *right, GError **error);
/* True when the hash was made with lesser parameters than now. */
bool password_is_old(const char *hash);
/* A new one: four groups that can be read out, of 99 random bits. The caller frees. */
char *password_make(void);
