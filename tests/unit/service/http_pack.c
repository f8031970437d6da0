#include "service/http/pack.h"
#include <criterion/criterion.h>
#include <string.h>
#include <zlib.h>

Test(http_pack, a_coding_is_taken_where_the_header_says_so)
{
    static const struct {
        const char *header;
        bool gzip, brotli;
    } rows[] = {{NULL, false, false},
                {"", false, false},
                {"gzip", true, false},
                {"GZIP", true, false},
                {"deflate, gzip", true, false},
                {"gzip, deflate, br, zstd", true, true},
                {"gzip;q=0", false, false},
                {"gzip; q=0.0", false, false},
                {"gzip;q=0.5", true, false},
                {"br;q=0, gzip", true, false},
                {"*", true, true},
                {"*;q=0", false, false},
                {"br", false, true},
                {"identity", false, false},
                {"gzip;q=0, *", false, true},
                {"x-gzip", true, false},
                {"x-br", false, false},
                {"gzipped", false, false},
                {"x-", false, false},
                {"b", false, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *said = rows[i].header ? rows[i].header : "none";
        cr_expect_eq(pack_is_taken(rows[i].header, "gzip"), rows[i].gzip, "'%s'", said);
        cr_expect_eq(pack_is_taken(rows[i].header, "br"), rows[i].brotli, "'%s'", said);
    }
}

Test(http_pack, what_is_packed_unpacks_to_what_it_was_and_has_another_tag)
{
    struct request request = {.headers = {[HEADER_ACCEPT_ENCODING] = "gzip"}};
    struct answer answer = {.may_pack = true, .etag = g_strdup("\"abc\"")};
    char plain[20000] = "";
    answer.body = g_string_new(NULL);
    for (int i = 0; i < 500; i++)
        g_string_append_printf(answer.body, "专利供需 %d;", i);
    g_autofree char *before = g_strdup(answer.body->str);
    pack_answer(&request, &answer);
    cr_assert_str_eq(answer.coding, "gzip");
    cr_expect_lt(answer.body->len, strlen(before));
    cr_expect_str_eq(answer.etag, "\"abc-gzip\"");
    z_stream stream = {.next_in = (Bytef *)answer.body->str,
                       .avail_in = (uInt)answer.body->len,
                       .next_out = (Bytef *)plain,
                       .avail_out = sizeof plain - 1};
    cr_assert_eq(inflateInit2(&stream, 31), Z_OK);
    cr_expect_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    cr_expect_str_eq(plain, before);
    answer_clear(&answer);
}

Test(http_pack, what_is_short_or_may_not_be_packed_stays_as_it_is)
{
    struct request request = {.headers = {[HEADER_ACCEPT_ENCODING] = "gzip"}};
    g_autofree char *text = g_strnfill(PACK_LEAST, 'a');
    static const struct {
        gssize len;
        bool may, packed;
    } rows[] = {
        {PACK_LEAST, true, true}, {PACK_LEAST - 1, true, false}, {PACK_LEAST, false, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct answer answer = {.may_pack = rows[i].may};
        answer.body = g_string_new_len(text, rows[i].len);
        pack_answer(&request, &answer);
        cr_expect_eq(answer.coding != NULL, rows[i].packed, "row %zu", i);
        answer_clear(&answer);
    }
}
