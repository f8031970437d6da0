#include "service/http/html.h"
#include <criterion/criterion.h>
#include <string.h>

Test(http_html, whatever_a_name_says_is_text_and_nothing_more)
{
    static const struct {
        const char *name, *shown;
    } rows[] = {
        {"晋江岚桥鞋业有限公司", "晋江岚桥鞋业有限公司"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"><img src=x onerror=alert(1)>", "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"},
        {"' onmouseover='alert(1)", "&apos; onmouseover=&apos;alert(1)"},
        {"A&B &lt; &#60;", "A&amp;B &amp;lt; &amp;#60;"},
        {"%s%n%d", "%s%n%d"},
        {"\x01\x1b", "&#x1;&#x1b;"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        html_add(out, "<b title=\"%s\">", rows[i].name);
        g_autofree char *shown = g_strdup_printf("<b title=\"%s\">", rows[i].shown);
        cr_expect_str_eq(out->str, shown, "%s", rows[i].name);
    }
}

Test(http_html, numbers_are_grouped_by_thousands)
{
    static const struct {
        json_int_t number;
        const char *shown;
    } rows[] = {{0, "0"},        {7, "7"},          {999, "999"},
                {1000, "1,000"}, {10000, "10,000"}, {1234567, "1,234,567"},
                {-999, "-999"},  {-1000, "-1,000"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *shown = html_count(rows[i].number);
        cr_expect_str_eq(shown, rows[i].shown);
    }
    g_autofree char *award = html_yuan(50000000), *cents = html_yuan(7);
    cr_expect_str_eq(award, "500,000.00 元");
    cr_expect_str_eq(cents, "0.07 元");
}

Test(http_html, a_moment_is_told_in_the_time_of_the_city)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"2026-03-01T08:00:00.123456Z", "2026-03-01 16:00:00"},
        {"2025-12-31 20:30:00.5+00", "2026-01-01 04:30:00"},
        {"2026-03-01 08:00:00+08", "2026-03-01 08:00:00"},
        {"", ""},
        {"yesterday", "yesterday"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *shown = html_moment(rows[i].text);
        cr_expect_str_eq(shown, rows[i].shown, "%s", rows[i].text);
    }
}
