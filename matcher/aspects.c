#include "matcher/aspects.h"
#include "matcher/folded.h"
#include "matcher/quantity.h"

#include <string.h>

/* Words with blanks between, longer ones need not come first. */
static const char *const words[ASPECT_NUMBER] = {
    [ASPECT_PRODUCT] = "鞋底 大底 中底 鞋垫 鞋面 鞋楦 鞋 伞 伞骨 伞面 骨架 拉链 纽扣 服装 内衣 "
                       "袜 箱包 玩具 家具 门窗 卫浴 龙头 瓷砖 陶瓷板 茶具 "
                       "机床 机器人 机械手 生产线 流水线 设备 装置 系统 平台 仪器 仪表 电机 "
                       "马达 减速器 轴承 齿轮 泵 阀门 阀 压缩机 换热器 锅炉 窑炉 "
                       "窑 炉 反应釜 釜 染缸 缸 模具 刀具 夹具 传感器 控制器 处理器 存储器 "
                       "芯片 电路 电池 充电桩 逆变器 灯具 灯 摄像头 显示屏 终端 "
                       "软件 模型 算法 车辆 汽车 无人机 管道 支架 面板 包装袋 包装盒 瓶 罐 "
                       "饼干 糕点 饮料 茶叶 调味料 保健品 药物 制剂 敷料 支撑架 "
                       "编织机 针车 缝纫机 注塑机 射出机 硫化机 挤出机 烘干机 切割机 打磨机 "
                       "喷涂机 输送带 滤芯 滤网",
    [ASPECT_MATERIAL] = "聚氨酯 橡胶 树脂 塑料 弹性体 尼龙 纤维 玻纤 碳纤维 碳板 涤纶 锦纶 "
                        "氨纶 棉纱 纱线 面料 织物 布料 皮革 合成革 胶水 胶粘剂 鞋胶 "
                        "粘合剂 涂料 涂层 油墨 染料 助剂 添加剂 催化剂 陶瓷 釉料 瓷泥 坯料 "
                        "玻璃 石材 水泥 混凝土 沥青 木材 竹材 纸张 纸浆 薄膜 泡沫 海绵 "
                        "粉末 合金 不锈钢 铸铁 铝材 铝 铜 钛 镁 钢 石墨烯 石墨 硅胶 淀粉 蛋白 "
                        "油脂 香精 色素 多糖 废水 废气 污泥 粉尘 氮气 二氧化碳 "
                        "EVA TPU TPEE TPE PU PVC PE PP PET ABS PLA PC SBR NBR PEBA POE",
    [ASPECT_PROCESS] = "发泡 硫化 注塑 射出 模压 热压 压延 挤出 吹塑 吸塑 压铸 铸造 锻造 冲压 "
                       "焊接 切割 雕刻 打磨 抛光 喷涂 喷墨 电镀 镀膜 阳极氧化 "
                       "染色 印花 定型 烘干 干燥 烘焙 烧结 烧制 煅烧 施釉 热处理 淬火 退火 "
                       "粘合 贴合 复合 缝制 编织 针织 织造 纺丝 清洗 过滤 分离 萃取 "
                       "蒸馏 发酵 杀菌 灭菌 冷冻 冷藏 保鲜 混炼 搅拌 研磨 粉碎 筛分 检测 识别 "
                       "监测 控制 调度 装配 分拣 搬运 刷胶 涂胶 回收 回用 降解 "
                       "改性 合成 聚合 固化 活化 脱硫 脱硝 除尘 3D打印 增材制造 训练 推理 加密 "
                       "压缩 编码 定位 导航",
    [ASPECT_PROPERTY] = "轻质 轻量 减重 高强度 高强 强度 韧性 硬度 刚度 柔软 弹性 回弹 透气 "
                        "透湿 保暖 吸湿 导电 导热 绝缘 阻燃 隔热 隔音 缓震 防滑 止滑 "
                        "密封 粘接力 剥离 附着力 色牢度 光泽 白度 透明度 密度 孔隙率 精度 "
                        "分辨率 灵敏度 准确率 良率 合格率 产量 产能 速度 寿命 稳定性 "
                        "可靠性 安全性 可降解 环保 节能 节水 低碳 省电 自动化 智能化 无人化 "
                        "免维护 低成本 保质期 口感 风味 水洗 无溶剂 少水 快干 自清洁 "
                        "低温 高温 静音 压缩永久变形 永久变形 收缩率 缩水率 摩擦系数 耐水压 "
                        "耐黄变 耐老化 耐高温 耐低温 耐水洗 耐水解 耐疲劳 耐弯折 耐屈挠 "
                        "耐溶剂 耐刮擦 耐腐蚀 耐候性 防静电 防紫外 防泼水 防起球 "
                        "抗静电 抗紫外 抗冲击 抗撕裂 抗老化 抗氧化 抗起球",
    [ASPECT_PROBLEM] = "不良 次品 缺胶 开胶 脱胶 开裂 裂纹 裂面 起皱 起泡 气泡 变形 翘曲 脱落 "
                       "断裂 弯死 掉色 色差 条花 黄变 发黄 发霉 老化 磨损 腐蚀 "
                       "生锈 堵塞 卡死 卡顿 泄漏 漏料 漏水 渗漏 噪声 噪音 振动 污染 异味 哈味 "
                       "氧化 结块 沉淀 变稠 缩边 收缩 不均 不匀 不足 不稳 不准 "
                       "不匹配 偏低 偏高 过高 过低 太贵 太慢 成本高 效率低 能耗高 精度低 "
                       "质量差 损失 浪费 超标 客诉 故障 失效 误差 误判 延迟 滞后 超过 "
                       "难以 无法 不能 不方便 依赖人工"};

/* Of a property, one more character belongs to it: 耐磨. */
static const char *const prefixes[] = {"耐", "防", "抗"};

const char *aspect_name(enum aspect_kind kind, bool chinese)
{
    static const char *const en[ASPECT_KINDS] = {"product",  "material", "process",
                                                 "property", "problem",  "number"};
    static const char *const zh[ASPECT_KINDS] = {"产品", "材料", "工艺",
                                                 "性能", "问题", "数值"};
    return chinese ? zh[kind] : en[kind];
}

static bool is_letter(char c)
{
    return g_ascii_isalnum(c);
}

/* The length of the longest word of a list that the text begins with; words of letters end where letters end. */
static size_t longest(const char *list, const char *text)
{
    size_t best = 0;
    while (*list) {
        size_t len = strcspn(list, " ");
        bool latin = g_ascii_isalpha(list[len - 1]);
        if (len > best && strncmp(text, list, len) == 0 && !(latin && is_letter(text[len])))
            best = len;
        list += len + (list[len] == ' ');
    }
    return best;
}

/* A byte that is no character's beginning stands alone. */
static size_t char_len(const char *text)
{
    bool whole = g_utf8_get_char_validated(text, -1) < 0x110000;
    return whole ? (size_t)g_utf8_skip[(guchar)*text] : 1;
}

/* 耐磨, 防水: the character behind must be Han. */
static size_t prefixed(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        size_t len = strlen(prefixes[i]);
        if (strncmp(text, prefixes[i], len) != 0)
            continue;
        gunichar next = g_utf8_get_char_validated(text + len, -1);
        if (next < 0x110000 && terms_is_han(next))
            return len + char_len(text + len);
    }
    return 0;
}

/* A sign behind a letter, or behind the number before, is a dash: A-5, 65-70℃. */
static size_t number_len(const char *text, uint32_t at, uint32_t behind_number)
{
    struct quantity quantity;
    bool is_dash = !g_ascii_isdigit(text[at]) && at > 0 &&
                   (at == behind_number || is_letter(text[at - 1]));
    return is_dash ? 0 : quantity_read(text + at, &quantity);
}

static struct aspect read_one(const char *text, uint32_t start, uint32_t behind_number)
{
    struct aspect aspect = {start, (uint32_t)number_len(text, start, behind_number),
                            ASPECT_NUMBER};
    for (int kind = 0; kind < ASPECT_NUMBER; kind++) {
        size_t len = longest(words[kind], text + start);
        if (len > aspect.len)
            aspect = (struct aspect){start, (uint32_t)len, (enum aspect_kind)kind};
    }
    size_t len = prefixed(text + start);
    if (len > aspect.len)
        aspect = (struct aspect){start, (uint32_t)len, ASPECT_PROPERTY};
    return aspect;
}

/* Where whole characters of the text as written end: ㎨ is several when folded. */
static uint32_t end_of(const struct folded *folded, const struct aspect *aspect)
{
    uint32_t end = aspect->start + aspect->len;
    while (folded->text[end] && folded->from[end] == folded->from[end - 1])
        end++;
    return end;
}

/* As it stands in the text as written; unless the same was named before. Returns where it ends. */
static uint32_t add(const struct folded *folded, const struct aspect *aspect, GHashTable *named,
                    GArray *out)
{
    uint32_t end = end_of(folded, aspect), start = folded->from[aspect->start];
    struct aspect written = {start, folded->from[end] - start, aspect->kind};
    if (g_hash_table_add(named, g_strndup(folded->text + aspect->start, aspect->len)))
        g_array_append_val(out, written);
    return end;
}

void aspects_read(const char *text, GArray *out)
{
    g_autoptr(match_folded) folded = folded_new(text);
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    uint32_t behind_number = 0;
    for (uint32_t at = 0; folded->text[at];) {
        struct aspect aspect = read_one(folded->text, at, behind_number);
        bool inside = at > 0 && is_letter(folded->text[at - 1]) && is_letter(folded->text[at]);
        if (aspect.len == 0 || inside) {
            at += (uint32_t)char_len(folded->text + at);
            continue;
        }
        at = add(folded, &aspect, named, out);
        behind_number = aspect.kind == ASPECT_NUMBER ? at : behind_number;
    }
}

static bool lies_within(const struct query_word *word, const struct aspect *aspect)
{
    return word->start >= aspect->start &&
           word->start + word->len <= aspect->start + aspect->len;
}

static bool is_part_of(const struct aspect *aspect, const struct query_word *word)
{
    return word->start <= aspect->start &&
           word->start + word->len >= aspect->start + aspect->len;
}

/* 鞋 of 跑鞋, where the need has no term 鞋: the word that it is part of. */
static void grow(struct aspect *aspect, const struct query *query)
{
    const struct query_word *whole = NULL;
    for (uint32_t i = 0; i < query->word_count; i++) {
        const struct query_word *word = &query->words[i];
        if (lies_within(word, aspect))
            return;
        bool is_word = query->terms[word->term].kind == TERM_WORD;
        if (is_word && is_part_of(aspect, word) && (!whole || word->len < whole->len))
            whole = word;
    }
    if (whole)
        *aspect = (struct aspect){whole->start, whole->len, aspect->kind};
}

void aspects_of_query(const struct query *query, GArray *out)
{
    guint before = out->len;
    aspects_read(query->text, out);
    for (guint i = before; i < out->len; i++) {
        struct aspect *aspect = &g_array_index(out, struct aspect, i);
        if (aspect->kind != ASPECT_NUMBER)
            grow(aspect, query);
    }
}

static bool has(const struct query_term *term, const struct index *ix, uint32_t doc)
{
    uint32_t number = query_find(term, ix);
    return number != INDEX_NONE && index_impact(ix, number, doc) > 0;
}

bool aspect_is_covered(const struct aspect *aspect, const struct query *query,
                       const struct index *ix, uint32_t doc)
{
    uint64_t all = 0, found = 0;
    bool around = false;
    for (uint32_t i = 0; i < query->word_count; i++) {
        const struct query_word *word = &query->words[i];
        const struct query_term *term = &query->terms[word->term];
        if (lies_within(word, aspect)) {
            all += MAX(term->weight, 1u);
            found += has(term, ix, doc) ? MAX(term->weight, 1u) : 0;
        } else if (is_part_of(aspect, word)) {
            around = around || has(term, ix, doc);
        }
    }
    if (all == 0)
        return around;
    return aspect->kind == ASPECT_NUMBER ? found == all : 2 * found >= all;
}

bool aspect_number_is_said(const char *number, const char *text)
{
    struct quantity quantity;
    g_autoptr(match_folded) wanted = folded_new(number), said = folded_new(text);
    return quantity_read(wanted->text, &quantity) > 0 &&
           quantity_is_said(&quantity, said->text);
}
