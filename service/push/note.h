/* note.h - one mail of ours to one person, through the relay of the settings, now: no outbox, no second try. */
#pragma once
#include "service/push/mail.h"

struct note {
    const char *to;
    const char *subject;
    const char *id; /* the left side of its Message-ID: letters, digits, '-' and '.' */
    const char *text;
    int64_t now_us; /* this machine's clock */
};

/* Sends it and waits. WIRE_ERROR_SETTINGS: there is no relay; WIRE_ERROR_ENDPOINT: `to` is no address, or it could not be handed over. */
bool note_send(const struct mail_relay *relay, const struct note *note, GError **error);
