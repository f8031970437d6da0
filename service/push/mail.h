/* mail.h - pushes as e-mail, one message to one recipient, through the relay that the settings name. STARTTLS (or TLS from the
 * beginning, smtps://) is required and the relay's certificate checked. A relay's 250 means that nobody has confirmed it
 * (WIRE_SENT); answers come by the signed links, whose GET changes nothing. */
#pragma once
#include "service/push/channel.h"

/* Of the settings; everything is borrowed, NULL where nothing is set. */
struct mail_relay {
    const char *url; /* smtp://host:587/EHLO-NAME or smtps://host:465 */
    const char *user, *password;
    const char *from;      /* the address that stands in From */
    const char *from_name; /* beside it; NULL: PatBridge */
    const char *
        bounce_domain; /* the envelope's sender is b+TOKEN@ there, so that a report names its push; NULL: `from` */
    const char *authorities; /* file of certificates to trust; NULL: the system's */
    bool plain;              /* without TLS: a relay of the tests */
};

/* An address that can stand in a header and an envelope: ASCII before the @, a domain of letters, digits, '-' and '.'. */
bool mail_address_check(const char *address);
/* A header's value, in RFC 2047 words where it is not ASCII, each at most 75 characters, cut at code points. The caller frees. */
char *mail_word(const char *text);

/* "Date: …" of a moment. The caller frees. */
char *mail_date(int64_t now_us);
/* Whether the settings name a relay and a sender; WIRE_ERROR_SETTINGS. */
bool mail_relay_check(const struct mail_relay *relay, GError **error);

char *mail_adopt(const struct channel_offer *offer, char **shown, GError **error);
bool mail_prepare(const struct letter *letter, const struct push_options *options,
                  struct dispatch *out, GError **error);
struct wire_outcome mail_judge(const struct wire_call *call);
