#include "service/push/bounce.h"
#include "sql/outbox.h"
#include <string.h>

typedef struct bounce bounce_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bounce_t, bounce_clear)

/* There is no such mailbox, or none any more (RFC 3463). Full ones and refused messages are another matter. */
static bool says_no_mailbox(const char *status)
{
    static const char *const codes[] = {"5.1.1", "5.1.2",  "5.1.3", "5.1.6",
                                        "5.2.1", "5.1.10", NULL};
    return g_strv_contains(codes, status);
}

/* Whether the report is about the address that the endpoint has today: it may be another by now. */
static bool is_of_endpoint(const json_t *row, const struct seal_key *key, const char *recipient)
{
    const char *hex = json_string_value(json_object_get(row, "secret_sealed"));
    g_autofree char *text = seal_open_hex(key, hex, NULL);
    json_auto_t *endpoint = text ? json_loads(text, 0, NULL) : NULL;
    const char *to = json_string_value(json_object_get(endpoint, "to"));
    return to && recipient && g_ascii_strcasecmp(to, recipient) == 0;
}

static bool find_push(const struct seal_key *key, const struct bounce *bounce, char *push_id,
                      GError **error)
{
    int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;
    for (char **token = bounce->tokens; *token; token++)
        if (token_read(key, *token, now_s, push_id))
            return true;
    g_set_error_literal(error, BOUNCE_ERROR, BOUNCE_ERROR_MAIL,
                        "this report names a push by a token that is not ours, was altered, or "
                        "is older than half a year");
    return false;
}

static json_t *describe(const struct bounce *bounce, const json_t *row)
{
    static const char *const outcomes[] = {
        [BOUNCE_NOTHING] = "none", [BOUNCE_DELAYED] = "delayed", [BOUNCE_FAILED] = "bounced"};
    return json_pack(
        "{s:O, s:O, s:s, s:s, s:s?, s:b, s:b}", "push_id", json_object_get(row, "push_id"),
        "enterprise", json_object_get(row, "enterprise"), "outcome", outcomes[bounce->verdict],
        "status", bounce->status, "said", bounce->said, "endpoint_off", 0, "recorded", 0);
}

static bool keep(struct db *db, const struct seal_key *key, const struct bounce *bounce,
                 const json_t *row, json_t *report, GError **error)
{
    bool gone = bounce->verdict == BOUNCE_FAILED && says_no_mailbox(bounce->status) &&
                !json_is_true(json_object_get(row, "disabled")) &&
                is_of_endpoint(row, key, bounce->recipient);
    g_autofree char *now = db_clock(db, error);
    g_autofree char *answer = g_strjoin(" ", bounce->status, bounce->said, NULL);
    g_autofree char *why = g_strdup_printf("there is no such mailbox: %s", answer);
    const struct outbox_bounce kept = {row, bounce->verdict == BOUNCE_FAILED, answer,
                                       gone ? why : NULL, now};
    bool news;
    if (!now || !outbox_bounced(db, &kept, &news, error))
        return false;
    json_object_set_new(report, "recorded", json_boolean(news));
    json_object_set_new(report, "endpoint_off", json_boolean(news && gone));
    return true;
}

bool bounce_take(struct db *db, const struct seal_key *key, const char *bytes, size_t len,
                 const char *to, json_t **out, GError **error)
{
    g_auto(bounce_t) bounce = {0};
    char push_id[TOKEN_PUSH_LEN + 1];
    if (!bounce_read(bytes, len, to, &bounce, error) ||
        !find_push(key, &bounce, push_id, error))
        return false;
    json_auto_t *row = outbox_mail(db, push_id, error);
    json_auto_t *report = row ? describe(&bounce, row) : NULL;
    if (!row ||
        (bounce.verdict != BOUNCE_NOTHING && !keep(db, key, &bounce, row, report, error)))
        return false;
    *out = json_incref(report);
    return true;
}
