#include "service/push/trouble.h"
#include <curl/curl.h>
#include <glib.h>
#include <string.h>

/* ---- The words */

enum {
    ROBOT_GONE,
    GUARD,
    FORM,
    UNFIT,
    CROWDED,
    FAST,
    ROBOT_ODD,
    SENDER,
    LOGIN,
    NO_TLS,
    AUTHORITY,
    RATES,
    MAYBE,
    REFUSED,
    MAILBOX,
    NO_RELAY,
    PRIVATE,
    PLAIN,
    REDIRECT,
    LONG,
    NO_HOST,
    NO_LINE,
    SILENT,
    TLS,
    BOUNCED,
    CLOSED,
    SECRET,
    NO_PLACE,
    BROKEN,
    CLIENT,
    TURNED_OFF,
    UNKNOWN
};

/* clang-format off */
static const struct trouble troubles[] = {
    [ROBOT_GONE] = {"robot_gone", "群机器人已被移除、停用，或地址有误", "the group's robot was removed or stopped, or its address is wrong",
        "请向群主重新取得机器人地址，再登记一次。", "Get the robot's address from the group's owner and set the channel up again."},
    [GUARD] = {"guard", "机器人的安全设置拒收：签名、关键词、来源地址或时钟不符", "the robot's guard refused: signature, keyword, sender's address, or the clock",
        "请核对密钥和关键词；若设了 IP 白名单，请加入本系统的地址。", "Compare secret and keyword; where it lists addresses, add this system's."},
    [FORM] = {"message_form", "平台不接受这条消息的格式", "the platform does not take a message of this form",
        "这多半是程序的问题，请告知系统管理员。", "This is most likely the program's fault: tell whoever runs it."},
    [UNFIT] = {"content", "平台认为内容不合适", "the platform finds the content unfit",
        "请看专利名称和需求名称中是否有敏感词。", "Look whether a title holds words that the platform does not allow."},
    [CROWDED] = {"busy", "平台繁忙", "the platform is busy", "稍后重发即可。", "Send it again later."},
    [FAST] = {"too_fast", "发送过快，对方要求稍后再发", "too fast: the other side asks to wait", "过几分钟再发。", "Wait some minutes."},
    [ROBOT_ODD] = {"robot_odd", "平台答复了未知的代码", "the platform answered a code that is not known", "请看对方原话，必要时问平台客服。", "Read the answer itself; ask the platform."},
    [SENDER] = {"sender", "邮件服务器不接受我方发件人", "the mail relay refuses our sender", "请系统管理员核对 mail_from 与登录账号是否一致。", "Have the settings mail_from and smtp_user compared."},
    [LOGIN] = {"login", "邮件服务器不接受登录", "the mail relay refuses the login", "请系统管理员核对账号；国内邮箱须用授权码而非密码。", "Have the login looked at; some providers ask for an authorisation code."},
    [NO_TLS] = {"no_tls", "邮件服务器不支持加密，未发出", "the mail relay has no TLS: nothing was sent in the clear", "请系统管理员换用支持加密的邮件服务器。", "Have another relay set, one with TLS."},
    [AUTHORITY] = {"certificate", "对方证书不可信", "the other side's certificate can't be trusted", "请对方更新证书，或核对地址。", "Ask the other side to renew it, or look at the address."},
    [RATES] = {"mail_rates", "对方邮箱限制收信频率", "the mailbox's provider limits how much we send", "几小时后再发。", "Send it again in some hours."},
    [MAYBE] = {"maybe", "已交出，但没有收到答复，可能已送达", "it was handed over and nobody answered: it may have arrived", "请先问对方是否已收到，再决定是否重发。", "Ask whether it arrived before it is sent again."},
    [REFUSED] = {"mail_refused", "邮件被拒收", "the mail was refused", "请看对方原话；多为内容被判为垃圾邮件。", "Read the answer itself; mostly it was taken for spam."},
    [MAILBOX] = {"no_mailbox", "没有这个邮箱", "there is no such mailbox", "请向企业核对邮箱地址，再登记一次。", "Ask the enterprise for its address and set the channel up again."},
    [NO_RELAY] = {"no_relay", "本系统没有设置发信服务器", "no mail relay is set here", "请系统管理员设置 smtp_url 和 mail_from。", "Have smtp_url and mail_from set."},
    [PRIVATE] = {"private_address", "地址指向内部网络，已拒绝", "the address leads into a private network: refused", "请用公网地址；确需内网，由系统管理员设置 allow_private。", "Use a public address, or have allow_private set."},
    [PLAIN] = {"https_only", "只向 https 地址发送", "only https is sent to", "请把地址改为 https 开头。", "Use an address that begins with https."},
    [REDIRECT] = {"redirect", "对方把请求转到别处，未跟随", "the other side redirects: not followed", "请登记转向后的地址。", "Set up the address that it leads to."},
    [LONG] = {"long_answer", "对方的答复过长", "the other side's answer is too long", "请看地址是否是接口而不是网页。", "Look whether the address is an interface, not a page."},
    [NO_HOST] = {"no_host", "找不到这个域名", "there is no such host", "请核对地址中的域名。", "Look at the host in the address."},
    [NO_LINE] = {"no_connection", "连不上对方服务器", "the other side's server can't be reached", "请对方确认服务是否开着、端口是否开放。", "Ask whether it is running and its port open."},
    [SILENT] = {"timeout", "对方在时限内没有答复", "the other side did not answer in time", "请对方看看服务是否正常。", "Ask whether its service is well."},
    [TLS] = {"tls", "加密连接建立失败", "the encrypted connection failed", "请对方检查 https 设置。", "Ask the other side to look at its TLS."},
    [BOUNCED] = {"bounced", "邮件被退回", "the mail came back", "请看退信原话；向企业核对邮箱地址。", "Read what the server said; ask for the address."},
    [CLOSED] = {"gone", "对方表示该地址已停用（410）", "the other side says that the address is gone (410)", "请向企业取得新地址，再登记一次。", "Get the new address and set the channel up again."},
    [SECRET] = {"not_allowed", "对方拒绝：签名或权限不符", "the other side refuses: signature or permission", "请与对方核对签名密钥。", "Compare the secret with the other side."},
    [NO_PLACE] = {"not_found", "对方没有这个地址（404）", "the other side has no such address (404)", "请核对地址。", "Look at the address."},
    [BROKEN] = {"server_error", "对方服务器出错", "the other side's server failed", "请告知对方；恢复后重发。", "Tell the other side; send again when it is mended."},
    [CLIENT] = {"not_taken", "对方不接受这条消息", "the other side does not take this message", "请看对方原话，与其核对接口。", "Read the answer itself, and compare with the other side."},
    [TURNED_OFF] = {"turned_off", "渠道已停用，没有再发", "the channel was turned off: it was not tried any more", "请先启用或重新登记渠道，再重发。", "Switch the channel on or set it up again, then send."},
    [UNKNOWN] = {"unknown", "原因不明", "it is not known why", "请看对方原话。", "Read the answer itself."},
};
/* clang-format on */

/* ---- What is kept, and what it means. What channels say stands first: a status alone says less. */

static const struct {
    const char *says;
    int means;
} sentences[] = {
    {"the robot was removed", ROBOT_GONE},
    {"the robot's guard refuses", GUARD},
    {"the platform refuses this message", FORM},
    {"finds its content unfit", UNFIT},
    {"the platform is busy", CROWDED},
    {"too fast for the platform", FAST},
    {"too many requests", FAST},
    {"not a code that is known", ROBOT_ODD},
    {"the relay refuses our sender", SENDER},
    {"the relay refuses the login", LOGIN},
    {"the relay has no TLS", NO_TLS},
    {"certificate can't be trusted", AUTHORITY},
    {"provider limits how much we send", RATES},
    {"it may have been delivered", MAYBE},
    {"the message was refused", REFUSED},
    {"refused for good", REFUSED},
    {"there is no such mailbox", MAILBOX},
    {"said that it is gone", CLOSED},
    {"no mail can be sent", NO_RELAY},
    {"into a private network", PRIVATE},
    {"only https is sent to", PLAIN},
    {"a redirect: not followed", REDIRECT},
    {"the answer is longer", LONG},
};

static const struct {
    CURLcode code;
    int means;
} on_the_way[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NO_HOST},
    {CURLE_COULDNT_CONNECT, NO_LINE},
    {CURLE_OPERATION_TIMEDOUT, SILENT},
    {CURLE_GOT_NOTHING, NO_LINE},
    {CURLE_SEND_ERROR, NO_LINE},
    {CURLE_RECV_ERROR, NO_LINE},
    {CURLE_PEER_FAILED_VERIFICATION, AUTHORITY},
    {CURLE_SSL_CONNECT_ERROR, TLS},
};

static int by_sentence(const char *error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)
        if (strstr(error, sentences[i].says))
            return sentences[i].means;
    return UNKNOWN;
}

static int by_wire(const char *error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(on_the_way); i++)
        if (strstr(error, curl_easy_strerror(on_the_way[i].code)))
            return on_the_way[i].means;
    return UNKNOWN;
}

static int by_status(long status)
{
    if (status == 401 || status == 403)
        return SECRET;
    if (status == 404)
        return NO_PLACE;
    if (status == 410)
        return CLOSED;
    if (status == 421 || status == 429)
        return FAST;
    if (status >= 300 && status < 400)
        return REDIRECT;
    if (status >= 500)
        return BROKEN;
    return status >= 400 ? CLIENT : UNKNOWN;
}

const struct trouble *trouble_find(const char *outcome, long status, const char *error)
{
    int means = error ? by_sentence(error) : UNKNOWN;
    if (outcome && g_str_equal(outcome, "bounced"))
        means = BOUNCED;
    if (!outcome && !status && !error)
        means = TURNED_OFF;
    if (means == UNKNOWN)
        means = by_status(status);
    if (means == UNKNOWN && error)
        means = by_wire(error);
    return &troubles[means];
}

json_t *trouble_json(const struct trouble *trouble)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", trouble->code, "zh", trouble->zh,
                     "en", trouble->en, "do_zh", trouble->do_zh, "do_en", trouble->do_en);
}
