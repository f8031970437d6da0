/* signin.h - coming in over HTTP: by name and password, or by a link; one's own session, password and codes; the accounts of others; and
 * invitations. Argon2id runs in the worker that has the request, two at a time (password.h). */
#pragma once
#include "service/http/api.h"
#include "sql/signin.h"

/* ---- Sessions (signin.c) */
bool session_sign_in(struct call *call, GError **error);
bool session_link(struct call *call, GError **error);
bool session_show(struct call *call, GError **error);
bool session_end(struct call *call, GError **error);
bool sessions_list(struct call *call, GError **error);
bool sessions_end(struct call *call, GError **error);

/* ---- One's own account (own.c) */
bool session_password(struct call *call, GError **error);
bool session_totp(struct call *call, GError **error);
bool session_totp_remove(struct call *call, GError **error);

/* ---- Accounts (users.c) */
bool users_list(struct call *call, GError **error);
bool users_get(struct call *call, GError **error);
bool users_add(struct call *call, GError **error);
bool users_change(struct call *call, GError **error);
bool users_password(struct call *call, GError **error);
bool users_totp_remove(struct call *call, GError **error);
bool users_sessions_end(struct call *call, GError **error);
bool users_remove(struct call *call, GError **error);

/* ---- Invitations (invitations.c) */
bool invitations_make(struct call *call, GError **error);
/* The page behind one: it shows whom it is for, and its button signs in. */
bool invitations_show(struct call *call, GError **error);
bool invitations_use(struct call *call, GError **error);

/* ---- What these share */

enum { NAME_MOST = 64 }; /* bytes of a name that comes in */

/* An attempt to prove who one is: counted (API_LATER: it has to wait), and looked at. */
struct proof {
    char *digest, *both, *address;
    struct signin_from from;
    char *now;
    json_t *row; /* of signin_read() */
};
void proof_clear(struct proof *proof);
/* *row fits the password; API_SIGN_IN, and the failure is noted, where it does not. */
bool proof_take(struct call *call, const char *name, const char *password, struct proof *proof,
                GError **error);
/* The step of a code (0 and no error: it is not this one). */
bool proof_code(struct call *call, const struct proof *proof, const char *code, int64_t *step,
                GError **error);
/* Notes the failure and says API_SIGN_IN. */
bool proof_fail(struct call *call, const struct proof *proof, const char *account,
                GError **error);

/* True for a new account's name: 1 to 64 bytes that can be read, without / and :, for it stands in addresses. */
bool signin_is_name(const char *name);
/* Says why a link or a sign-in of another page's is refused: API_CSRF. A program that says nothing of pages may. */
bool signin_check_page(const struct call *call, GError **error);
/* Uses a token of a push or an invitation, begins the session, and sets the cookie's text. *done: false where the link may not be used. */
bool signin_by_token(struct call *call, const char *token, char **cookie, bool *done,
                     GError **error);
/* Does something in the name of whoever asks: that stands in the ledger. */
bool signin_signed(struct call *call, bool (*work)(struct call *call, GError **error),
                   GError **error);
