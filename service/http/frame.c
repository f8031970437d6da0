#include "service/http/frame.h"
#include "service/http/html.h"

void frame_open(GString *out, const char *root, const char *title)
{
    html_add(out,
             "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s · 专利桥</title>\n"
             "<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
             "<link rel=\"icon\" href=\"%sicon.svg\" type=\"image/svg+xml\">\n</head>\n<body>\n"
             "<header class=\"top\"><a class=\"brand\" href=\"%s\"><img src=\"%sicon.svg\" "
             "alt=\"\" width=\"28\" "
             "height=\"28\"> 专利桥 <span class=\"en\" lang=\"en\">PatBridge</span></a>",
             title, root, root, *root ? root : "./", root);
    html_add(out,
             "<nav><a href=\"%s#figures\">政策进度 <span class=\"en\" "
             "lang=\"en\">figures</span></a> "
             "<a href=\"%s#leads\">最新线索 <span class=\"en\" "
             "lang=\"en\">leads</span></a> "
             "<a href=\"%ssign-in\">登录 <span class=\"en\" "
             "lang=\"en\">sign in</span></a></nav></header>\n"
             "<main>\n",
             *root ? root : "./", *root ? root : "./", root);
}

void frame_close(GString *out)
{
    g_string_append(
        out, "</"
             "main>\n<footer><p>主管部门视图：显示全部机构的记录。本页只在本机（127.0.0."
             "1）可见；各工作台登录后进入。"
             "<br><span class=\"en\" lang=\"en\">Officials' view: every agency's records. "
             "Seen on this machine only (127.0.0.1); the desks stand behind the "
             "<a href=\"sign-in\">sign-in page</a>.</span></p></footer>\n"
             "</body>\n</html>\n");
}
