#include "service/push/bot.h"
#include "service/common/outbound.h"
#include "service/push/story.h"
#include "service/push/webhook.h"
#include <sodium.h>
#include <string.h>

/* ---- Signing */

char *bot_hmac(const char *key, const char *message)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    size_t size = sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_ORIGINAL);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message, strlen(message));
    crypto_auth_hmacsha256_final(&state, mac);
    return sodium_bin2base64(g_malloc(size), size, mac, sizeof mac,
                             sodium_base64_VARIANT_ORIGINAL);
}

/* ---- Endpoints */

static bool is_of(const char *host, const char *const *hosts)
{
    return g_strv_contains(hosts, host);
}

static char *adopt(const struct channel_offer *offer, const char *const *hosts,
                   const char *mark, char **shown, GError **error)
{
    g_auto(outbound_target_t) target = {0};
    g_autofree char *secret = offer->secret ? g_strstrip(g_strdup(offer->secret)) : NULL;
    if (!webhook_url_check(offer->address, offer->allowed, error))
        return NULL;
    outbound_target_read(offer->address, &target);
    if ((!is_of(target.host, hosts) &&
         !address_is_allowed(offer->allowed, target.host, target.port)) ||
        !strstr(offer->address, mark)) {
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT,
                    "this is no robot's address: expected https://%s/…%s…", hosts[0], mark);
        return NULL;
    }
    *shown = webhook_url_mask(offer->address);
    json_auto_t *sealed =
        json_pack("{s:s, s:s*, s:s*}", "url", offer->address, "secret",
                  secret && *secret ? secret : NULL, "keyword", offer->keyword);
    char *text = json_dumps(sealed, JSON_COMPACT), *own = g_strdup(text);
    free(text);
    return own;
}

char *bot_adopt_wecom(const struct channel_offer *offer, char **shown, GError **error)
{
    static const char *const hosts[] = {"qyapi.weixin.qq.com", NULL};
    return adopt(offer, hosts, "key=", shown, error);
}

char *bot_adopt_dingtalk(const struct channel_offer *offer, char **shown, GError **error)
{
    static const char *const hosts[] = {"oapi.dingtalk.com", "oapi.dingtalk.io", NULL};
    return adopt(offer, hosts, "access_token=", shown, error);
}

char *bot_adopt_feishu(const struct channel_offer *offer, char **shown, GError **error)
{
    static const char *const hosts[] = {"open.feishu.cn", "open.larksuite.com", NULL};
    return adopt(offer, hosts, "/open-apis/bot/v2/hook/", shown, error);
}

/* ---- Messages */

/* One piece of work: what is said, and the endpoint's sealed object. */
struct bot {
    struct story story;
    json_t *endpoint;
};

static void bot_clear(struct bot *bot)
{
    story_clear(&bot->story);
    json_decref(bot->endpoint);
}
typedef struct bot bot_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bot_t, bot_clear)

static const char *endpoint_text(const struct bot *bot, const char *name)
{
    return json_string_value(json_object_get(bot->endpoint, name));
}

static bool bot_read(const struct letter *letter, const struct push_options *options,
                     struct bot *out, GError **error)
{
    out->endpoint = json_loads(letter->secret, 0, NULL);
    if (endpoint_text(out, "url"))
        return story_read(letter, options, &out->story, error);
    g_set_error(error, WIRE_ERROR, WIRE_ERROR_ENDPOINT, "the endpoint's sealed text is none");
    return false;
}

/* Lines of markdown that all three understand. A group's guard may ask for its keyword in every message. */
static char *lines_of(const struct bot *bot, const char *bold)
{
    const struct story *story = &bot->story;
    const char *keyword = endpoint_text(bot, "keyword");
    if (story->notice)
        return g_strdup_printf("%s%s%s\n\n%s%s%s", bold, story->title, bold, story->notice,
                               keyword ? "\n\n" : "", keyword ? keyword : "");
    return g_strdup_printf(
        "%s%s%s%s\n\n专利号：%s\n\n对应需求：%s\n\n契合度：%d%%　依据：%s%s%s", bold,
        story->title, bold, story->invented ? "（虚构样例 invented）" : "", story->patent,
        story->need, story->percent, story->reasons, keyword ? "\n\n" : "",
        keyword ? keyword : "");
}

static void take(struct dispatch *out, const char *url, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(message);
    out->url = g_strdup(url);
    out->body = g_strdup(text);
    free(text);
    out->headers = g_new0(char *, 2);
    out->headers[0] = g_strdup("Content-Type: application/json; charset=utf-8");
}

bool bot_wecom(const struct letter *letter, const struct push_options *options,
               struct dispatch *out, GError **error)
{
    g_auto(bot_t) bot = {0};
    if (!bot_read(letter, options, &bot, error))
        return false;
    g_autofree char *lines = lines_of(&bot, "**");
    g_autofree char *content =
        bot.story.answer ? g_strdup_printf("%s\n\n[查看并答复](%s)", lines, bot.story.answer)
                         : g_strdup(lines);
    take(out, endpoint_text(&bot, "url"),
         json_pack("{s:s, s:{s:s}}", "msgtype", "markdown", "markdown", "content", content));
    return true;
}

/* timestamp + "\n" + secret under the secret; the address is what carries it. */
static char *dingtalk_url(const struct bot *bot, int64_t now_us)
{
    const char *secret = endpoint_text(bot, "secret");
    if (!secret)
        return g_strdup(endpoint_text(bot, "url"));
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, now_us / 1000);
    g_autofree char *message = g_strconcat(timestamp, "\n", secret, NULL);
    g_autofree char *mac = bot_hmac(secret, message);
    g_autofree char *sign = g_uri_escape_string(mac, NULL, FALSE);
    return g_strdup_printf("%s&timestamp=%s&sign=%s", endpoint_text(bot, "url"), timestamp,
                           sign);
}

bool bot_dingtalk(const struct letter *letter, const struct push_options *options,
                  struct dispatch *out, GError **error)
{
    g_auto(bot_t) bot = {0};
    if (!bot_read(letter, options, &bot, error))
        return false;
    g_autofree char *lines = lines_of(&bot, "**");
    g_autofree char *url = dingtalk_url(&bot, letter->now_us);
    json_t *message =
        bot.story.answer ? json_pack("{s:s, s:{s:s, s:s, s:s, s:s}}", "msgtype", "actionCard",
                                     "actionCard", "title", bot.story.title, "text", lines,
                                     "singleTitle", "查看并答复", "singleURL", bot.story.answer)
                         : json_pack("{s:s, s:{s:s, s:s}}", "msgtype", "markdown", "markdown",
                                     "title", bot.story.title, "text", lines);
    json_object_set_new(message, "msgUuid", json_string(bot.story.push_id));
    take(out, url, message);
    return true;
}

/* The other way round than DingTalk: timestamp + "\n" + secret is the key, and nothing is signed. */
static void sign_feishu(const struct bot *bot, int64_t now_us, json_t *message)
{
    const char *secret = endpoint_text(bot, "secret");
    if (!secret)
        return;
    g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, now_us / G_USEC_PER_SEC);
    g_autofree char *key = g_strconcat(timestamp, "\n", secret, NULL);
    g_autofree char *sign = bot_hmac(key, "");
    json_object_set_new(message, "timestamp", json_string(timestamp));
    json_object_set_new(message, "sign", json_string(sign));
}

bool bot_feishu(const struct letter *letter, const struct push_options *options,
                struct dispatch *out, GError **error)
{
    g_auto(bot_t) bot = {0};
    if (!bot_read(letter, options, &bot, error))
        return false;
    g_autofree char *lines = lines_of(&bot, "**");
    json_t *elements = json_pack("[{s:s, s:{s:s, s:s}}]", "tag", "div", "text", "tag",
                                 "lark_md", "content", lines);
    if (bot.story.answer)
        json_array_append_new(elements,
                              json_pack("{s:s, s:[{s:s, s:{s:s, s:s}, s:s, s:s}]}", "tag",
                                        "action", "actions", "tag", "button", "text", "tag",
                                        "plain_text", "content", "查看并答复", "url",
                                        bot.story.answer, "type", "primary"));
    json_t *message = json_pack("{s:s, s:{s:{s:b}, s:{s:{s:s, s:s}, s:s}, s:o}}", "msg_type",
                                "interactive", "card", "config", "wide_screen_mode", 1,
                                "header", "title", "tag", "plain_text", "content",
                                bot.story.title, "template", "blue", "elements", elements);
    sign_feishu(&bot, letter->now_us, message);
    take(out, endpoint_text(&bot, "url"), message);
    return true;
}

/* ---- Answers: by the number, not by the text, which changes */

struct rule {
    json_int_t first, last;
    enum wire_verdict verdict;
    int retry_s, tries;
    bool holds;
    const char *why;
};

static const struct rule *rule_of(const struct rule *rules, size_t count, json_int_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= rules[i].first && code <= rules[i].last)
            return &rules[i];
    return NULL;
}

/* Without a code: 408, 425, 429 and 5xx later, another 4xx never; a page in place of JSON later. */
static struct wire_outcome by_status(const struct wire_call *call)
{
    struct wire_outcome outcome = {.verdict = WIRE_RETRY, .retry_after_s = call->retry_after_s};
    long status = call->status;
    bool later =
        status == 408 || status == 425 || status == 429 || status < 400 || status >= 500;
    if (call->private_address)
        outcome.verdict = WIRE_ENDPOINT_OFF;
    else if (!later)
        outcome.verdict = WIRE_DEAD;
    outcome.holds_endpoint = status == 429;
    if (status == 429 && !outcome.retry_after_s)
        outcome.retry_after_s = 60;
    return outcome;
}

static struct wire_outcome judge(const struct wire_call *call, const char *name,
                                 const struct rule *rules, size_t count)
{
    struct wire_outcome outcome = by_status(call);
    json_auto_t *answer = json_loads(call->answer, 0, NULL);
    const json_t *code = json_object_get(answer, name);
    if (!json_is_integer(code))
        return outcome;
    json_int_t number = json_integer_value(code);
    const struct rule *rule = rule_of(rules, count, number);
    if (rule)
        outcome =
            (struct wire_outcome){.verdict = rule->verdict,
                                  .retry_after_s = MAX(rule->retry_s, call->retry_after_s),
                                  .tries_most = rule->tries,
                                  .holds_endpoint = rule->holds};
    else
        outcome.verdict = WIRE_RETRY; /* one that is not known */
    if (number != 0)
        g_snprintf(outcome.reason, sizeof outcome.reason, "%" JSON_INTEGER_FORMAT ": %s",
                   number, rule ? rule->why : "not a code that is known");
    return outcome;
}

static const char busy[] = "the platform is busy", fast[] = "too fast for the platform",
                  gone[] = "the robot was removed, stopped, or its address is wrong",
                  refused[] = "the platform refuses this message",
                  guarded[] =
                      "the robot's guard refuses: signature, keyword, address, or the clock";

struct wire_outcome bot_judge_wecom(const struct wire_call *call)
{
    static const struct rule rules[] = {
        {0, 0, WIRE_SENT, 0, 0, false, ""},
        {-1, -1, WIRE_RETRY, 5, 3, false, busy},
        {45009, 45009, WIRE_RETRY, 65, 0, true, fast},
        {45033, 45033, WIRE_RETRY, 5, 0, true, fast},
        {93000, 93000, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {93004, 93004, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {93008, 93008, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {40058, 40058, WIRE_DEAD, 0, 0, false, refused},
        {40008, 40008, WIRE_DEAD, 0, 0, false, refused},
        {40033, 40033, WIRE_DEAD, 0, 0, false, refused},
        {40035, 40035, WIRE_DEAD, 0, 0, false, refused},
        {44004, 44004, WIRE_DEAD, 0, 0, false, refused},
    };
    return judge(call, "errcode", rules, G_N_ELEMENTS(rules));
}

struct wire_outcome bot_judge_dingtalk(const struct wire_call *call)
{
    static const struct rule rules[] = {
        {0, 0, WIRE_SENT, 0, 0, false, ""},
        {-1, -1, WIRE_RETRY, 5, 3, false, busy},
        {130101, 130101, WIRE_RETRY, 600, 0, true, fast},
        {410100, 410100, WIRE_RETRY, 600, 0, true, fast},
        {310000, 310000, WIRE_ENDPOINT_OFF, 0, 0, false, guarded},
        {300001, 300001, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {300005, 300005, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {400101, 400102, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {400106, 400106, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {400013, 400013, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {40035, 40035, WIRE_DEAD, 0, 0, false, refused},
        {43004, 43004, WIRE_DEAD, 0, 0, false, refused},
        {400105, 400105, WIRE_DEAD, 0, 0, false, refused},
        {460101, 460101, WIRE_DEAD, 0, 0, false, refused},
        {430101, 430104, WIRE_DEAD, 0, 0, false, "the platform finds its content unfit"},
    };
    return judge(call, "errcode", rules, G_N_ELEMENTS(rules));
}

struct wire_outcome bot_judge_feishu(const struct wire_call *call)
{
    static const struct rule rules[] = {
        {0, 0, WIRE_SENT, 0, 0, false, ""},
        {11232, 11232, WIRE_RETRY, 60, 0, true, fast},
        {99991400, 99991400, WIRE_RETRY, 60, 0, true, fast},
        {19021, 19022, WIRE_ENDPOINT_OFF, 0, 0, false, guarded},
        {19024, 19024, WIRE_ENDPOINT_OFF, 0, 0, false, guarded},
        {19001, 19001, WIRE_ENDPOINT_OFF, 0, 0, false, gone},
        {19002, 19002, WIRE_DEAD, 0, 0, false, refused},
        {9499, 9499, WIRE_DEAD, 0, 0, false, refused},
    };
    struct wire_outcome outcome = judge(call, "code", rules, G_N_ELEMENTS(rules));
    /* One number with two meanings: the only one whose text decides. */
    if (g_str_has_prefix(outcome.reason, "9499:") && strstr(call->answer, "too many"))
        outcome = (struct wire_outcome){.verdict = WIRE_RETRY,
                                        .retry_after_s = MAX(60, call->retry_after_s),
                                        .holds_endpoint = true,
                                        .reason = "9499: too many requests"};
    /* 11232's own header names the wait; ours is only for where it does not. */
    if (outcome.verdict == WIRE_RETRY && call->retry_after_s > 0)
        outcome.retry_after_s = call->retry_after_s;
    return outcome;
}
