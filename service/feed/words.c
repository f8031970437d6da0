#include "service/feed/words.h"

static const char *const words[FEED_WORDS][2] = {
    [FEED_BAD_ADDRESS] = {"could not use the address: {1}", "这个地址不能用：{1}"},
    [FEED_PRIVATE] = {"the address leads into a private network: refused (the setting "
                      "allow_private names exceptions)",
                      "地址指向内部网络，已拒绝（例外由设置 allow_private 指明）"},
    [FEED_TOO_LARGE] = {"longer than {1} MB", "超过 {1} MB"},
    [FEED_CUT] = {"it did not come whole: {1}", "没有完整收到：{1}"},
    [FEED_SILENT] = {"not a byte came for {1} seconds", "连续 {1} 秒没有收到任何数据"},
    [FEED_NO_LENGTH] = {"the server does not say where the file ends, so nobody can know that "
                        "it is whole",
                        "服务器没有说明文件长度，无法确认文件完整"},
    [FEED_OTHER_LENGTH] = {"{1} bytes came, and the server said {2}",
                           "收到 {1} 字节，而服务器说有 {2} 字节"},
    [FEED_STATUS] = {"the server answered {1}", "服务器回答 {1}"},
    [FEED_GONE] = {"the server says that it is gone for good", "服务器说该文件已永久撤下"},
    [FEED_ELSEWHERE] = {"it leads to another place, which is not followed: {1}",
                        "被引向另一处，没有跟随：{1}"},
    [FEED_CHANGING] = {"it changes while it is being fetched", "文件在下载途中不断变化"},
    [FEED_DISK] = {"could not keep it on disk: {1}", "无法写入磁盘：{1}"},
    [FEED_PACKED] = {"could not unpack it: {1}", "无法解压：{1}"},
    [FEED_STOPPED] = {"stopped by the program's end; it goes on where it was",
                      "程序结束而中断，下次从断处继续"},
    [FEED_NO_ITEMS] = {"the page has no list '{1}'", "页面里没有列表“{1}”"},
    [FEED_NO_JSON] = {"the page is no JSON object: {1}", "页面不是 JSON 对象：{1}"},
    [FEED_CIRCLE] = {"its pages lead back to one that was read", "分页绕回了读过的一页"},
    [FEED_PAGES] = {"more than {1} pages", "超过 {1} 页"},
    [FEED_FOLDER] = {"could not read the folder '{1}': {2}", "无法读取文件夹“{1}”：{2}"},
};

char *feed_say(bool chinese, enum feed_word word, const char *first, const char *second)
{
    const char *const given[] = {first, second};
    GString *out = g_string_new(NULL);
    for (const char *c = words[word][chinese ? 1 : 0]; *c; c++) {
        int place = c[0] == '{' && c[1] && c[2] == '}' ? c[1] - '1' : -1;
        if (place == 0 || place == 1) {
            g_string_append(out, given[place] ? given[place] : "");
            c += 2;
        } else {
            g_string_append_c(out, *c);
        }
    }
    return g_string_free(out, FALSE);
}

char *feed_say_number(bool chinese, enum feed_word word, int number)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", number);
    return feed_say(chinese, word, text, NULL);
}
