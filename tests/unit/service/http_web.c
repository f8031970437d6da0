#include "service/http/pack.h"
#include "service/http/web.h"
#include <criterion/criterion.h>
#include <string.h>

static struct answer answer_of(const struct web_file *file, enum request_header header,
                               const char *value)
{
    struct request request = {.method = "GET", .path = file->path};
    struct answer answer = {0};
    request.headers[header] = value;
    web_answer(&request, &answer, file);
    return answer;
}

static struct answer answer_for(const char *path, enum request_header header, const char *value)
{
    const struct web_file *file = web_find(path, header == HEADER_COOKIE ? value : NULL);
    cr_assert(file, "%s", path);
    return answer_of(file, header, value);
}

/* The address of the script that a page begins with. The caller frees. */
static char *script_of(const char *page)
{
    struct answer answer = answer_for(page, HEADER_HOST, "localhost");
    const char *at = strstr(answer.body->str, "src=\"./");
    cr_assert(at, "%s begins with no script of ours", page);
    char *path = g_strdup_printf("/%.*s", (int)strcspn(at + 7, "\""), at + 7);
    answer_clear(&answer);
    return path;
}

Test(http_web, every_page_is_there_and_so_is_what_it_begins_with)
{
    static const char *const pages[] = {"/sign-in", "/inbox", "/agency", "/official"};
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *script = script_of(pages[i]);
        cr_expect(g_str_has_prefix(script, "/assets/"));
        cr_expect(web_find(script, NULL), "%s", script);
    }
    cr_expect_null(web_find("/assets/", NULL));
    cr_expect_null(web_find("/sign-in.html", NULL));
}

Test(http_web, a_page_is_asked_for_again_and_what_it_is_made_of_kept_for_ever)
{
    g_autofree char *script = script_of("/inbox");
    struct answer page = answer_for("/inbox", HEADER_HOST, "localhost");
    struct answer part = answer_for(script, HEADER_HOST, "localhost");
    cr_expect_eq(page.keep, KEEP_CHECKED);
    cr_expect_eq(part.keep, KEEP_FOREVER);
    cr_expect_eq(page.policy, POLICY_SCRIPT);
    cr_expect_str_eq(page.type, "text/html; charset=utf-8");
    cr_expect_str_eq(part.type, "text/javascript; charset=utf-8");
    answer_clear(&page);
    answer_clear(&part);
}

Test(http_web, compressed_or_not_it_is_the_same)
{
    for (size_t i = 0; i < web_file_count; i++) {
        struct answer plain = answer_of(&web_files[i], HEADER_ACCEPT_ENCODING, "identity");
        struct answer packed = answer_of(&web_files[i], HEADER_ACCEPT_ENCODING, "gzip");
        cr_assert_str_eq(packed.coding, "gzip");
        cr_assert_null(plain.coding);
        struct answer smallest = answer_of(&web_files[i], HEADER_ACCEPT_ENCODING, "gzip, br");
        cr_assert_str_eq(smallest.coding, "br"); /* tests/web/sign_in.test.mjs unpacks it */
        cr_expect_leq(smallest.body->len, packed.body->len, "%s", web_files[i].path);
        answer_clear(&smallest);
        GString *unpacked = pack_undo((const unsigned char *)packed.body->str, packed.body->len,
                                      web_files[i].size);
        cr_expect_eq(plain.body->len, web_files[i].size, "%s", web_files[i].path);
        cr_expect(g_string_equal(plain.body, unpacked), "%s", web_files[i].path);
        g_string_free(unpacked, TRUE);
        answer_clear(&plain);
        answer_clear(&packed);
    }
}

/* Whether the page is that which begins with these words. */
static bool is_look(const char *cookies, const char *root, const char *title)
{
    struct answer answer = answer_for("/agency", HEADER_COOKIE, cookies);
    bool is = strstr(answer.body->str, root) && strstr(answer.body->str, title);
    cr_expect(answer.by_cookie);
    answer_clear(&answer);
    return is;
}

Test(http_web, a_page_comes_up_in_the_language_and_colours_that_its_cookie_says)
{
    cr_expect(is_look(NULL, "<html lang=\"zh-CN\">", "机构工作台"));
    cr_expect(is_look("patbridge-look=zh.light", "<html lang=\"zh-CN\" class=\"light\">",
                      "机构工作台"));
    cr_expect(is_look("patbridge=a.b; patbridge-look=en.dark; x=y",
                      "<html lang=\"en\" class=\"dark\">", "Agency’s desk"));
    cr_expect(is_look("patbridge-look=en.auto", "<html lang=\"en\">", "Today</a>"));
    cr_expect(is_look("patbridge-look=en.darker", "<html lang=\"zh-CN\">", "今日</a>"));
    cr_expect(is_look("patbridge-look=", "<html lang=\"zh-CN\">", "今日</a>"));
    struct answer script = {0};
    g_autofree char *path = script_of("/agency");
    web_answer(&(struct request){.method = "GET", .path = path}, &script,
               web_find(path, "patbridge-look=en.dark"));
    cr_expect_not(script.by_cookie);
    answer_clear(&script);
}

Test(http_web, who_has_it_is_told_so)
{
    struct answer first = answer_for("/agency", HEADER_HOST, "localhost");
    struct answer again = answer_for("/agency", HEADER_IF_NONE_MATCH, first.etag);
    struct answer old = answer_for("/agency", HEADER_IF_NONE_MATCH, "\"0000000000000000\"");
    cr_expect_eq(first.status, 200);
    cr_expect_eq(again.status, 304);
    cr_expect_eq(again.body->len, 0);
    cr_expect_eq(old.status, 200);
    answer_clear(&first);
    answer_clear(&again);
    answer_clear(&old);
}
