/* What went wrong is said in plain words: whatever a channel's judge or the wire says has words of its own. */
#include "service/push/bot.h"
#include "service/push/mail.h"
#include "service/push/trouble.h"
#include "service/push/webhook.h"
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <string.h>

typedef struct wire_outcome (*judging)(const struct wire_call *call);

static const char *code_of(judging judge, const struct wire_call *call)
{
    struct wire_outcome outcome = judge(call);
    const char *error = *outcome.reason ? outcome.reason : call->failure;
    return trouble_find("retry", call->status, *error ? error : NULL)->code;
}

Test(push_trouble, every_code_of_a_platform_that_is_known_has_words)
{
    static const struct {
        judging judge;
        const char *name;
        int codes[24];
    } platforms[] = {
        {bot_judge_wecom,
         "errcode",
         {-1, 45009, 45033, 93000, 93004, 93008, 40058, 40008, 40033, 40035, 44004, 12345}},
        {bot_judge_dingtalk,
         "errcode",
         {-1, 130101, 410100, 310000, 300001, 300005, 400101, 400102, 400106, 400013, 40035,
          43004, 400105, 460101, 430101, 430104, 660026}},
        {bot_judge_feishu,
         "code",
         {11232, 99991400, 19021, 19022, 19024, 19001, 19002, 9499, 77}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(platforms); i++)
        for (const int *code = platforms[i].codes; *code; code++) {
            struct wire_call call = {.status = 200};
            g_snprintf(call.answer, sizeof call.answer, "{\"%s\":%d}", platforms[i].name,
                       *code);
            cr_expect_str_neq(code_of(platforms[i].judge, &call), "unknown", "%s", call.answer);
        }
}

Test(push_trouble, what_a_relay_says_and_what_happens_on_the_way_has_words)
{
    static const struct {
        int code;
        long status;
        const char *answer, *wanted;
    } rows[] = {
        {CURLE_LOGIN_DENIED, 535, "535 no", "login"},
        {CURLE_USE_SSL_FAILED, 250, "250 ok", "no_tls"},
        {CURLE_PEER_FAILED_VERIFICATION, 0, "", "certificate"},
        {CURLE_OPERATION_TIMEDOUT, 354, "354 go", "maybe"},
        {CURLE_SEND_ERROR, 550, "550 Mailbox not found", "no_mailbox"},
        {CURLE_SEND_ERROR, 550, "550 Ip frequency limited", "mail_rates"},
        {CURLE_SEND_ERROR, 554, "554 DT:SPM", "mail_refused"},
        {CURLE_SEND_ERROR, 501, "501 sender", "sender"},
        {CURLE_SEND_ERROR, 421, "421 HL", "too_fast"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wire_call call = {.code = rows[i].code, .status = rows[i].status};
        g_strlcpy(call.answer, rows[i].answer, sizeof call.answer);
        cr_expect_str_eq(code_of(mail_judge, &call), rows[i].wanted, "%s", rows[i].answer);
    }
}

Test(push_trouble, a_webhook_s_failures_have_words)
{
    static const struct {
        int code;
        long status;
        const char *wanted;
    } rows[] = {
        {CURLE_COULDNT_RESOLVE_HOST, 0, "no_host"},
        {CURLE_COULDNT_CONNECT, 0, "no_connection"},
        {CURLE_OPERATION_TIMEDOUT, 0, "timeout"},
        {CURLE_SSL_CONNECT_ERROR, 0, "tls"},
        {CURLE_OK, 401, "not_allowed"},
        {CURLE_OK, 404, "not_found"},
        {CURLE_OK, 410, "gone"},
        {CURLE_OK, 429, "too_fast"},
        {CURLE_OK, 500, "server_error"},
        {CURLE_OK, 422, "not_taken"},
        {CURLE_OK, 301, "redirect"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wire_call call = {.code = rows[i].code, .status = rows[i].status};
        if (rows[i].code)
            g_strlcpy(call.failure, curl_easy_strerror((CURLcode)rows[i].code),
                      sizeof call.failure);
        cr_expect_str_eq(code_of(webhook_judge, &call), rows[i].wanted, "row %zu", i);
    }
}

Test(push_trouble, one_that_was_never_tried_waited_for_a_channel_that_was_turned_off)
{
    cr_expect_str_eq(trouble_find(NULL, 0, NULL)->code, "turned_off");
    cr_expect_str_eq(trouble_find("bounced", 0, NULL)->code, "bounced");
    cr_expect_str_eq(trouble_find("retry", 200, "what nobody knows")->code, "unknown");
    json_auto_t *shown = trouble_json(trouble_find("retry", 410, NULL));
    cr_expect_str_eq(json_string_value(json_object_get(shown, "code")), "gone");
    cr_expect(strstr(json_string_value(json_object_get(shown, "zh")), "停用") != NULL);
}
