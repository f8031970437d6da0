/* What coming in is made of: codes, passwords, cookies, links, and what is kept of sessions in memory. */
#include "service/common/password.h"
#include "service/common/totp.h"
#include "service/http/cookie.h"
#include "service/http/sessions.h"
#include "service/push/token.h"
#include <criterion/criterion.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void start(void)
{
    if (sodium_init() < 0)
        abort();
}
TestSuite(signin_parts, .init = start, .timeout = 120);

/* ---- RFC 6238, appendix B; RFC 4226, appendix D */

static const unsigned char rfc_secret[] = "12345678901234567890";

Test(signin_parts, codes_are_those_of_the_rfc)
{
    static const struct {
        int64_t at;
        const char *code;
    } rows[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    static const char *const counted[] = {"755224", "287082", "359152", "969429", "338314",
                                          "254676", "287922", "162583", "399871", "520489"};
    char code[9];
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        totp_code(rfc_secret, 20, rows[i].at / TOTP_STEP_S, 8, code);
        cr_expect_str_eq(code, rows[i].code, "at %ld", (long)rows[i].at);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
        totp_code(rfc_secret, 20, (int64_t)i, 6, code);
        cr_expect_str_eq(code, counted[i], "step %zu", i);
    }
}

Test(signin_parts, a_code_is_found_one_step_before_and_behind_and_no_further)
{
    int64_t now = 1234567890, step = now / TOTP_STEP_S;
    char code[9];
    for (int64_t away = -3; away <= 3; away++) {
        totp_code(rfc_secret, 20, step + away, 6, code);
        cr_expect_eq(totp_find(rfc_secret, 20, code, now),
                     away >= -1 && away <= 1 ? step + away : 0, "%d away", (int)away);
    }
    totp_code(rfc_secret, 20, step, 6, code);
    g_autofree char *spaced = g_strdup_printf("%.3s %s", code, code + 3);
    cr_expect_eq(totp_find(rfc_secret, 20, spaced, now), step, "apps show a blank");
    static const char *const none[] = {"",       "12345",        "1234567",
                                       "12345a", "１２３４５６", "      "};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        cr_expect_eq(totp_find(rfc_secret, 20, none[i], now), 0, "'%s'", none[i]);
}

Test(signin_parts, a_secret_is_written_and_read_as_authenticators_do)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    g_autofree char *one = totp_make(), *other = totp_make();
    cr_expect(totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", bytes));
    cr_expect_arr_eq(bytes, rfc_secret, TOTP_SECRET_BYTES);
    cr_expect(totp_read(one, bytes) && strlen(one) == 32);
    cr_expect_str_neq(one, other);
    cr_expect_not(totp_read("GEZDGNBVGY3TQOJQ", bytes), "too short");
    cr_expect_not(totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", bytes), "no Base32");
    cr_expect_not(totp_read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBV", bytes), "too long");
    g_autofree char *address = totp_address("ABC", "林 审");
    cr_expect_str_eq(
        address, "otpauth://totp/PatBridge:%E6%9E%97%20%E5%AE%A1?secret=ABC&issuer=PatBridge");
}

/* ---- Passwords */

Test(signin_parts, a_password_fits_its_own_hash_alone)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = password_hash("一二三四五六七八九十", &error);
    g_autofree char *again = password_hash("一二三四五六七八九十", &error);
    bool right = true;
    cr_assert(hash && again, "%s", error ? error->message : "");
    cr_expect(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=2,p=1$"), "%s", hash);
    cr_expect_str_neq(hash, again, "salted");
    cr_expect(password_verify("一二三四五六七八九十", hash, &right, &error) && right);
    cr_expect(password_verify("一二三四五六七八九", hash, &right, &error) && !right);
    cr_expect(password_verify("", hash, &right, &error) && !right);
    cr_expect(password_verify("anything", NULL, &right, &error) && !right, "nobody's");
    cr_expect_not(password_is_old(hash));
    cr_expect(password_is_old("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
                              "Dgp8M6jqpHhPBcvRCjqHtOTxgZbVWyTjN6xHcjDNpQY"));
}

Test(signin_parts, the_same_text_from_another_keyboard_is_the_same_password)
{
    g_autofree char *hash = password_hash("caf\xc3\xa9 caf\xc3\xa9 \xef\xbc\xa1", NULL);
    bool right = false;
    cr_expect(password_verify("cafe\xcc\x81 cafe\xcc\x81 A", hash, &right, NULL) && right);
}

Test(signin_parts, what_can_be_a_password_is_long_enough_and_not_the_name)
{
    static const struct {
        const char *text;
        bool taken;
    } rows[] = {{"一二三四五六七八九十", true}, {"correct horse", true},   {"123456789", false},
                {"aaaaaaaaaaaaaaa", false},     {"LongName-of-me", false}, {"", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        bool taken = password_check(rows[i].text, "longname-of-me", &error);
        cr_expect_eq(taken, rows[i].taken, "%s", rows[i].text);
        cr_expect_eq(error != NULL, !taken);
    }
    g_autofree char *one = password_make(), *other = password_make();
    cr_expect(password_check(one, "x", NULL));
    cr_expect_str_neq(one, other);
}

static gpointer hash_one(gpointer refused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = password_hash("correct horse", &error);
    if (!hash && g_error_matches(error, PASSWORD_ERROR, PASSWORD_ERROR_BUSY))
        g_atomic_int_inc((gint *)refused);
    return NULL;
}

Test(signin_parts, only_a_few_hash_at_once_and_others_are_told_so)
{
    enum { MANY = 24 };
    GThread *threads[MANY];
    gint refused = 0;
    for (int i = 0; i < MANY; i++)
        threads[i] = g_thread_new("hash", hash_one, &refused);
    for (int i = 0; i < MANY; i++)
        g_thread_join(threads[i]);
    cr_expect_gt(refused, 0, "all of %d were taken", MANY);
    cr_expect_lt(refused, MANY);
    cr_expect_null(hash_one(&refused), "and then it goes on");
}

/* ---- Cookies */

Test(signin_parts, a_cookie_is_read_under_its_one_name_and_only_once)
{
    static const struct {
        const char *header;
        bool secure;
        const char *token;
    } rows[] = {{"patbridge=abc", false, "abc"},
                {"a=b; patbridge=abc; c=d", false, "abc"},
                {"  patbridge=abc  ", false, "abc"},
                {"__Host-patbridge=abc", true, "abc"},
                {"patbridge=abc", true, NULL},
                {"__Host-patbridge=abc", false, NULL},
                {"patbridge=abc; patbridge=abd", false, NULL},
                {"patbridge=", false, NULL},
                {"xpatbridge=abc", false, NULL},
                {"patbridge =abc", false, NULL},
                {"", false, NULL},
                {";;;", false, NULL}};
    char token[KEY_TEXT_LEN];
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool found = cookie_read(rows[i].header, rows[i].secure, token);
        cr_expect_eq(found, rows[i].token != NULL, "'%s'", rows[i].header);
        if (found && rows[i].token)
            cr_expect_str_eq(token, rows[i].token);
    }
    cr_expect_not(cookie_read(NULL, false, token));
    g_autofree char *many = g_strnfill(500, 'x'), *much = g_strconcat("patbridge=", many, NULL);
    cr_expect_not(cookie_read(much, false, token), "longer than any token");
}

Test(signin_parts, a_cookie_is_secure_where_the_world_comes_by_tls)
{
    cr_expect(cookie_is_secure(NULL, "https://patents.example.cn"));
    cr_expect(cookie_is_secure("true", NULL));
    cr_expect(cookie_is_secure("typo", NULL), "what can't be read is the safer one");
    cr_expect_not(cookie_is_secure("false", "https://patents.example.cn"));
    cr_expect_not(cookie_is_secure(NULL, NULL));
    cr_expect_not(cookie_is_secure(NULL, "http://192.168.1.2"));
    g_autofree char *safe = cookie_write("tok", true, 60),
                    *plain = cookie_write("tok", false, 60);
    g_autofree char *gone = cookie_write(NULL, true, 60);
    cr_expect_str_eq(
        safe, "__Host-patbridge=tok; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
    cr_expect_str_eq(plain, "patbridge=tok; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
    cr_expect_str_eq(gone,
                     "__Host-patbridge=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure");
}

Test(signin_parts, the_browser_has_to_say_that_it_is_our_page)
{
    static const struct {
        const char *fetch, *origin, *site;
        bool ours;
    } rows[] = {
        {"same-origin", NULL, NULL, true},
        {"same-origin", "http://localhost:8080", NULL, true},
        {NULL, "http://localhost:8080", NULL, true},
        {NULL, "https://patents.example.cn", "https://patents.example.cn", true},
        {NULL, "https://patents.example.cn", "https://patents.example.cn/in", true},
        {NULL, "https://patents.example.cn.evil", "https://patents.example.cn", false},
        {NULL, "https://patents.example", "https://patents.example.cn", false},
        {"same-origin", "https://evil.example", "https://patents.example.cn", false},
        {"same-origin", "https:/", "https://patents.example.cn", false},
        {"same-origin", "https://patents.example", "https://patents.example.cn/x", false},
        {"cross-site", "http://localhost:8080", NULL, false},
        {"same-site", NULL, NULL, false},
        {"none", NULL, NULL, false},
        {NULL, "null", NULL, false},
        {NULL, NULL, "https://patents.example.cn", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct request request = {.headers = {[HEADER_HOST] = "localhost:8080",
                                                    [HEADER_FETCH_SITE] = rows[i].fetch,
                                                    [HEADER_ORIGIN] = rows[i].origin}};
        cr_expect_eq(cookie_from_us(&request, rows[i].site), rows[i].ours, "row %zu", i);
    }
}

Test(signin_parts, the_token_against_forgery_is_of_one_session_and_tells_nothing_of_it)
{
    char one[CSRF_LEN + 1], other[CSRF_LEN + 1];
    cookie_csrf("pb_000000000000_abc", one);
    cookie_csrf("pb_000000000000_abd", other);
    cr_expect_eq(strlen(one), CSRF_LEN);
    cr_expect_str_neq(one, other);
    cr_expect(cookie_csrf_fits("pb_000000000000_abc", one));
    cr_expect_not(cookie_csrf_fits("pb_000000000000_abc", other));
    cr_expect_not(cookie_csrf_fits("pb_000000000000_abc", NULL));
    cr_expect_not(cookie_csrf_fits("pb_000000000000_abc", ""));
}

/* ---- Sessions in memory */

Test(signin_parts, a_session_is_known_for_a_while_under_its_digest_and_has_a_rate)
{
    char text[KEY_TEXT_LEN], id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];
    char read_id[KEY_ID_LEN + 1], read_digest[KEY_DIGEST_LEN + 1];
    struct principal who = {.session = true, .role = ROLE_CLERK}, out;
    g_autoptr(sessions_t) sessions = sessions_new();
    int wait_s = 0;
    key_make(text, id, digest);
    cr_expect(key_read(text, read_id, read_digest));
    cr_expect_str_eq(read_id, id);
    cr_expect_str_eq(read_digest, digest);
    g_strlcpy(who.key_id, id, sizeof who.key_id);
    cr_expect_not(sessions_seen(sessions, id, digest, 0, &out));
    sessions_note(sessions, &who, digest, 0);
    cr_expect(sessions_seen(sessions, id, digest, 1, &out) && out.role == ROLE_CLERK);
    digest[0] = digest[0] == 'a' ? 'b' : 'a';
    cr_expect_not(sessions_seen(sessions, id, digest, 1, &out), "another secret");
    cr_expect_not(
        sessions_seen(sessions, id, read_digest, (int64_t)SESSIONS_KEPT_S * 1000000, &out));
    for (int i = 0; i < SESSION_RATE; i++)
        cr_assert(sessions_spend(sessions, id, 0, &wait_s));
    cr_expect_not(sessions_spend(sessions, id, 0, &wait_s));
    cr_expect_gt(wait_s, 0);
    sessions_drop(sessions, id);
    cr_expect_not(sessions_seen(sessions, id, read_digest, 1, &out));
    sessions_note(sessions, &who, read_digest, 0);
    sessions_prune(sessions, (int64_t)SESSIONS_KEPT_S * 1000000);
    cr_expect_not(sessions_seen(sessions, id, read_digest, 1, &out));
}

/* ---- Links */

Test(signin_parts, an_invitation_and_a_push_are_never_taken_for_each_other)
{
    const struct seal_key key = {.bytes = {1, 2, 3}}, other = {.bytes = {1, 2, 4}};
    static const char uuid[] = "0b8f5d6e-1111-4222-8333-444455556666";
    enum { DAY_S = 86400, NOW = 1800000000 };
    char id[TOKEN_PUSH_LEN + 1];
    int64_t day;
    g_autofree char *push = token_make(&key, uuid, NOW);
    g_autofree char *invitation = token_invite(&key, uuid, NOW + 100);
    cr_expect(token_read(&key, push, NOW, id));
    cr_expect_str_eq(id, uuid);
    cr_expect(token_read_invitation(&key, invitation, NOW, id));
    cr_expect_str_eq(id, uuid);
    cr_expect_not(token_read_invitation(&key, push, NOW, id));
    cr_expect_not(token_read(&key, invitation, NOW, id));
    cr_expect_not(token_read_new(&key, invitation, NOW, id, &day));
    cr_expect_not(token_read_invitation(&other, invitation, NOW, id));
    cr_expect_not(token_read_invitation(&key, invitation, NOW + 100, id), "over");
    cr_expect(token_read_new(&key, push, NOW + (int64_t)TOKEN_NEW_DAYS * DAY_S, id, &day));
    cr_expect_not(
        token_read_new(&key, push, NOW + (int64_t)(TOKEN_NEW_DAYS + 1) * DAY_S, id, &day),
        "no longer new");
    cr_expect(token_read(&key, push, NOW + (int64_t)(TOKEN_NEW_DAYS + 1) * DAY_S, id),
              "but it answers");
    cr_expect_null(token_invite(&key, "no uuid", NOW));
}
