#include "service/push/webhook.h"
#include <criterion/criterion.h>

static const char body[] =
    "{\"type\":\"lead.pushed\",\"data\":{\"push\":\"42\",\"title\":\"一种茶叶烘干机\"}}";
static const char first_key[] = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
static const char second_key[] = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
static const char first_signature[] = "v1,P88bsE3he9hcJltsEoYPuk5P7JPIRQkiS2D1LdlVeIo=";
static const char second_signature[] = "v1,vbfeYfW5tZnL9ar3npJSAClZnGfmSnJH/aomjqZsfn0=";

static char *signature(const char *secrets, const char *id, int64_t timestamp, const char *text)
{
    struct webhook_keys keys;
    g_autoptr(GError) error = NULL;
    cr_assert(webhook_keys_read(secrets, &keys, &error), "%s", error ? error->message : "");
    return webhook_signature(&keys, id, timestamp, text, strlen(text));
}

Test(push_webhook, a_signature_is_that_of_the_standard)
{
    cr_assert_eq(strlen(body), 75);
    g_autofree char *both = g_strjoin("\n", first_key, second_key, "", NULL);
    g_autofree char *both_signatures = g_strjoin(" ", first_signature, second_signature, NULL);
    const struct {
        const char *secrets, *id, *body, *signature;
        int64_t timestamp;
    } rows[] = {
        {first_key, "msg_0001", body, first_signature, 1700000000},
        {second_key, "msg_0001", body, second_signature, 1700000000},
        {both, "msg_0001", body, both_signatures, 1700000000},
        {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
         "{\"test\": 2432232314}",
         "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 1614265330},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *made =
            signature(rows[i].secrets, rows[i].id, rows[i].timestamp, rows[i].body);
        cr_expect_str_eq(made, rows[i].signature, "row %zu: %s", i, made);
    }
}

Test(push_webhook, a_secret_is_whsec_and_24_to_64_bytes_in_base64)
{
    g_autofree char *three = g_strjoin(" ", first_key, second_key, first_key, NULL);
    static const unsigned char bytes[WEBHOOK_KEY_MOST + 1];
    g_autofree char *base64 = g_base64_encode(bytes, sizeof bytes);
    g_autofree char *too_long = g_strconcat("whsec_", base64, NULL);
    const char *const refused[] = {"",
                                   " \n",
                                   "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                   "whsec_",
                                   "whsec_QUJD",
                                   "whsec_!!!",
                                   "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                   "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                                   three,
                                   too_long};
    struct webhook_keys keys;
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect(!webhook_keys_read(refused[i], &keys, &error), "%s", refused[i]);
        cr_expect(strlen(refused[i]) < 7 || !error || !strstr(error->message, refused[i]),
                  "a secret is not repeated");
    }
    cr_expect(webhook_keys_read(first_key, &keys, NULL) && keys.count == 1 &&
              keys.len[0] == 32);
}

Test(push_webhook, only_https_is_sent_to_but_for_what_the_configuration_allows)
{
    static const struct {
        const char *url, *allowed;
        bool good;
    } rows[] = {
        {"https://hook.example.com/in", NULL, true},
        {"https://hook.example.com:8443/in?key=1", NULL, true},
        {"http://hook.example.com/in", NULL, false},
        {"http://127.0.0.1:8099/in", NULL, false},
        {"http://127.0.0.1:8099/in", "127.0.0.1:8099", true},
        {"http://127.0.0.1:8098/in", "127.0.0.1:8099", false},
        {"ftp://hook.example.com/in", NULL, false},
        {"file:///etc/passwd", NULL, false},
        {"https://user:word@hook.example.com/", NULL, false},
        {"https://hook.example.com/a b", NULL, false},
        {"https://hook.example.com/\r\nHost: x", NULL, false},
        {"hook.example.com", NULL, false},
        {"", NULL, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect_eq(webhook_url_check(rows[i].url, rows[i].allowed, &error), rows[i].good,
                     "%s", rows[i].url);
        cr_expect(rows[i].good == !error, "%s", rows[i].url);
    }
}

Test(push_webhook, an_address_is_shown_without_what_may_be_secret)
{
    g_autofree char *masked = webhook_url_mask("https://hook.example.com/in/T0P?key=secret");
    cr_expect_str_eq(masked, "https://hook.example.com:443/…");
}

Test(push_webhook, the_status_decides)
{
    static const struct {
        long status;
        bool private_address;
        enum wire_verdict verdict;
    } rows[] = {
        {200, false, WIRE_ACCEPTED},     {202, false, WIRE_ACCEPTED},
        {204, false, WIRE_ACCEPTED},     {301, false, WIRE_RETRY},
        {302, false, WIRE_RETRY},        {400, false, WIRE_RETRY},
        {401, false, WIRE_RETRY},        {404, false, WIRE_RETRY},
        {410, false, WIRE_ENDPOINT_OFF}, {429, false, WIRE_RETRY},
        {500, false, WIRE_RETRY},        {0, false, WIRE_RETRY},
        {0, true, WIRE_ENDPOINT_OFF},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct wire_call call = {.status = rows[i].status,
                                       .private_address = rows[i].private_address};
        cr_expect_eq(webhook_judge(&call).verdict, rows[i].verdict, "%ld", rows[i].status);
    }
}
