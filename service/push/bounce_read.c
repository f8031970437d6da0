#include "service/push/bounce.h"
#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

G_DEFINE_QUARK(patbridge - bounce - error, bounce_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

enum { SAID_MOST = 300 };
#define TOKEN  "([A-Za-z0-9_-]{48})(?![A-Za-z0-9_-])"
#define STATUS "[245]\\.[0-9]{1,3}\\.[0-9]{1,3}"

void bounce_clear(struct bounce *bounce)
{
    g_strfreev(bounce->tokens);
    g_free(bounce->recipient);
    g_free(bounce->said);
    *bounce = (struct bounce){0};
}

/* What is read of one mail on the way. */
struct reading {
    struct bounce *out;
    GPtrArray *tokens;
    bool reported; /* a report of delivery was among its parts */
};

/* The group's text of the first match; NULL: none. The caller frees. */
static char *find(const char *text, const char *pattern, int group)
{
    g_autoptr(GRegex) regex =
        g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_RAW | G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    return text && g_regex_match(regex, text, 0, &match) ? g_match_info_fetch(match, group)
                                                         : NULL;
}

/* ---- Whose it is */

static void add_token(struct reading *reading, const char *text, const char *pattern)
{
    char *token = find(text, pattern, 1);
    if (token)
        g_ptr_array_add(reading->tokens, token);
}

static void add_addresses(struct reading *reading, const char *to, GMimeMessage *mail)
{
    static const char *const headers[] = {"Delivered-To", "X-Original-To", "Envelope-To", "To"};
    add_token(reading, to, "b\\+" TOKEN);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        add_token(reading, g_mime_object_get_header(GMIME_OBJECT(mail), headers[i]),
                  "b\\+" TOKEN);
}

/* ---- What it says */

/* Without addresses, on one line, cut at a character. The caller frees. */
static char *clean(const char *text)
{
    g_autoptr(GRegex) address = g_regex_new("[^ \t\n<>@;,:]+@", 0, 0, NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *utf8 = g_regex_replace_literal(address, valid, -1, 0, "...@", 0, NULL);
    for (char *c = utf8; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return g_utf8_substring(g_strstrip(utf8), 0, MIN(SAID_MOST, g_utf8_strlen(utf8, -1)));
}

static void take(struct reading *reading, enum bounce_verdict verdict, const char *status,
                 const char *said)
{
    struct bounce *out = reading->out;
    out->verdict = verdict;
    g_strlcpy(out->status,
              status                     ? status
              : verdict == BOUNCE_FAILED ? "5.0.0"
                                         : "4.0.0",
              sizeof out->status);
    g_free(out->said);
    out->said = said ? clean(said) : NULL;
}

/* A field of a report: "Action: failed". Its continuation lines were joined. The caller frees. */
static char *field(const char *group, const char *name)
{
    g_autofree char *pattern =
        g_strdup_printf("^%s:[ \\t]*(?:rfc822;|smtp;)?[ \\t]*(.*)$", name);
    char *value = find(group, pattern, 1);
    return value ? g_strstrip(value) : NULL;
}

/* What one recipient's fields say (RFC 3464, 2.3). A server that gave up after days says so by its action, whatever the status. */
static void read_recipient(struct reading *reading, const char *group)
{
    g_autofree char *action = field(group, "Action"), *status = field(group, "Status"),
                    *said = field(group, "Diagnostic-Code"),
                    *recipient = field(group, "Original-Recipient");
    g_autofree char *code = find(status, "^(" STATUS ")", 1);
    bool failed = action ? g_ascii_strcasecmp(action, "failed") == 0 : code && *code == '5';
    bool delayed = action ? g_ascii_strcasecmp(action, "delayed") == 0 : code && *code == '4';
    if (!action && !code)
        return; /* the fields of the whole report */
    reading->reported = true;
    if ((failed || delayed) && reading->out->verdict != BOUNCE_FAILED) {
        take(reading, failed ? BOUNCE_FAILED : BOUNCE_DELAYED, code, said);
        g_free(reading->out->recipient);
        reading->out->recipient =
            recipient ? g_steal_pointer(&recipient) : field(group, "Final-Recipient");
    }
}

/* A part's text, with '\n' for line ends and continuation lines joined. The caller frees. */
static char *text_of(GMimePart *part)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(bytes);
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    if (content)
        g_mime_data_wrapper_write_to_stream(content, stream);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    g_auto(GStrv) lines = g_strsplit((const char *)bytes->data, "\r\n", -1);
    g_autofree char *text = g_strjoinv("\n", lines);
    g_autoptr(GRegex) folded = g_regex_new("\\n[ \\t]+", G_REGEX_RAW, 0, NULL);
    return g_regex_replace_literal(folded, text, -1, 0, " ", 0, NULL);
}

static void read_report(struct reading *reading, GMimePart *part)
{
    g_autofree char *text = text_of(part);
    g_auto(GStrv) groups = g_strsplit(text, "\n\n", -1);
    for (char **group = groups; *group; group++)
        read_recipient(reading, *group);
}

static void read_part(GMimeObject *parent, GMimeObject *part, gpointer user)
{
    struct reading *reading = user;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    (void)parent;
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *back = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (back)
            add_token(reading, g_mime_object_get_header(GMIME_OBJECT(back), "List-Unsubscribe"),
                      "/u/" TOKEN);
    } else if (GMIME_IS_PART(part) &&
               g_mime_content_type_is_type(type, "text", "rfc822-headers")) {
        g_autofree char *headers = text_of(GMIME_PART(part)),
                        *link = field(headers, "List-Unsubscribe");
        add_token(reading, link, "/u/" TOKEN);
    } else if (GMIME_IS_PART(part) &&
               (g_mime_content_type_is_type(type, "message", "delivery-status") ||
                g_mime_content_type_is_type(type, "message", "global-delivery-status"))) {
        read_report(reading, GMIME_PART(part));
    }
}

/* A server that writes no report: its letter says what the other side replied, "550 5.1.1 no such user". Letters of people and of
 * programs that answer while people are away are none of them. */
static void read_letter(struct reading *reading, GMimeMessage *mail)
{
    static const char reply[] = "\\b([45])[0-9]{2}[ -]+(?:(" STATUS ")\\b)?[^\\n]*";
    const char *from = g_mime_object_get_header(GMIME_OBJECT(mail), "From");
    g_autofree char *server = find(from, "(mailer-daemon|postmaster)@", 1);
    GMimeObject *body = g_mime_message_get_body(mail);
    if (!server || !GMIME_IS_TEXT_PART(body))
        return;
    g_autofree char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(body));
    g_autofree char *said = find(text, reply, 0), *class = find(text, reply, 1),
                    *status = find(text, reply, 2);
    if (!said)
        return;
    reading->reported = true;
    take(reading, *class == '5' ? BOUNCE_FAILED : BOUNCE_DELAYED,
         status && *status ? status : NULL, said);
}

/* ---- The whole */

static GMimeMessage *parse(const char *bytes, size_t len)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, g_mime_init);
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes, len);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    return g_mime_parser_construct_message(parser, NULL);
}

static bool wrong(GError **error, const char *why)
{
    g_set_error_literal(error, BOUNCE_ERROR, BOUNCE_ERROR_MAIL, why);
    return false;
}

static bool judge(struct reading *reading, GError **error)
{
    if (!reading->reported)
        return wrong(error, "this mail is no report of delivery (RFC 3464), and no mail "
                            "server's letter that names a reply such as 550");
    if (reading->tokens->len == 0)
        return wrong(error, "this report names no push: it came to no address b+TOKEN@…, and "
                            "gives no mail of ours back");
    g_ptr_array_add(reading->tokens, NULL);
    reading->out->tokens = (char **)g_ptr_array_steal(reading->tokens, NULL);
    return true;
}

bool bounce_read(const char *bytes, size_t len, const char *to, struct bounce *out,
                 GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);
    struct reading reading = {out, tokens, false};
    *out = (struct bounce){0};
    if (len > BOUNCE_BYTES_MOST)
        return wrong(error, "this mail is longer than 4 MiB");
    g_autoptr(GMimeMessage) mail = parse(bytes, len);
    if (!mail)
        return wrong(error, "this is no mail: it has no header");
    add_addresses(&reading, to, mail);
    g_mime_message_foreach(mail, read_part, &reading);
    if (!reading.reported)
        read_letter(&reading, mail);
    if (judge(&reading, error))
        return true;
    bounce_clear(out);
    return false;
}
