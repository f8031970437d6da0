#include "service/push/message.h"
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static json_t *candidate(const char *title, size_t reasons)
{
    json_t *list = json_array();
    for (size_t i = 0; i < reasons; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "text",
                                              "共同的词：烘干、茶叶、热风循环", "kind", "word",
                                              "points", 100));
    return json_pack("{s:s, s:s, s:s, s:n, s:s, s:s, s:s, s:f, s:i, s:s, s:o, s:b}",
                     "patent_id", "-17", "need_id", "42", "application_number",
                     "CN201710027729.1", "publication_number", "title", title, "need", "XQ-1",
                     "need_title", "茶叶烘干提质", "fit", .625, "score", 1200, "model", "m1",
                     "reasons", list, "invented", 1);
}

Test(push_message, a_message_says_what_is_pushed_and_why)
{
    json_auto_t *row = candidate("一种茶叶烘干机", 2);
    char *body =
        message_body(row, "0b9d", "2026-03-01T08:00:00.000000Z", "https://pat.example");
    cr_expect_str_eq(body,
                     "{\"type\":\"lead.pushed\",\"timestamp\":\"2026-03-01T08:00:00.000000Z\","
                     "\"data\":{\"lead\":\"-17-42\",\"push\":\"0b9d\","
                     "\"patent\":\"CN201710027729.1\",\"title\":\"一种茶叶烘干机\",\"need\":"
                     "\"XQ-1\",\"need_title\":\"茶叶烘干提质\","
                     "\"fit\":0.625,\"score\":1200,\"model\":\"m1\",\"reasons\":[{\"text\":"
                     "\"共同的词：烘干、茶叶、热风循环\",\"kind\":\"word\","
                     "\"points\":100},{\"text\":\"共同的词：烘干、茶叶、热风循环\",\"kind\":"
                     "\"word\",\"points\":100}],"
                     "\"links\":{\"lead\":\"https://pat.example/leads/"
                     "-17-42\",\"patent\":\"https://pat.example/patents/CN201710027729.1\"},"
                     "\"invented\":true}}");
    free(body);
}

Test(push_message, a_message_stays_under_its_limit_and_says_what_it_left_out)
{
    GString *title = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append(title, "茶");
    json_auto_t *row = candidate(title->str, 1000);
    g_string_free(title, TRUE);
    char *body = message_body(row, "0b9d", "2026-03-01T08:00:00.000000Z", NULL);
    cr_expect_lt(strlen(body), MESSAGE_MOST);
    json_auto_t *document = json_loads(body, 0, NULL);
    const json_t *data = json_object_get(document, "data");
    size_t kept = json_array_size(json_object_get(data, "reasons"));
    cr_expect_gt(kept, 100);
    cr_expect_eq(json_integer_value(json_object_get(data, "reasons_left_out")),
                 1000 - (json_int_t)kept);
    const char *cut = json_string_value(json_object_get(data, "title"));
    cr_expect_eq(g_utf8_strlen(cut, -1), 300);
    cr_expect(g_str_has_suffix(cut, "茶…"));
    cr_expect_str_eq(json_string_value(json_object_get(json_object_get(data, "links"), "lead")),
                     "/leads/-17-42");
    free(body);
}
