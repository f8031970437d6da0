/* Real files of others, where they are at hand (they are not part of the project): every one is read, and a set of fields that a
 * person compared with the files is as it was found. */
#include "loader/record.h"
#include <criterion/criterion.h>
#include <string.h>

#define FOLDER "../shared/data/samples/"

struct expected {
    const char *file, *key, *field,
        *value; /* value: the text, or the list's members joined by "|"; "*…": begins so */
};

static char *text_of(const json_t *value)
{
    GString *out = g_string_new(NULL);
    size_t i;
    json_t *one;
    if (json_is_string(value))
        g_string_append(out, json_string_value(value));
    json_array_foreach(value, i, one)
        g_string_append_printf(out, "%s%s", i ? "|" : "", json_string_value(one));
    return g_string_free(out, FALSE);
}

/* All records of a file by their key; the refused are counted. */
static json_t *read_file(const char *file, int *refused)
{
    g_autofree char *path = g_strconcat(FOLDER, file, NULL);
    const struct plan plan = {.kind = kind_find("patent"), .today = "2026-06-30"};
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = reader_open(path, &plan, &error);
    cr_assert(reader, "%s", error ? error->message : "");
    json_t *out = json_object();
    struct raw_row row;
    struct refusal refusal = {0};
    struct record record;
    enum reader_step step;
    while ((step = reader_next(reader, &row, &refusal, &error)) == READER_ROW ||
           step == READER_BAD_ROW) {
        if (step == READER_ROW && record_read(reader, &row, &record, &refusal)) {
            json_object_set(out, record.key, record.fields);
            record_clear(&record);
        } else {
            (*refused)++;
        }
    }
    refusal_clear(&refusal);
    cr_expect_eq(step, READER_END, "%s", file);
    return out;
}

static void check(const struct expected *expected)
{
    int refused = 0;
    json_t *records = read_file(expected->file, &refused);
    json_t *record = json_object_get(records, expected->key);
    g_autofree char *have = text_of(json_object_get(record, expected->field));
    bool prefix = *expected->value == '*';
    bool same = prefix ? g_str_has_prefix(have, expected->value + 1)
                       : strcmp(have, expected->value) == 0;
    cr_expect(same, "%s: %s.%s is '%.200s'", expected->file, expected->key, expected->field,
              have);
    json_decref(records);
}

static const struct expected table[] = {
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "application_number", "CN201110207897.1"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "publication_number", "CN102890692A"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "publication_date", "2013-01-23"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "application_date", "2011-07-22"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "applicants", "阿里巴巴集团控股有限公司"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "address",
     "英属开曼群岛大开曼资本大厦一座四层847号邮箱"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "inventors",
     "孙一鸣|强琦|蔡波洋|金晓军|吴宗远"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "agent_institution",
     "北京润泽恒知识产权代理有限公司"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "ipc", "G06F17/30"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "title", "一种网页信息抽取方法及抽取系统"},
    {"cn_pdf_parsed_alibaba.json", "CN201110207897", "description",
     "*[0001] 本申请涉及网页处理技术，特别是涉及一种网页信息抽取方法及抽取系统。\n[0002] "
     "网页信息抽取就是获取网页的数据，然后通过程序分析，将有用的数据提取分离出来。"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249767", "publication_number", "CN202644312U"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249767", "publication_date", "2013-01-02"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249767", "title", "一种钢筋混凝土轨枕"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249767", "inventors", "顾国生"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249767", "type", "utility_model"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220249771", "ipc", "E01B3/32|E01B9/10"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220317348", "application_number",
     "CN201220317348.X"},
    {"cnipa_25col_export_200rows.xlsx", "CN201220317348", "inventors", "任珊珊|任永贵"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027729", "application_number",
     "CN201710027729.1"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027729", "title", "交易处理控制方法及系统"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027729", "ipc", "G06F17/30|G06Q40/02"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027729", "agent_institution",
     "深圳市沃德知识产权代理事务所(普通合伙)"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027729", "address",
     "广东省深圳市罗湖区深南东路5047号"},
    {"cnipa_pss_colon_dump_head.txt", "CN201710027718", "inventors",
     "张元良|李耀星|吕云捷|蔡俊杰"},
    {"cnipa_pss_colon_dump_head.txt", "CN201630394663", "type", "design"},
    {"cnipa_pss_colon_dump_head.txt", "CN201630394663", "locarno", "14-03(10)|14-04(10)"},
    {"patsnap_export_record.xml", "US10984450", "publication_number", "US7591949"},
    {"patsnap_export_record.xml", "US10984450", "kind", "B"},
    {"patsnap_export_record.xml", "US10984450", "title",
     "Method for the improvement of transport across adaptable semi-permeable barriers"},
    {"patsnap_export_record.xml", "US10984450", "assignees", "IDEA AG"},
    {"patsnap_export_record.xml", "US10984450", "ipc", "B01D61/00|A61K9/127"},
    {"patsnap_export_record.xml", "US10984450", "application_date", "2004-11-08"},
    {"patsnap_export_record.xml", "US10984450", "publication_date", "2009-09-22"},
    {"cnipa_xml/dmh_2010102412224_100001-_DA000002391714.xml", "CN201010241222", "title",
     "“J型”水封管式高炉炉顶均压放散工艺"},
    {"cnipa_xml/dmh_2010102412224_100001-_DA000002391714.xml", "CN201010241222",
     "application_number", "CN201010241222.4"},
    {"cnipa_xml/dmh_2010102412224_100005-_DA000002391718.xml", "CN201010241222", "claims",
     "*1. "
     "“J型”水封管式高炉炉顶均压放散工艺，其特征在于：在称量料罐的均压放散出口串联接一J型水封"
     "管"},
    {"cnipa_xml/dmh_2010102412224_100003-_DA000002391716.xml", "CN201010241222", "abstract",
     "*本发明涉及一种“J型”水封管式高炉炉顶均压放散工艺，其不同之处在于：在称量料罐的均压放散出"
     "口"},
    {"cnipa_xml/dmh_2015110360686_100001-_100001.xml", "CN201511036068", "title",
     "一种用于功率变换器的电路"},
    {"cnipa_xml/dmh_2018103922220_100001-_DA000164371417.xml", "CN201810392222", "title",
     "一种血液灌流器的密封检测装置"},
    {"cnipa_xml/dmh_2018103932133_100004-_DA000164395406.xml", "CN201810393213", "abstract",
     "*本发明公开了一种用于废动力电池内芯的规则形状破碎切割装置，包括机架、破碎装置、传送带装"
     "置"},
    {"cnipa_xml/dmh_2018103932383_100002-_DA000164395658.xml", "CN201810393238", "description",
     "*一种利用螺杆式空压机、膨胀机的液体温差发电系统\n技术领域\n"},
};

Test(samples, fields_compared_by_a_person_are_read_from_real_files, .timeout = 120)
{
    if (!g_file_test(FOLDER, G_FILE_TEST_IS_DIR))
        cr_skip_test("the files are not here");
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        check(&table[i]);
}

Test(samples, no_row_of_the_real_files_is_refused, .timeout = 120)
{
    static const struct {
        const char *file;
        size_t records;
    } files[] = {{"cn_pdf_parsed_alibaba.json", 1},
                 {"cnipa_25col_export_200rows.xlsx", 199},
                 {"patsnap_export_record.xml", 1},
                 {"cnipa_pss_colon_dump_head.txt", 10}};
    if (!g_file_test(FOLDER, G_FILE_TEST_IS_DIR))
        cr_skip_test("the files are not here");
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        int refused = 0;
        json_t *records = read_file(files[i].file, &refused);
        cr_expect_eq(refused, 0, "%s: %d rows refused", files[i].file, refused);
        cr_expect_eq(json_object_size(records), files[i].records, "%s: %zu records",
                     files[i].file, json_object_size(records));
        json_decref(records);
    }
}

Test(samples, every_part_of_an_application_gives_the_whole_record, .timeout = 120)
{
    g_autoptr(GDir) dir = g_dir_open(FOLDER "cnipa_xml", 0, NULL);
    const char *name;
    int seen = 0;
    if (!dir)
        cr_skip_test("the files are not here");
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_strconcat("cnipa_xml/", name, NULL);
        int refused = 0;
        json_t *records = read_file(file, &refused);
        const char *key;
        json_t *record;
        seen++;
        cr_expect_eq(refused, 0, "%s was refused", name);
        cr_expect_eq(json_object_size(records), 1, "%s", name);
        json_object_foreach(records, key, record)
            cr_expect(json_object_get(record, "title") && json_object_get(record, "claims"),
                      "%s: %s lacks its title or claims", name, key);
        json_decref(records);
    }
    cr_expect_eq(seen, 18);
}
