/* Signatures, codes and texts of the channels beside webhooks. */
#include "service/push/bot.h"
#include "service/push/mail.h"
#include "service/push/story.h"
#include "service/push/token.h"
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <string.h>

Test(push_channels, signatures_are_those_of_the_platforms)
{
    g_autofree char *ding = bot_hmac("SECtest", "1700000009000\nSECtest");
    cr_expect_str_eq(ding, "mFw8+Tckga9lq8s/f2a9lJb+64SEb89EiVTniGndNhc=");
    g_autofree char *zeros = g_strnfill(64, '0');
    g_autofree char *long_key = g_strconcat("SEC", zeros, NULL);
    g_autofree char *message = g_strconcat("1700000009000\n", long_key, NULL);
    g_autofree char *long_ding = bot_hmac(long_key, message);
    cr_expect_str_eq(long_ding, "hfqDhY96KFjNUt48Z3s2dH0IlyVMwlXxPAT8B5bqapk=");
    g_autofree char *feishu = bot_hmac("1700000010\nfeishu-test-secret", "");
    cr_expect_str_eq(feishu, "CVDZh+C/K8sfFozCOf6DdwlmNruGpICUnNFtoDvJerI=");
}

Test(push_channels, a_platform_s_number_decides)
{
    static const struct {
        struct wire_outcome (*judge)(const struct wire_call *call);
        const char *answer;
        long status;
        enum wire_verdict verdict;
        int retry_s;
        bool holds;
    } rows[] = {
        {bot_judge_wecom, "{\"errcode\":0,\"errmsg\":\"ok\"}", 200, WIRE_SENT, 0, false},
        {bot_judge_wecom, "{\"errcode\":-1}", 200, WIRE_RETRY, 5, false},
        {bot_judge_wecom, "{\"errcode\":45009}", 200, WIRE_RETRY, 65, true},
        {bot_judge_wecom, "{\"errcode\":93008}", 200, WIRE_ENDPOINT_OFF, 0, false},
        {bot_judge_wecom, "{\"errcode\":44004}", 200, WIRE_DEAD, 0, false},
        {bot_judge_wecom, "{\"errcode\":12345}", 200, WIRE_RETRY, 0, false},
        {bot_judge_wecom, "<html>", 200, WIRE_RETRY, 0, false},
        {bot_judge_wecom, "", 404, WIRE_DEAD, 0, false},
        {bot_judge_wecom, "", 502, WIRE_RETRY, 0, false},
        {bot_judge_dingtalk, "{\"errcode\":310000}", 200, WIRE_ENDPOINT_OFF, 0, false},
        {bot_judge_dingtalk, "{\"status\":1111,\"wait\":5,\"errcode\":130101}", 200, WIRE_RETRY,
         600, true},
        {bot_judge_dingtalk, "{\"errcode\":430103}", 200, WIRE_DEAD, 0, false},
        {bot_judge_dingtalk, "{\"errcode\":660026}", 200, WIRE_RETRY, 0, false},
        {bot_judge_feishu, "{\"StatusCode\":0,\"code\":0}", 200, WIRE_SENT, 0, false},
        {bot_judge_feishu, "{\"code\":19001}", 200, WIRE_ENDPOINT_OFF, 0, false},
        {bot_judge_feishu, "{\"code\":19021}", 200, WIRE_ENDPOINT_OFF, 0, false},
        {bot_judge_feishu, "{\"code\":9499,\"msg\":\"too many request\"}", 400, WIRE_RETRY, 60,
         true},
        {bot_judge_feishu, "{\"code\":9499,\"msg\":\"Bad Request\"}", 400, WIRE_DEAD, 0, false},
        {bot_judge_feishu, "{\"code\":99991400}", 429, WIRE_RETRY, 60, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wire_call call = {.status = rows[i].status};
        g_strlcpy(call.answer, rows[i].answer, sizeof call.answer);
        struct wire_outcome outcome = rows[i].judge(&call);
        cr_expect(outcome.verdict == rows[i].verdict &&
                      outcome.retry_after_s == rows[i].retry_s &&
                      outcome.holds_endpoint == rows[i].holds,
                  "%s: %d, %d s, %d", rows[i].answer, (int)outcome.verdict,
                  (int)outcome.retry_after_s, outcome.holds_endpoint);
    }
}

Test(push_channels, a_relay_s_answer_says_whose_fault_it_is)
{
    static const struct {
        int code;
        long status;
        const char *answer;
        enum wire_verdict verdict;
    } rows[] = {
        {CURLE_OK, 250, "250 queued", WIRE_SENT},
        {CURLE_SEND_ERROR, 550, "550 Mailbox not found", WIRE_ENDPOINT_OFF},
        {CURLE_SEND_ERROR, 550, "550 Connection frequency limited", WIRE_RETRY},
        {CURLE_SEND_ERROR, 550, "550 Mail content denied", WIRE_DEAD},
        {CURLE_SEND_ERROR, 501, "501 mail from must equal", WIRE_RETRY},
        {CURLE_SEND_ERROR, 451, "451 later", WIRE_RETRY},
        {CURLE_WEIRD_SERVER_REPLY, 554, "554 DT:SPM", WIRE_DEAD},
        {CURLE_LOGIN_DENIED, 535, "535 no", WIRE_RETRY},
        {CURLE_USE_SSL_FAILED, 250, "", WIRE_RETRY},
        {CURLE_RECV_ERROR, 354, "354 go", WIRE_RETRY},
        {CURLE_OPERATION_TIMEDOUT, 0, "", WIRE_RETRY},
        {CURLE_COULDNT_CONNECT, 0, "", WIRE_RETRY},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct wire_call call = {.status = rows[i].status, .code = rows[i].code};
        g_strlcpy(call.answer, rows[i].answer, sizeof call.answer);
        cr_expect_eq(mail_judge(&call).verdict, rows[i].verdict, "%d %s", rows[i].code,
                     rows[i].answer);
    }
}

Test(push_channels, addresses_that_could_do_more_than_name_a_mailbox_are_refused)
{
    static const char *const good[] = {"a@b.cn", "li.si+push@xn--fiqs8s.example"};
    static const char *const bad[] = {"",         "a",       "@b.cn",
                                      "a@b",      "a@b..cn", "a b@c.cn",
                                      "李@b.cn",  "a@例.cn", "a@b.cn\r\nBcc: x@y.cn",
                                      "<a@b.cn>", "a@-b.cn", "a@b.cn>"};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        cr_expect(mail_address_check(good[i]), "%s", good[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_expect_not(mail_address_check(bad[i]), "%s", bad[i]);
}

Test(push_channels, a_header_is_in_words_of_at_most_75_characters_cut_at_code_points)
{
    g_autofree char *one = mail_word("一种茶叶烘干机");
    cr_expect_str_eq(one, "=?UTF-8?B?5LiA56eN6Iy25Y+254OY5bmy5py6?=");
    g_autofree char *plain = mail_word("PatBridge");
    cr_expect_str_eq(plain, "PatBridge");
    g_autofree char *injected = mail_word("a\r\nBcc: x@y.cn");
    cr_expect_not(strpbrk(injected, "\r\n"), "%s", injected);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100; i++)
        g_string_append(text, "鞋");
    g_autofree char *long_one = mail_word(text->str);
    g_auto(GStrv) words = g_strsplit(long_one, " ", -1);
    g_autoptr(GString) back = g_string_new(NULL);
    for (char **word = words; *word; word++) {
        cr_expect_leq(strlen(*word), 75);
        gsize len = 0;
        g_autofree char *middle = g_strndup(*word + 10, strlen(*word) - 12);
        g_autofree guchar *bytes = g_base64_decode(middle, &len);
        cr_expect(g_utf8_validate((char *)bytes, (gssize)len, NULL));
        g_string_append_len(back, (char *)bytes, (gssize)len);
    }
    cr_expect_str_eq(back->str, text->str);
}

Test(push_channels, foreign_text_is_no_markup_and_is_cut_at_code_points)
{
    g_autofree char *plain = story_plain("<@all>[x](y)**\n@李", 100);
    cr_expect_str_eq(plain, "＜＠all＞［x］(y)＊＊ ＠李");
    g_autofree char *cut = story_plain("一二三四五", 3);
    cr_expect_str_eq(cut, "一二三…");
    g_autofree char *whole = story_plain("一二三", 3);
    cr_expect_str_eq(whole, "一二三");
}

Test(push_channels, a_link_is_for_its_push_its_key_and_its_time)
{
    static const char id[] = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9";
    const struct seal_key key = {{1, 2, 3}}, other = {{1, 2, 4}};
    char found[TOKEN_PUSH_LEN + 1];
    int64_t now = 1764000000;
    g_autofree char *token = token_make(&key, id, now);
    cr_assert(token_read(&key, token, now, found));
    cr_expect_str_eq(found, id);
    cr_expect(token_read(&key, token, now + TOKEN_DAYS * INT64_C(86400), found));
    cr_expect_not(token_read(&key, token, now + (TOKEN_DAYS + 1) * INT64_C(86400), found));
    cr_expect_not(token_read(&other, token, now, found));
    for (size_t i = 0; token[i]; i++) {
        g_autofree char *altered = g_strdup(token);
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        cr_expect_not(token_read(&key, altered, now, found), "%zu", i);
    }
    cr_expect_not(token_read(&key, "", now, found));
    cr_expect_null(token_make(&key, "no id", now));
}
