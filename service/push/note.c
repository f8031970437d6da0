#include "service/push/note.h"
#include <string.h>

enum { WAIT_MS = 1000 };

static char **headers_of(const struct mail_relay *relay, const struct note *note)
{
    GPtrArray *lines = g_ptr_array_new();
    g_autofree char *subject = mail_word(note->subject);
    g_autofree char *name = mail_word(relay->from_name ? relay->from_name : "PatBridge");
    g_ptr_array_add(lines, mail_date(note->now_us));
    g_ptr_array_add(lines, g_strdup_printf("From: %s <%s>", name, relay->from));
    g_ptr_array_add(lines, g_strdup_printf("To: <%s>", note->to));
    g_ptr_array_add(lines, g_strdup_printf("Subject: %s", subject));
    g_ptr_array_add(lines,
                    g_strdup_printf("Message-ID: <%s%s>", note->id, strrchr(relay->from, '@')));
    g_ptr_array_add(lines, g_strdup("Auto-Submitted: auto-generated"));
    g_ptr_array_add(lines, g_strdup("Content-Type: multipart/alternative"));
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

static void ended(struct wire_call *call, void *user)
{
    (void)call;
    (void)user;
}

static void post(struct wire_call *call)
{
    g_autoptr(wire_t) wire = wire_new(NULL, ended, NULL);
    wire_add(wire, call);
    while (wire_count(wire) > 0) /* ends by itself: a mail has its limit of time */
        wire_run(wire, WAIT_MS);
}

static bool check(const struct mail_relay *relay, const struct note *note, GError **error)
{
    if (!mail_relay_check(relay, error))
        return false;
    if (mail_address_check(note->to))
        return true;
    g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT, "'%s' is no address for mail",
                note->to);
    return false;
}

bool note_send(const struct mail_relay *relay, const struct note *note, GError **error)
{
    if (!check(relay, note, error))
        return false;
    g_auto(GStrv) headers = headers_of(relay, note);
    g_autofree char *escaped = g_markup_escape_text(note->text, -1);
    g_autofree char *html = g_strdup_printf(
        "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><body><pre>%s</pre>"
        "</body></html>",
        escaped);
    const struct wire_mail mail = {relay->from,     note->to,           relay->user,
                                   relay->password, relay->authorities, relay->plain,
                                   headers,         note->text,         html};
    struct wire_call call = {.url = relay->url, .mail = &mail};
    post(&call);
    struct wire_outcome outcome = mail_judge(&call);
    if (outcome.verdict == WIRE_SENT)
        return true;
    const char *why = *outcome.reason ? outcome.reason
                      : *call.failure ? call.failure
                                      : call.answer;
    g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT,
                "the mail to %s could not be handed over: %s", note->to, why);
    return false;
}
