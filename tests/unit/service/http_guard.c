#include "service/http/guard.h"
#include <criterion/criterion.h>
#include <glib.h>

Test(http_guard, only_names_of_this_machine_are_ours)
{
    static const struct {
        const char *host;
        bool ours;
    } rows[] = {
        {"127.0.0.1", true},
        {"127.0.0.1:8080", true},
        {"localhost", true},
        {"LocalHost:81", true},
        {"[::1]", true},
        {"[::1]:8080", true},
        {"", false},
        {"evil.example", false},
        {"localhost.evil.example", false},
        {"127.0.0.1.evil.example", false},
        {"127.0.0.1:80@evil.example", false},
        {"127.0.0.1:8080x", false},
        {"127.0.0.1:123456", false},
        {"evil.example:8080", false},
        {"127.0.0.10", false},
        {"::1", false},
        {"0.0.0.0", false},
        {"localhost ", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(guard_host_is_ours(rows[i].host), rows[i].ours, "'%s'", rows[i].host);
}

static int status_of(const char *target, const char *const *hosts, const char *const *lengths,
                     bool encoded)
{
    const struct guard_head head = {
        .target = target, .hosts = hosts, .lengths = lengths, .has_transfer_encoding = encoded};
    const struct guard_refusal *refusal = guard_check(&head);
    return refusal ? refusal->status : 200;
}

Test(http_guard, what_is_no_plain_question_is_refused)
{
    const char *const *ours = (const char *const[]){"localhost", NULL};
    static const char *const none[] = {NULL};
    static const struct {
        const char *name, *hosts[3], *lengths[3], *target;
        bool encoded;
        int status;
    } rows[] = {
        {"a plain question", {"localhost"}, {NULL}, "/", false, 200},
        {"an empty body", {"localhost"}, {"0"}, "/", false, 200},
        {"the same length twice", {"localhost"}, {"0", "0"}, "/", false, 200},
        {"two differing lengths", {"localhost"}, {"0", "5"}, "/", false, 400},
        {"a list of lengths", {"localhost"}, {"0, 5"}, "/", false, 400},
        {"a length with a sign", {"localhost"}, {"+0"}, "/", false, 400},
        {"no digits", {"localhost"}, {""}, "/", false, 400},
        {"a body", {"localhost"}, {"5"}, "/", false, 400},
        {"a body in chunks", {"localhost"}, {NULL}, "/", true, 400},
        {"no host", {NULL}, {NULL}, "/", false, 400},
        {"two hosts", {"localhost", "localhost"}, {NULL}, "/", false, 400},
        {"somebody else's name", {"evil.example"}, {NULL}, "/", false, 421},
        {"a zero byte", {"localhost"}, {NULL}, "/healthz%00.html", false, 400},
        {"bytes that are not UTF-8", {"localhost"}, {NULL}, "/%FF%FE", false, 400},
        {"half an escape", {"localhost"}, {NULL}, "/%4", false, 400},
        {"a target for a proxy", {"localhost"}, {NULL}, "http://localhost/", false, 400},
        {"Chinese, escaped", {"localhost"}, {NULL}, "/%E4%B8%93", false, 200},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cr_expect_eq(status_of(rows[i].target, rows[i].hosts, rows[i].lengths, rows[i].encoded),
                     rows[i].status, "%s", rows[i].name);
    g_autofree char *most = g_strnfill(GUARD_TARGET_MOST, '/'),
                    *more = g_strnfill(GUARD_TARGET_MOST + 1, '/');
    cr_expect_eq(status_of(most, ours, none, false), 200);
    cr_expect_eq(status_of(more, ours, none, false), 414);
}
