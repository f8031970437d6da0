/* bounce.h - what mail servers say of mails that went out: reports of delivery (RFC 3464), and the letters of servers that write
 * none such but name a reply of SMTP. A report names its push by the signed token in the address that it came to
 * (b+TOKEN@bounce_domain), or by the link for stopping in the mail that it gives back, where the sender's mailbox allows no
 * address of its own for each mail. */
#pragma once
#include "service/push/token.h"
#include "sql/db.h"
#include <jansson.h>

enum bounce_error {
    BOUNCE_ERROR_MAIL
}; /* this mail is no report that can be used; the message says why */
#define BOUNCE_ERROR bounce_error_quark()
GQuark bounce_error_quark(void);

enum { BOUNCE_BYTES_MOST = 4 * 1024 * 1024 };

enum bounce_verdict {
    BOUNCE_NOTHING, /* it arrived, or was passed on */
    BOUNCE_DELAYED, /* the server goes on trying */
    BOUNCE_FAILED   /* it was given up */
};

struct bounce {
    char **tokens; /* that stand where a token may stand, NULL-ended; nobody has checked them */
    enum bounce_verdict verdict;
    char status[16]; /* RFC 3463, "5.1.1"; 5.0.0 or 4.0.0 where only SMTP's reply was named */
    char *recipient; /* whose mailbox it was, or NULL */
    char *said;      /* what the server answered, cut, without addresses; or NULL */
};
void bounce_clear(struct bounce *bounce);

/* Reads a mail, BOUNCE_BYTES_MOST bytes at most. `to`: the address that it came to, where the mail server says so; or NULL. Pure.
 * BOUNCE_ERROR_MAIL. */
bool bounce_read(const char *bytes, size_t len, const char *to, struct bounce *out,
                 GError **error);

/* Reads a report and keeps what it says, in the caller's transaction: a push that could not be delivered is `bounced` from then on,
 * once, and a dead letter; a mailbox that does not exist (any more) gets nothing more. The same report again changes nothing.
 * BOUNCE_ERROR_MAIL; SQL_ERROR_NOT_FOUND: the push is another agency's, or was never mailed. *out, the caller's: {push_id, enterprise, outcome (bounced, delayed, none), status, said, endpoint_off, recorded}. */
bool bounce_take(struct db *db, const struct seal_key *key, const char *bytes, size_t len,
                 const char *to, json_t **out, GError **error);
