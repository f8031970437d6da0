/* bot.h - the robots of groups in WeCom, DingTalk and Feishu: forms, signatures, limits and codes as their platforms have them. A
 * robot's address is a password: it lies in the sealed text, a JSON object {url, secret, keyword}. Taken by a platform means that
 * nobody has confirmed it (WIRE_SENT); answers come by the signed link. */
#pragma once
#include "service/push/channel.h"

char *bot_adopt_wecom(const struct channel_offer *offer, char **shown, GError **error);
char *bot_adopt_dingtalk(const struct channel_offer *offer, char **shown, GError **error);
char *bot_adopt_feishu(const struct channel_offer *offer, char **shown, GError **error);

bool bot_wecom(const struct letter *letter, const struct push_options *options,
               struct dispatch *out, GError **error);
bool bot_dingtalk(const struct letter *letter, const struct push_options *options,
                  struct dispatch *out, GError **error);
bool bot_feishu(const struct letter *letter, const struct push_options *options,
                struct dispatch *out, GError **error);

struct wire_outcome bot_judge_wecom(const struct wire_call *call);
struct wire_outcome bot_judge_dingtalk(const struct wire_call *call);
struct wire_outcome bot_judge_feishu(const struct wire_call *call);

/* base64(HMAC-SHA256(key, message)). The caller frees. */
char *bot_hmac(const char *key, const char *message);
