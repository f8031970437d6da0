#include "service/push/mail.h"
#include "service/push/story.h"
#include "service/push/token.h"
#include <curl/curl.h>
#include <string.h>

/* ---- Addresses */

static bool is_local(char c)
{
    return g_ascii_isalnum(c) || strchr(".!#$%&'*+-/=?^_`{|}~", c);
}

bool mail_address_check(const char *address)
{
    const char *at = strrchr(address, '@');
    if (!at || at == address || at - address > 64 || strlen(at + 1) < 3 || strlen(at + 1) > 253)
        return false;
    for (const char *c = address; c < at; c++)
        if (!*c || !is_local(*c))
            return false;
    for (const char *c = at + 1; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '-' && *c != '.')
            return false;
    return at[1] != '.' && at[1] != '-' && strchr(at, '.') && !strstr(at, "..");
}

char *mail_adopt(const struct channel_offer *offer, char **shown, GError **error)
{
    const char *address = g_str_has_prefix(offer->address, "mailto:")
                              ? offer->address + strlen("mailto:")
                              : offer->address;
    if (!mail_address_check(address)) {
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT,
                    "this is no address for mail: expected name@domain in ASCII (the domain as "
                    "punycode)");
        return NULL;
    }
    *shown = g_strconcat("mailto:…", strrchr(address, '@'), NULL);
    json_auto_t *sealed = json_pack("{s:s}", "to", address);
    char *text = json_dumps(sealed, JSON_COMPACT), *own = g_strdup(text);
    free(text);
    return own;
}

/* ---- Headers */

enum { WORD_BYTES = 42 }; /* "=?UTF-8?B?" + base64 of so many + "?=" is 68 characters */

static void add_word(GString *out, const char *bytes, size_t len)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)bytes, len);
    g_string_append_printf(out, "%s=?UTF-8?B?%s?=", out->len ? " " : "", base64);
}

char *mail_word(const char *text)
{
    bool plain = true;
    for (const char *c = text; *c; c++)
        plain = plain && *c >= ' ' && *c < 0x7f;
    if (plain && !strstr(text, "=?"))
        return g_strdup(text);
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at;) {
        const char *end = at;
        while (*end && g_utf8_find_next_char(end, NULL) - at <= WORD_BYTES)
            end = g_utf8_find_next_char(end, NULL);
        add_word(out, at, (size_t)(end - at));
        at = end;
    }
    return g_string_free(out, FALSE);
}

char *mail_date(int64_t now_us)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    return g_strdup_printf(
        "Date: %s, %d %s %d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week(now) - 1],
        g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1],
        g_date_time_get_year(now), g_date_time_get_hour(now), g_date_time_get_minute(now),
        g_date_time_get_second(now));
}

/* One mail's pieces. */
struct piece {
    struct story story;
    char *to, *token;
};

static void piece_clear(struct piece *piece)
{
    story_clear(&piece->story);
    g_free(piece->to);
    g_free(piece->token);
}
typedef struct piece piece_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(piece_t, piece_clear)

static char **headers_of(const struct piece *piece, const struct push_options *options,
                         int64_t now_us)
{
    const struct mail_relay *relay = options->relay;
    const struct story *story = &piece->story;
    GPtrArray *lines = g_ptr_array_new();
    g_autofree char *title = g_strconcat(story->notice ? "" : "专利推送：", story->title,
                                         story->invented ? "（虚构样例）" : "", NULL);
    g_autofree char *subject = mail_word(title);
    g_autofree char *name = mail_word(relay->from_name ? relay->from_name : "PatBridge");
    g_ptr_array_add(lines, mail_date(now_us));
    g_ptr_array_add(lines, g_strdup_printf("From: %s <%s>", name, relay->from));
    g_ptr_array_add(lines, g_strdup_printf("To: <%s>", piece->to));
    g_ptr_array_add(lines, g_strdup_printf("Subject: %s", subject));
    g_ptr_array_add(lines, g_strdup_printf("Message-ID: <%s%s>", story->push_id,
                                           strrchr(relay->from, '@')));
    g_ptr_array_add(lines, g_strdup("Auto-Submitted: auto-generated"));
    if (options->public_url) { /* on one line each: a signer once broke on a folded one */
        g_ptr_array_add(lines, g_strdup_printf("List-Unsubscribe: <%s/u/%s>",
                                               options->public_url, piece->token));
        g_ptr_array_add(lines, g_strdup("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    }
    g_ptr_array_add(lines, g_strdup("Content-Type: multipart/alternative"));
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

/* ---- Text */

static char *text_of(const struct story *story)
{
    if (story->notice)
        return g_strdup_printf("%s\n\n%s\n", story->title, story->notice);
    return g_strdup_printf("%s%s\n专利号：%s\n对应需求：%s\n契合度：%d%%\n依据：%s\n%s%s\n",
                           story->title, story->invented ? "（虚构样例 invented）" : "",
                           story->patent, story->need, story->percent, story->reasons,
                           story->answer ? "\n查看并答复（感兴趣、不合适、不再接收）：\n" : "",
                           story->answer ? story->answer : "");
}

/* story_plain() left nothing in the texts that HTML could take for a tag. */
static char *html_of(const struct story *story)
{
    if (story->notice)
        return g_strdup_printf("<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><body>"
                               "<h3>%s</h3><p>%s</p></body></html>",
                               story->title, story->notice);
    g_autofree char *link =
        story->answer ? g_strdup_printf("<p><a href=\"%s\">查看并答复</a></p>", story->answer)
                      : g_strdup("");
    return g_strdup_printf(
        "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><body><h3>%s%s</h3>"
        "<p>专利号：%s<br>对应需求：%s<br>契合度：%d%%<br>依据：%s</p>%s"
        "</body></html>",
        story->title, story->invented ? "（虚构样例 invented）" : "", story->patent,
        story->need, story->percent, story->reasons, link);
}

/* ---- Sending */

bool mail_relay_check(const struct mail_relay *relay, GError **error)
{
    if (relay && relay->url && relay->from && mail_address_check(relay->from))
        return true;
    g_set_error(
        error, WIRE_ERROR, WIRE_ERROR_SETTINGS,
        "no mail can be sent: the settings smtp_url and mail_from name no relay and sender");
    return false;
}

bool mail_prepare(const struct letter *letter, const struct push_options *options,
                  struct dispatch *out, GError **error)
{
    g_auto(piece_t) piece = {0};
    const struct mail_relay *relay = options->relay;
    json_auto_t *endpoint = json_loads(letter->secret, 0, NULL);
    piece.to = g_strdup(json_string_value(json_object_get(endpoint, "to")));
    if (!mail_relay_check(relay, error) || !story_read(letter, options, &piece.story, error))
        return false;
    if (!piece.to || !mail_address_check(piece.to)) {
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT, "the endpoint's address is none");
        return false;
    }
    piece.token =
        token_make(options->key, piece.story.push_id, letter->now_us / G_USEC_PER_SEC);
    out->url = g_strdup(relay->url);
    out->headers = headers_of(&piece, options, letter->now_us);
    out->mail_from = relay->bounce_domain
                         ? g_strdup_printf("b+%s@%s", piece.token, relay->bounce_domain)
                         : g_strdup(relay->from);
    out->mail_to = g_strdup(piece.to);
    out->mail_text = text_of(&piece.story);
    out->mail_html = html_of(&piece.story);
    out->mail = (struct wire_mail){out->mail_from,  out->mail_to,       relay->user,
                                   relay->password, relay->authorities, relay->plain,
                                   out->headers,    out->mail_text,     out->mail_html};
    return true;
}

/* ---- Answers */

enum { HALF_HOUR = 1800, HOUR = 3600 };

static struct wire_outcome later(int seconds, bool holds, const char *why)
{
    struct wire_outcome outcome = {
        .verdict = WIRE_RETRY, .retry_after_s = seconds, .holds_endpoint = holds};
    g_strlcpy(outcome.reason, why, sizeof outcome.reason);
    return outcome;
}

static struct wire_outcome never(enum wire_verdict verdict, const char *why)
{
    struct wire_outcome outcome = {.verdict = verdict};
    g_strlcpy(outcome.reason, why, sizeof outcome.reason);
    return outcome;
}

static bool says(const struct wire_call *call, const char *const *phrases)
{
    for (; *phrases; phrases++)
        if (strstr(call->answer, *phrases))
            return true;
    return false;
}

/* What 5yz is about: our settings, rates that some providers tell by 550, the message, or the address. */
static struct wire_outcome judge_5yz(const struct wire_call *call)
{
    static const char *const rates[] = {"frequency limited", "Connection denied",
                                        "Mailbox unavailable or access denied", NULL},
                             *const content[] = {"content denied", "DT:SPM", "spam", NULL};
    long status = call->status;
    if (status == 530 || status == 535 || status == 501 || status == 553)
        return later(HOUR, true, "the relay refuses our sender: look at the settings");
    if (says(call, rates))
        return later(2 * HOUR, true, "the mailbox's provider limits how much we send");
    if (status == 554 || status == 552 || says(call, content))
        return never(WIRE_DEAD, "the message was refused");
    if (status == 550 || status == 551)
        return never(WIRE_ENDPOINT_OFF, "there is no such mailbox");
    return never(WIRE_DEAD, "refused for good");
}

struct wire_outcome mail_judge(const struct wire_call *call)
{
    bool replied = call->code == CURLE_WEIRD_SERVER_REPLY || call->code == CURLE_SEND_ERROR ||
                   call->code == CURLE_RECV_ERROR || call->code == CURLE_QUOTE_ERROR;
    if (call->code == CURLE_OK)
        return never(WIRE_SENT, "");
    if (call->code == CURLE_LOGIN_DENIED)
        return later(HOUR, true, "the relay refuses the login: look at the settings");
    if (call->code == CURLE_USE_SSL_FAILED)
        return later(HOUR, true, "the relay has no TLS: nothing is sent in the clear");
    if (call->code == CURLE_PEER_FAILED_VERIFICATION)
        return later(HOUR, true, "the relay's certificate can't be trusted");
    if (call->status == 354)
        return later(HALF_HOUR, false,
                     "it may have been delivered: sent again under the same id");
    if (replied && call->status >= 500)
        return judge_5yz(call);
    return later(HALF_HOUR, call->status == 421, "");
}
