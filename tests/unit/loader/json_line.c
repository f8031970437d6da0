/* Where the quick reader answers, it answers what jansson does; the rest it leaves alone. */
#include "loader/json_line.h"
#include <criterion/criterion.h>
#include <glib.h>

static const char *const plain[] = {
    "{}",
    " { } \r\n",
    "{\"title\":\"一种轻质发泡鞋底\"}",
    "{\"a\": [], \"b\": {}, \"c\": [[], {\"d\": [1, 2]}]}",
    "{\"a\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\" , \"\": \"\"}",
    "{\"n\": [0, 7, -12, 999999999999999999, -999999999999999999]}",
    "{\"t\": true, \"f\": false, \"n\": null}",
    "{\"offer\": {\"mode\": [\"assignment\", \"licence\"], \"price_fen\": 1200000}}",
    "\t{\"ipc\":[\"A43B13/04\",\"C08J9/12\"],\"invented\":true}\n",
};

/* Wrong, or read by jansson alone. */
static const char *const left[] = {
    "",
    "[]",
    "1",
    "{",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1}}",
    "{\"a\":1} x",
    "{\"a\":[1,]}",
    "{\"a\":[1}",
    "{\"a\":\"x}",
    "{\"a\":\"x\\\"}",
    "{\"a\":\"x\\",
    "{\"a\":\"x\ty\"}",
    "{\"a\":\"\\u4e00\"}",
    "{\"a\":\"\\q\"}",
    "{\"a\\n\":1}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":01}",
    "{\"a\":-0}",
    "{\"a\":-}",
    "{\"a\":+1}",
    "{\"a\":1.5}",
    "{\"a\":1e3}",
    "{\"a\":1000000000000000000}",
    "{\"a\":tru}",
    "{\"a\":truex}",
    "{a:1}",
    "{'a':1}",
};

Test(json_line, what_it_reads_is_what_jansson_reads)
{
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        json_t *quick = json_line_read(plain[i]),
               *slow = json_loads(plain[i], JSON_REJECT_DUPLICATES, NULL);
        cr_expect(quick && slow && json_equal(quick, slow), "%s", plain[i]);
        json_decref(quick);
        json_decref(slow);
    }
}

Test(json_line, what_it_does_not_read_is_left_to_jansson)
{
    for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
        json_t *quick = json_line_read(left[i]);
        cr_expect_null(quick, "%s", left[i]);
        json_decref(quick);
    }
}

Test(json_line, deep_nesting_is_left_to_jansson)
{
    g_autoptr(GString) text = g_string_new("{\"a\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(text, '[');
    cr_expect_null(json_line_read(text->str));
}

/* One byte of a plain line changed: either both read the same, or the quick one does not answer. */
Test(json_line, a_changed_byte_never_makes_it_answer_otherwise)
{
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        for (size_t at = 0; plain[i][at]; at++)
            for (int byte = 1; byte < 0x80; byte++) {
                g_autofree char *text = g_strdup(plain[i]);
                text[at] = (char)byte;
                if (!g_utf8_validate(text, -1, NULL))
                    continue;
                json_t *quick = json_line_read(text);
                json_t *slow = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
                cr_expect(!quick || (slow && json_equal(quick, slow)), "%s", text);
                json_decref(quick);
                json_decref(slow);
            }
}
