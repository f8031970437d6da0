#include "loader/sentences.h"
#include <stdarg.h>

static const struct {
    const char *en, *zh;
} sentences[SAY_COUNT] = {
    [SAY_APP_CHECK] = {"application number {1}: check character is {2}, should be {3}; a digit "
                       "may be mistyped",
                       "申请号 {1}：校验位是 {2}，应为 {3}，可能有一位数字录错"},
    [SAY_APP_LENGTH] =
        {"application number '{1}': {2} digits, expected 8 or 12 and a check character",
         "申请号“{1}”：有 {2} 位数字，应为 8 位或 12 位加一位校验位"},
    [SAY_APP_CHARACTERS] = {"application number '{1}': '{2}' does not belong in it, expected 8 "
                            "or 12 digits and a check "
                            "character",
                            "申请号“{1}”：不应出现“{2}”，应为 8 位或 12 位数字加一位校验位"},
    [SAY_APP_KIND] =
        {"application number {1}: {2} digit {4} names no kind of patent (1, 2, 3, 8 or 9)",
         "申请号 {1}：{3}数字 {4} 不是专利种类号（应为 1、2、3、8 或 9）"},
    [SAY_APP_YEAR] = {"application number {1}: year {2} is not possible",
                      "申请号 {1}：年份 {2} 不可能"},
    [SAY_IS_PUBLICATION] = {"'{1}' is a publication number; put it in that column",
                            "“{1}”是公开（公告）号，请填到公开（公告）号一列"},
    [SAY_IS_APPLICATION] = {"'{1}' is an application number; put it in that column",
                            "“{1}”是申请号，请填到申请号一列"},
    [SAY_DAMAGED] =
        {"'{1}' was damaged by a spreadsheet; format the column as text and export again",
         "“{1}”已被电子表格改坏；请把这一列设为文本格式后重新导出"},
    [SAY_PUB_DIGIT] = {"publication number '{1}': first digit {2}, expected 1, 2 or 3",
                       "公开（公告）号“{1}”：首位数字是 {2}，应为 1、2 或 3"},
    [SAY_PUB_LENGTH] = {"publication number '{1}': {2} digits, expected 7 or 9",
                        "公开（公告）号“{1}”：有 {2} 位数字，应为 7 位或 9 位"},
    [SAY_PUB_LETTER] =
        {"publication number '{1}': kind letter {2} does not go with {3} (first digit {5})",
         "公开（公告）号“{1}”：文献种类字母 {2} 与{4}（首位数字 {5}）不符"},
    [SAY_PUB_FORM] =
        {"publication number '{1}': expected CN, 7 or 9 digits and a kind letter, as in "
         "CN106970934A",
         "公开（公告）号“{1}”：应为 CN 加 7 位或 9 位数字和种类字母，例如 CN106970934A"},
    [SAY_PAIR_KINDS] = {"publication {1} and application {2} are of different kinds",
                        "公开（公告）号 {1} 与申请号 {2} 的专利种类不同"},
    [SAY_TYPE_DIFFERS] =
        {"type {1} does not go with number {2}; {3} was taken, as the number says",
         "专利类型 {1} 与号码 {2} 不符；已按号码取 {3}"},
    [SAY_KIND_DIFFERS] =
        {"kind {1} does not go with publication number {2}; the number's letter was taken",
         "文献种类 {1} 与公开（公告）号 {2} 不符；已按号码的字母取值"},
    [SAY_USCC_CHECK] = {"credit code {1}: check character is {2}, should be {3}",
                        "统一社会信用代码 {1}：校验位是 {2}，应为 {3}"},
    [SAY_USCC_LETTER] = {"credit code {1}: '{2}' at place {3} is never used; perhaps {4}",
                         "统一社会信用代码 {1}：第 {3} 位的“{2}”不会出现，可能是 {4}"},
    [SAY_USCC_CHARACTER] = {"credit code {1}: '{2}' at place {3} does not belong in it",
                            "统一社会信用代码 {1}：第 {3} 位不应是“{2}”"},
    [SAY_USCC_OLD] =
        {"'{1}' is an old registration number; the 18-character credit code is needed",
         "“{1}”是旧的工商注册号；请填 18 位统一社会信用代码"},
    [SAY_USCC_ORGANISATION] =
        {"'{1}' is an organisation code; the 18-character credit code is needed",
         "“{1}”是组织机构代码；请填 18 位统一社会信用代码"},
    [SAY_USCC_LENGTH] = {"credit code {1}: {2} characters, expected 18",
                         "统一社会信用代码 {1}：有 {2} 个字符，应为 18 个"},
    [SAY_USCC_DAMAGED] =
        {"{1} was damaged by a spreadsheet; format the column as text and export again",
         "{1} 已被电子表格改坏；请把这一列设为文本格式后重新导出"},
    [SAY_USCC_M000] =
        {"credit code {1}: the check character fails, but codes with M000 from the pilot time "
         "are in lawful "
         "use; taken, please review",
         "统一社会信用代码 {1}：校验位不符，但试点期的 M000 代码仍在合法使用；已收下，请复核"},
    [SAY_USCC_INNER] =
        {"credit code {1}: the organisation code inside has check {2}, should be {3}; taken, "
         "please review",
         "统一社会信用代码 {1}：其中的组织机构代码校验位是 {2}，应为 {3}；已收下，请复核"},
    [SAY_DIVISION_LENGTH] = {"division '{1}': {2} digits, expected 6",
                             "行政区划“{1}”：有 {2} 位数字，应为 6 位"},
    [SAY_DIVISION_UNKNOWN] = {"division '{1}': not in the list of division codes",
                              "行政区划“{1}”：不在行政区划代码表中"},
    [SAY_DIVISION_NAME] = {"division '{1}': no place of this name in the list of division "
                           "codes; give the six-digit code",
                           "行政区划“{1}”：代码表中没有这个地名，请填六位代码"},
    [SAY_DIVISION_MANY] = {"division '{1}': {2} cities have one; give the code or the city",
                           "行政区划“{1}”：有 {3} 个城市有同名区划；请填代码或写明城市"},
    [SAY_REGISTRATION_FORM] =
        {"registration number '{1}': {2} characters, expected 14 or 16 digits; kept as it "
         "stands",
         "登记编号“{1}”：有 {2} 个字符，应为 14 位或 16 位数字；已照原样保留"},
    [SAY_REGISTRATION_SAME] = {"registration number '{1}' is the contract's own number",
                               "登记编号“{1}”就是合同编号本身，请填技术合同登记编号"},
    [SAY_AGENCY_LENGTH] = {"agency code '{1}': {2} digits, expected 5",
                           "代理机构代码“{1}”：有 {2} 位数字，应为 5 位"},
    [SAY_AGENCY_CHARACTERS] =
        {"agency code '{1}': '{2}' does not belong in it, expected 5 digits",
         "代理机构代码“{1}”：不应出现“{2}”，应为 5 位数字"},
    [SAY_CODE_FORM] = {"code '{1}': expected 1 to 32 letters, digits, - or _",
                       "代码“{1}”：应为 1 至 32 个字母、数字、- 或 _"},
    [SAY_PRACTICE_FORM] =
        {"practice number '{1}': expected 10 digits and a digit or X; kept as it stands",
         "执业证号“{1}”：应为 10 位数字加一位数字或 X；已照原样保留"},
    [SAY_SYMBOL_KEPT] = {"{1}; kept as printed", "分类号“{2}”读不懂，已照原样保留"},
    [SAY_SYMBOL_NOTE] = {"{1}", "分类号“{2}”只到大组或多一位数字，已按能读出的部分收下"},
    [SAY_LOCARNO_KEPT] =
        {"Locarno class '{1}': expected as in 09-03 or 09-03(8); kept as printed",
         "洛迦诺分类号“{1}”：应如 09-03 或 09-03(8)；已照原样保留"},
    [SAY_RIGHT_FORM] = {"'{1}' is no patent number that can be read",
                        "“{1}”不是能识别的专利号"},
    [SAY_RIGHT_APPLICATION] = {"'{1}' is an application; give the number of the granted patent",
                               "“{1}”是申请文献的号码；请填授权专利的号码"},
    [SAY_RIGHT_PCT] = {"'{1}': a PCT publication is not a patent",
                       "“{1}”：PCT 国际公布不是专利"},
    [SAY_RIGHT_SWAPPED] = {"'{1}': number and year are swapped; perhaps {2}",
                           "“{1}”：号码与年份颠倒，可能是 {2}"},
    [SAY_RIGHT_NOT_CHECKED] = {"'{1}': a foreign number, not checked",
                               "“{1}”：境外号码，未作校验"},
    [SAY_DATE_FORM] = {"'{1}' is not a date; write it as 2025-03-01",
                       "“{1}”不是日期；请写成 2025-03-01"},
    [SAY_DATE_IMPOSSIBLE] = {"date '{1}': there is no such day", "日期“{1}”：没有这一天"},
    [SAY_DATE_YEAR] = {"date '{1}': year {2} is not possible", "日期“{1}”：年份 {2} 不可能"},
    [SAY_DATE_SERIAL] =
        {"'{1}' is a spreadsheet's day number, perhaps {2}; format the column as a date and "
         "export again",
         "“{1}”是电子表格内部的日期序号，可能是 {2}；请把这一列设为日期格式后重新导出"},
    [SAY_MONEY_FORM] = {"'{1}' is not an amount of money; write it as 12000.50",
                        "“{1}”不是金额；请写成 12000.50"},
    [SAY_MONEY_FRACTION] = {"amount '{1}' is finer than one fen",
                            "金额“{1}”不足一分的部分无法记账"},
    [SAY_MONEY_RANGE] = {"amount '{1}' is too large", "金额“{1}”过大"},
    [SAY_MONEY_NEGATIVE] = {"amount '{1}' must not be negative", "金额“{1}”不能为负数"},
    [SAY_MONEY_UNITS] = {"amount '{1}': the cell says {2}, the header {3}",
                         "金额“{1}”：单元格的单位是{2}，表头的单位是{3}"},
    [SAY_MONEY_CURRENCY] = {"amount '{1}' is in {2}; nothing is converted, give yuan",
                            "金额“{1}”以{2}计；系统不换算，请填人民币"},
    [SAY_MONEY_DEFAULT] = {"no unit anywhere: {1} read as {1} yuan",
                           "没有写明单位：{1} 按 {1} 元读取"},
    [SAY_INTEGER_FORM] = {"'{1}' is not a whole number", "“{1}”不是整数"},
    [SAY_INTEGER_RANGE] = {"'{1}' is out of range, expected {2} to {3}",
                           "“{1}”超出范围，应在 {2} 到 {3} 之间"},
    [SAY_VALUE_UNKNOWN] = {"'{1}' is not understood; it can be: {2}",
                           "“{1}”无法识别；可以填：{2}"},
    [SAY_EMAIL_FORM] = {"'{1}' is not an e-mail address", "“{1}”不是电子邮件地址"},
    [SAY_QUIET_FORM] = {"'{1}' is not a time of quiet; write it as 22:00-08:00",
                        "“{1}”不是免打扰时段；请写成 22:00-08:00"},
    [SAY_EVIDENCE_FORM] = {"sha256 '{1}': expected 64 hexadecimal digits",
                           "sha256“{1}”：应为 64 位十六进制数字"},
    [SAY_TEXT_LONG] = {"{1} bytes, at most {2} are kept", "有 {1} 字节，最多 {2} 字节"},
    [SAY_WRONG_TYPE] = {"expected {1}, found {3}", "应为{2}，实际是{4}"},
    [SAY_CELL_JSON] = {"the cell begins like JSON but is not: {1}",
                       "单元格像 JSON 但不完整：{1}"},
    [SAY_MISSING] = {"{1} is required and empty", "缺少必填项“{2}”"},
    [SAY_MISSING_EITHER] = {"{1} or {3} is required, both are empty",
                            "“{2}”和“{4}”至少要填一项"},
    [SAY_MISSING_IN_LIST] = {"{1} is required in each entry; entry {3} has none",
                             "每一条都必须有“{2}”；第 {3} 条没有"},
    [SAY_MISSING_NUMBER] =
        {"no application number and no publication number: nothing says which patent this is",
         "既没有申请号，也没有公开（公告）号，无法知道是哪件专利"},
    [SAY_PLACES] = {"{1} values here, but {2} in {3}; both columns must go place by place",
                    "这里有 {1} 个值，而“{3}”有 {2} 个；两列必须逐个对应"},
    [SAY_ROW_QUOTE] = {"a quotation mark is opened and never closed, or closed in the wrong "
                       "place; a quotation mark inside a "
                       "cell is written twice",
                       "引号没有成对，或者在错误的位置结束；单元格内的引号要写两个"},
    [SAY_ROW_CELLS] = {"{1} cells, but the header has {2}; perhaps a cell with a separator in "
                       "it lacks its quotation marks",
                       "这一行有 {1} 格，表头只有 {2} 格；可能某格内含分隔符而没有加引号"},
    [SAY_ROW_TRUNCATED] =
        {"the file ends in the middle of this row ({1} of {2} cells); it may have been cut off",
         "文件在这一行中间结束（{2} 格只有 {1} 格），可能没有传完"},
    [SAY_ROW_NUL] =
        {"a NUL byte stands in this row (byte {1}); the file is damaged or not a text file",
         "这一行含有空字节（第 {1} 个字节），文件已损坏或不是文本文件"},
    [SAY_ROW_ENCODING] =
        {"bytes that are not {1} ({2}); save the file as UTF-8 and load it again",
         "有不属于 {1} 编码的字节（{2}）；请另存为 UTF-8 后重新导入"},
    [SAY_ROW_CELL_LONG] = {"a cell of {1} MB, at most {2} MB are read",
                           "有一格长达 {1} MB，最多读 {2} MB"},
    [SAY_ROW_LONG] = {"a row of more than {1} MB is not read", "一行超过 {1} MB，不读取"},
    [SAY_JSON_BROKEN] = {"not a whole JSON object on this line: {1}",
                         "这一行不是完整的 JSON 对象：{1}"},
    [SAY_JSON_NOT_OBJECT] = {"a JSON {1} stands on this line, expected an object {...}",
                             "这一行是 JSON {2}，应为对象 {...}"},
    [SAY_JSON_DEEP] = {"JSON nested too deeply, more than {1} levels",
                       "JSON 嵌套过深，超过 {1} 层"},
    [SAY_JSON_DUPLICATE] = {"the key '{1}' stands twice in one object",
                            "同一对象中键“{1}”出现了两次"},
    [SAY_JSON_NUMBER] = {"a number is too large to be kept exactly; write it as text",
                         "数字过大，无法准确保存；请写成文本"},
    [SAY_JSON_TRUNCATED] =
        {"the JSON object ends in the middle; the line may have been cut off",
         "JSON 对象没有写完，这一行可能被截断"},
    [SAY_JSON_NUL] = {"\\u0000 stands in a text; it can't be kept",
                      "文本中有 \\u0000，无法保存"},
    [SAY_CELL_ERROR] =
        {"the cell shows the error {1}: the formula in it failed; mend it, or put "
         "in the value itself",
         "这一格是错误值 {1}，其中的公式没有算出结果；请改正公式或直接填写内容"},
    [SAY_CELL_UNCALCULATED] = {"the cell holds a formula that was never calculated; open the "
                               "file in a spreadsheet program and save it",
                               "这一格的公式没有保存计算结果；请用表格软件打开并保存后再导入"},
    [SAY_CELL_BESIDE] =
        {"'{1}' stands in column {2}, where the table has only {3} columns with "
         "a name",
         "“{1}”在第 {2} 列，而表头只有 {3} 列；请给这一列加上表头，或删去这一格"},
    [SAY_DATE_BARE] = {"the number {1} was read as the day {2}; give the column a date format",
                       "数字 {1} 按日期 {2} 读入；请把该列设为日期格式"},
};

/* The text with {n} replaced by the n-th argument. */
static char *sentence_fill(const char *text, GPtrArray *args)
{
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c != '\0'; c++) {
        guint place =
            c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}' ? (guint)(c[1] - '0') : 0;
        if (place == 0 || place > args->len) {
            g_string_append_c(out, *c);
            continue;
        }
        g_string_append(out, g_ptr_array_index(args, place - 1));
        c += 2;
    }
    return g_string_free(out, FALSE);
}

bool say(struct problem *out, enum refusal_code code, enum sentence sentence, ...)
{
    g_autoptr(GPtrArray) args = g_ptr_array_new_with_free_func(g_free);
    va_list rest;
    va_start(rest, sentence);
    for (const char *arg = va_arg(rest, const char *); arg; arg = va_arg(rest, const char *))
        g_ptr_array_add(args, g_strdup(arg));
    va_end(rest);
    problem_clear(out);
    out->code = code;
    out->en = sentence_fill(sentences[sentence].en, args);
    out->zh = sentence_fill(sentences[sentence].zh, args);
    return false;
}
