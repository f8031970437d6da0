/* totp.h - one-time codes: RFC 6238 with HMAC-SHA-1, 6 digits, steps of 30 seconds, which is what every authenticator app reads. Pure:
 * the moment comes in. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { TOTP_SECRET_BYTES = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

/* The code of a step (seconds since 1970 / 30) of `digits` (6 to 8) digits, RFC 4226, 5.3. */
void totp_code(const unsigned char *secret, size_t len, int64_t step, int digits,
               char out[static 9]);
/* The step whose code this is: that of the moment, the one before or the one behind, for clocks are never quite right. 0: none. Blanks in
 * the text are passed over. */
int64_t totp_find(const unsigned char *secret, size_t len, const char *text, int64_t now_s);

/* A new secret in Base32, without padding. The caller frees. */
char *totp_make(void);
/* Its bytes. False: it is no Base32 of 20 bytes. */
bool totp_read(const char *secret, unsigned char out[static TOTP_SECRET_BYTES]);
/* What an app reads out of a QR code: otpauth://totp/… The caller frees. */
char *totp_address(const char *secret, const char *name);
