#include "service/http/keys.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

static struct keys *keys;
static char text[KEY_TEXT_LEN], id[KEY_ID_LEN + 1], digest[KEY_DIGEST_LEN + 1];

static void start(void)
{
    cr_assert_geq(sodium_init(), 0);
    keys = keys_new();
    key_make(text, id, digest);
}

static void stop(void)
{
    keys_free(keys);
}

TestSuite(http_keys, .init = start, .fini = stop, .timeout = 60);

static void know(int rate, int64_t expires_s)
{
    json_auto_t *rows = json_pack(
        "[{s:s, s:s, s:s, s:n, s:i, s:s, s:s, s:i, s:I}]", "key_id", id, "secret_digest",
        digest, "role", "agency_clerk", "account", "agency_id", 7, "agency", "JJ01",
        "enterprise_id", "0", "rate_per_minute", rate, "expires_s", (json_int_t)expires_s);
    cr_assert(rows);
    keys_replace(keys, rows);
}

Test(http_keys, only_the_whole_key_is_known_and_only_until_it_expires)
{
    struct principal who;
    g_autofree char *right = g_strconcat("Bearer ", text, NULL);
    g_autofree char *small = g_strconcat("bearer ", text, NULL);
    g_autofree char *cut = g_strndup(right, strlen(right) - 1);
    g_autofree char *more = g_strconcat(right, "x", NULL);
    g_autofree char *other = g_strdup(right);
    other[strlen(other) - 3] ^= 1;
    const struct {
        const char *name, *header;
        int64_t now_s;
        bool found;
    } rows[] = {{"right", right, 999, true},
                {"small letters", small, 999, true},
                {"expired", right, 1000, false},
                {"cut", cut, 0, false},
                {"longer", more, 0, false},
                {"another secret", other, 0, false},
                {"no scheme", text, 0, false},
                {"nothing", NULL, 0, false},
                {"another scheme", "Basic YTpi", 0, false},
                {"half", "Bearer pb_", 0, false}};
    cr_expect_not(keys_are_known(keys));
    cr_expect_not(keys_find(keys, right, 0, &who), "before any key was read");
    know(0, 1000);
    cr_expect(keys_are_known(keys));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(keys_find(keys, rows[i].header, rows[i].now_s, &who), rows[i].found, "%s",
                     rows[i].name);
    cr_assert(keys_find(keys, right, 0, &who));
    cr_expect_eq(who.agency_id, 7);
    cr_expect_eq(who.role, (unsigned)ROLE_CLERK);
    json_auto_t *none = json_array();
    keys_replace(keys, none);
    cr_expect_not(keys_find(keys, right, 0, &who), "revoked");
}

Test(http_keys, a_bucket_holds_a_minute_and_fills_at_its_rate)
{
    struct principal who;
    g_autofree char *header = g_strconcat("Bearer ", text, NULL);
    int wait_s = 0, spent = 0;
    know(60, 0);
    cr_assert(keys_find(keys, header, 0, &who));
    while (spent < 100 && keys_spend(keys, &who, 1000000, &wait_s))
        spent++;
    cr_expect_eq(spent, 60);
    cr_expect(wait_s >= 1 && wait_s <= 2, "%d", wait_s);
    cr_expect(keys_spend(keys, &who, 2100000, &wait_s), "a second later one more");
    cr_expect_not(keys_spend(keys, &who, 2100000, &wait_s));
    json_auto_t *used = keys_take_used(keys), *again = keys_take_used(keys);
    cr_expect_eq(json_array_size(used), 1);
    cr_expect_null(again);
}

static void *use(void *user)
{
    struct principal who;
    int wait_s;
    for (int i = 0; i < 2000; i++)
        if (keys_find(keys, user, 0, &who))
            keys_spend(keys, &who, i, &wait_s);
    return NULL;
}

Test(http_keys, many_ask_while_keys_are_replaced)
{
    pthread_t threads[4];
    g_autofree char *header = g_strconcat("Bearer ", text, NULL);
    know(0, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_create(&threads[i], NULL, use, header);
    for (int i = 0; i < 200; i++)
        know(i, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
    json_auto_t *used = keys_take_used(keys);
    cr_expect_eq(json_array_size(used), 1);
}
