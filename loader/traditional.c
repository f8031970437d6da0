/* traditional.c - headers and words of files that come from where traditional characters are written (Big5). */
#include "loader/traditional.h"
#include "loader/names.h"
#include <stdlib.h>
#include <string.h>

/* In turn a traditional character and its simplified one, in the order of the former: those that columns.tsv and values.tsv need. */
static const char pairs[] =
    "佔占來来個个備备價价優优內内冊册別别創创動动務务勝胜勞劳勢势勵励匯汇區区協协參参"
    "員员問问單单國国圍围園园圖图團团執执報报場场塊块壇坛學学實实審审專专對对導导屆届"
    "屬属崗岗師师庫库強强後后徑径從从復复徵征態态憑凭應应懸悬戶户掛挂採采撐撑擔担據据"
    "擬拟擴扩擾扰數数時时書书會会東东條条棄弃業业榮荣構构標标機机檢检權权歷历決决沒没"
    "況况測测滿满濟济為为無无營营牽牵狀状獎奖獨独獲获獻献現现產产當当發发眾众確确碼码"
    "礎础稅税種种稱称競竞範范簡简簽签約约納纳純纯紙纸級级細细紹绍終终組组結结給给統统"
    "經经維维線线編编縣县總总績绩織织繳缴聯联聲声職职臺台與与舉举萬万薦荐虛虚號号術术"
    "補补規规視视覽览觀观訂订計计訊讯討讨記记訟讼設设許许訴诉評评詞词詢询試试話话詳详"
    "認认說说課课請请論论諾诺證证識识譯译議议譽誉變变讓让負负財财貨货責责買买貸贷費费"
    "資资賞赏賣卖質质賬账購购賽赛軍军轉转辦办進进運运過过達达遷迁選选郵邮釘钉銀银銷销"
    "錄录鍵键鎮镇長长門门閉闭開开間间關关際际險险雙双離离難难電电靜静項项預预頒颁領领"
    "頭头頻频題题額额類类飛飞駁驳駐驻驗验體体點点";

#define BYTES ((size_t)3) /* of each in UTF-8 */

static int compare(const void *wanted, const void *pair)
{
    return memcmp(wanted, pair, BYTES);
}

char *text_simplified(const char *text)
{
    char *out = NULL;
    for (const char *c = text; *c != '\0'; c = text_next(c)) {
        const char *pair =
            (size_t)(text_next(c) - c) == BYTES
                ? bsearch(c, pairs, sizeof pairs / (2 * BYTES), 2 * BYTES, compare)
                : NULL;
        if (!pair)
            continue;
        if (!out)
            out = g_strdup(text);
        memcpy(out + (c - text), pair + BYTES, BYTES);
    }
    return out;
}
