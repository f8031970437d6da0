#include "service/feed/words.h"
#include <stdarg.h>

static const char *const words[FEED_WORDS][2] = {
    [FEED_BAD_ADDRESS] = {"could not use the address: %s", "这个地址不能用：%s"},
    [FEED_PRIVATE] = {"the address leads into a private network: refused (the setting "
                      "allow_private names exceptions)",
                      "地址指向内部网络，已拒绝（例外由设置 allow_private 指明）"},
    [FEED_TOO_LARGE] = {"longer than %d MB", "超过 %d MB"},
    [FEED_CUT] = {"it did not come whole: %s", "没有完整收到：%s"},
    [FEED_SILENT] = {"not a byte came for %d seconds", "连续 %d 秒没有收到任何数据"},
    [FEED_NO_LENGTH] = {"the server does not say where the file ends, so nobody can know that "
                        "it is whole",
                        "服务器没有说明文件长度，无法确认文件完整"},
    [FEED_OTHER_LENGTH] = {"%s bytes came, and the server said %s",
                           "收到 %s 字节，而服务器说有 %s 字节"},
    [FEED_STATUS] = {"the server answered %d", "服务器回答 %d"},
    [FEED_GONE] = {"the server says that it is gone for good", "服务器说该文件已永久撤下"},
    [FEED_ELSEWHERE] = {"it leads to another place, which is not followed: %s",
                        "被引向另一处，没有跟随：%s"},
    [FEED_CHANGING] = {"it changes while it is being fetched", "文件在下载途中不断变化"},
    [FEED_DISK] = {"could not keep it on disk: %s", "无法写入磁盘：%s"},
    [FEED_PACKED] = {"could not unpack it: %s", "无法解压：%s"},
    [FEED_STOPPED] = {"stopped by the program's end; it goes on where it was",
                      "程序结束而中断，下次从断处继续"},
    [FEED_NO_ITEMS] = {"the page has no list '%s'", "页面里没有列表“%s”"},
    [FEED_NO_JSON] = {"the page is no JSON object: %s", "页面不是 JSON 对象：%s"},
    [FEED_CIRCLE] = {"its pages lead back to one that was read", "分页绕回了读过的一页"},
    [FEED_PAGES] = {"more than %d pages", "超过 %d 页"},
    [FEED_FOLDER] = {"could not read the folder '%s': %s", "无法读取文件夹“%s”：%s"},
};

char *feed_say(bool chinese, enum feed_word word, ...)
{
    va_list args;
    va_start(args, word);
    char *text = g_strdup_vprintf(words[word][chinese ? 1 : 0], args);
    va_end(args);
    return text;
}
