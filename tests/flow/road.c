#include "tests/flow/road.h"
#include "tests/support/testdb.h"
#include <criterion/criterion.h>
#include <string.h>

/* ---- The files */

static void copy_file(const char *name, bool as_gb18030)
{
    g_autofree char *path = g_build_filename("tests/flow/road", name, NULL);
    const char *text = text_of_file(path);
    gsize len = strlen(text);
    g_autofree char *bytes =
        as_gb18030 ? g_convert(text, -1, "GB18030", "UTF-8", NULL, &len, NULL) : g_strdup(text);
    cr_assert(bytes && g_file_set_contents(in_folder(name), bytes, (gssize)len, NULL), "%s",
              name);
}

void road_files(void)
{
    GDir *folder = g_dir_open("tests/flow/road", 0, NULL);
    cr_assert(folder, "tests/flow/road can't be read; run the tests by `make test`");
    for (const char *name; (name = g_dir_read_name(folder));)
        copy_file(name, g_str_has_suffix(name, ".csv"));
    g_dir_close(folder);
}

/* ---- What a clerk mends in the files of refused rows */

static const struct {
    const char *file, *from, *to;
} mendings[] = {
    {"patents.csv.refused.csv", "202219831307.9", "202219831307.8"},
    {"patents.csv.refused.csv", "2023.02.30", "2023.02.28"},
    {"patents.csv.refused.csv", "\"\",\"\",\"\",\"一种海苔自动分切机\"",
     "\"202419831523.1\",\"\",\"\",\"一种海苔自动分切机\""},
    {"enterprises.jsonl.refused.csv", "91350582MA0077178H", "91350582MA0077178G"},
    {"experts.jsonl.refused.csv", "\"\",\"5\",\"consent_date\"",
     "\"2024年9月9日\",\"5\",\"consent_date\""},
    {"needs.jsonl.refused.csv", "91350582MA00771946", "91350582MA0077178G"},
    {"declared_pushes.jsonl.refused.csv", "CN199830716A", "CN199830715A"},
    {"deals.jsonl.refused.csv", "CN202319830326.4", "CN202319830326.3"},
};

/* As in an editor: the text must be there. */
static void mend(const char *file)
{
    GString *text = g_string_new(text_of_file(in_folder(file)));
    for (size_t i = 0; i < G_N_ELEMENTS(mendings); i++)
        if (g_str_equal(mendings[i].file, file))
            cr_assert(g_string_replace(text, mendings[i].from, mendings[i].to, 0) > 0,
                      "%s: no %s in %s", file, mendings[i].from, text->str);
    write_file(in_folder(file), text->str);
    g_string_free(text, TRUE);
}

/* ---- The road */

/* In a command {name} is a file of the folder (of refused rows: mended), {port} the receiver's, {lead PATENT NEED} a lead of QH01. Answers are the
 * members that the JSON must have, with ' for "; NULL: any. */
static const struct step {
    const char *command;
    int code;
    const char *answer, *answer_again;
} road[] = {
    /* A new installation. */
    {"migrate", 0, "{'applied': 30, 'total': 30}", "{'applied': 0, 'total': 30}"},
    {"agency add QH01 --name 晋江蔚桥知识产权运营有限公司 --settled 2023-03-15", 0,
     "{'outcome': 'new'}", "{'outcome': 'same'}"},
    {"agency add QH02 --name 泉州衡泽知识产权服务有限公司", 0, "{'outcome': 'new'}",
     "{'outcome': 'same'}"},
    {"user add 林审 --role official", 0, "{'role': 'official'}", "{'role': 'official'}"},

    /* Loading. Of the CSV's five rows one is the first patent's earlier publication, one is new, three are refused: a wrong
     * check character, a day that does not exist, no number at all. */
    {"--agency QH01 load patent {patents.jsonl} --held-since 2024-03-01", 0,
     "{'read': 10, 'new': 10, 'refused': 0}", "{'read': 10, 'same': 10, 'refused': 0}"},
    {"--agency QH01 load patent {patents.csv} --held-since 2024-03-01", 3,
     "{'read': 5, 'new': 1, 'changed': 1, 'same': 0, 'refused': 3}",
     "{'read': 5, 'new': 0, 'changed': 0, 'same': 2, 'refused': 3}"},
    {"--agency QH01 load patent {patents.csv.refused.csv} --held-since 2024-03-01", 0,
     "{'read': 3, 'new': 3, 'refused': 0}", "{'read': 3, 'same': 3, 'refused': 0}"},
    {"--agency QH01 load enterprise {enterprises.jsonl} --held-since 2024-03-01", 3,
     "{'read': 7, 'new': 6, 'refused': 1}", "{'read': 7, 'same': 6, 'refused': 1}"},
    {"--agency QH01 load enterprise {enterprises.jsonl.refused.csv} --held-since 2024-03-01", 0,
     "{'read': 1, 'new': 1}", "{'read': 1, 'same': 1}"},
    {"--agency QH01 load expert {experts.jsonl} --held-since 2024-10-01", 3,
     "{'read': 5, 'new': 4, 'refused': 1}", "{'read': 5, 'same': 4, 'refused': 1}"},
    {"--agency QH01 load expert {experts.jsonl.refused.csv} --held-since 2024-10-01", 0,
     "{'read': 1, 'new': 1}", "{'read': 1, 'same': 1}"},
    {"--agency QH01 load institution {institutions.jsonl} --held-since 2024-03-01", 0,
     "{'read': 3, 'new': 3}", "{'read': 3, 'same': 3}"},
    {"--agency QH01 load need {needs.jsonl}", 3, "{'read': 11, 'new': 10, 'refused': 1}",
     "{'read': 11, 'same': 10, 'refused': 1}"},
    {"--agency QH01 load need {needs.jsonl.refused.csv}", 0, "{'read': 1, 'new': 1}",
     "{'read': 1, 'same': 1}"},
    {"--agency QH01 load declared_push {declared_pushes.jsonl}", 3,
     "{'read': 6, 'new': 5, 'refused': 1}", "{'read': 6, 'same': 5, 'refused': 1}"},
    {"--agency QH01 load declared_push {declared_pushes.jsonl.refused.csv}", 0,
     "{'read': 1, 'new': 1}", "{'read': 1, 'same': 1}"},
    {"--agency QH01 load deal {deals.jsonl}", 3, "{'read': 9, 'new': 8, 'refused': 1}",
     "{'read': 9, 'same': 8, 'refused': 1}"},
    {"--agency QH01 load deal {deals.jsonl.refused.csv}", 0, "{'read': 1, 'new': 1}",
     "{'read': 1, 'same': 1}"},

    /* The other agency: the first patent under another spelling of its number, a firm, the same need and the same contract. */
    {"--agency QH02 load patent {other_patents.jsonl} --held-since 2024-06-01", 0,
     "{'read': 2, 'new': 2}", "{'read': 2, 'same': 2}"},
    {"--agency QH02 load enterprise {other_enterprises.jsonl} --held-since 2024-06-01", 0,
     "{'read': 1, 'new': 1}", "{'read': 1, 'same': 1}"},
    {"--agency QH02 load need {other_needs.jsonl}", 0, "{'read': 1, 'new': 1}",
     "{'read': 1, 'same': 1}"},
    {"--agency QH02 load deal {other_deals.jsonl}", 0, "{'read': 1, 'new': 1}",
     "{'read': 1, 'same': 1}"},

    /* An official decides. XQ-05 and the declared push of the tile glaze to 晋江织汐 wait on. */
    {"--agency QH01 decide accept need XQ-01 XQ-02 XQ-03 XQ-04 XQ-06 XQ-07 XQ-09 XQ-10 --by "
     "林审 "
     "--reason 已核实 --effective 2025-06-30",
     0, "{'verdict': 'accept', 'effective': '2025-06-30'}", NULL},
    {"--agency QH01 decide accept need XQ-11 --by 林审 --reason 补报 --effective 2026-01-10", 0,
     "{'keys': ['XQ-11']}", NULL},
    {"--agency QH01 decide reject need XQ-08 --by 林审 --reason 企业称未提出 --effective "
     "2025-06-30",
     0, "{'verdict': 'reject', 'keys': ['XQ-08']}", NULL},
    {"--agency QH01 decide accept declared_push 'ZL 2022 1 9830104.7/91350582MA0077119D' "
     "2021198302172/91350582MA00771278 CN202219830104/91350583MA0077143C --by 林审 --reason "
     "邮件已核对 --effective 2025-11-30",
     0, "{'verdict': 'accept'}", NULL},
    {"--agency QH01 decide accept declared_push CN202319830326.3/91350582MA0077119D --by 林审 "
     "--reason 邮件已核对 --effective 2026-02-05",
     0, "{'verdict': 'accept'}", NULL},
    {"--agency QH01 decide reject declared_push CN199830715A/91350582MA00771353 --by 林审 "
     "--reason 企业称未收到 --effective 2025-11-30",
     0, "{'verdict': 'reject'}", NULL},
    {"--agency QH01 decide reject expert 许知遥/江汐新材料研究院 --by 林审 --reason "
     "本人否认同意 "
     "--effective 2025-11-01",
     0, "{'verdict': 'reject'}", NULL},
    {"--agency QH02 decide accept need HZ-01 --by 林审 --reason 已核实 --effective 2025-08-31",
     0, "{'verdict': 'accept'}", NULL},

    /* Matching: 14 patents of QH01 and the nine of its eleven needs that still stand; XQ-09 and XQ-10 are over. Of QH02 two
     * patents and one need. */
    {"--agency QH01 match", 0, "{'patents': 14, 'needs': 9, 'searched': 9, 'superseded': 0}",
     "{'needs': 9, 'searched': 0, 'compared': 0, 'proposed': 0, 'superseded': 0}"},
    {"--agency QH02 match", 0, "{'patents': 2, 'needs': 1, 'searched': 1, 'superseded': 0}",
     "{'needs': 1, 'searched': 0, 'compared': 0, 'proposed': 0, 'superseded': 0}"},

    /* A clerk takes six leads, and leaves one that was told of by letter before. */
    {"--agency QH01 lead accept {lead CN202219830104.7 XQ-01} {lead CN202119831298.8 XQ-02} "
     "{lead CN202319830326.3 XQ-06} {lead CN202319830866.1 XQ-11} {lead CN202219831307.8 "
     "XQ-03} "
     "{lead CN202219831081.1 XQ-05} --by 王敏 --reason 契合",
     0, "{'decided': 6, 'already': 0, 'refused': 0}",
     "{'decided': 0, 'already': 6, 'refused': 0}"},
    {"--agency QH01 lead reject {lead CN202119830217.2 XQ-02} --by 王敏 --reason 此前已寄送", 0,
     "{'decided': 1, 'already': 0, 'refused': 0}",
     "{'decided': 0, 'already': 1, 'refused': 0}"},

    /* Three enterprises have a receiver of their own; all six get it in their inbox. */
    {"--agency QH01 endpoint add 91350582MA0077119D webhook http://127.0.0.1:{port}/hook "
     "--secret-file {secret}",
     0, "{'channel': 'webhook'}", "{'channel': 'webhook'}"},
    {"--agency QH01 endpoint add 91350582MA00771353 webhook http://127.0.0.1:{port}/hook "
     "--secret-file {secret}",
     0, "{'channel': 'webhook'}", "{'channel': 'webhook'}"},
    {"--agency QH01 endpoint add 91350582MA0077151Q webhook http://127.0.0.1:{port}/hook "
     "--secret-file {secret}",
     0, "{'channel': 'webhook'}", "{'channel': 'webhook'}"},
    {"--agency QH01 push --once", 0,
     "{'made': 6, 'outbox': 3, 'accepted': 3, 'retry': 0, 'dead': 0, 'waiting': 0, 'held': {}}",
     "{'made': 0, 'outbox': 0, 'accepted': 0, 'retry': 0, 'dead': 0, 'waiting': 0, 'held': "
     "{}}"},

    /* Answers, and a contract. It is signed on a day that no run of this test reaches: a push counts for a deal when it was
     * delivered on a day before, and this one was delivered on the day of the run. */
    {"--agency QH01 feedback {lead CN202119831298.8 XQ-02} interested --by 织汐", 0,
     "{'answer': 'interested', 'recorded': true}", "{'recorded': false}"},
    {"--agency QH01 feedback {lead CN202219831307.8 XQ-03} not_fit --because price --note "
     "许可费偏高",
     0, "{'answer': 'not_fit', 'recorded': true}", "{'recorded': false}"},
    {"--agency QH01 feedback {lead CN202219831081.1 XQ-05} stop", 0,
     "{'answer': 'stop', 'recorded': true, 'withdrawn': 0}",
     "{'recorded': false, 'withdrawn': 0}"},
    {"--agency QH01 deal QH-ZR-10 --mode exclusive_licence --right invention:CN202119831298.8 "
     "--seller 泉屿纺织研究院 --buyer 晋江织汐鞋材有限公司/91350582MA00771278 --amount-yuan "
     "88000.00 --contract-date 2040-06-30 --registration 2040350582990010 --registered "
     "2040-07-10",
     0, "{'contract_number': 'QH-ZR-10', 'outcome': 'new'}", "{'outcome': 'same'}"},
};

/* ---- Playing */

const char *lead_of(const char *agency, const char *patent, const char *need)
{
    json_t *leads = ask("--agency %s leads --state all --limit 1000 --need %s", agency, need);
    for (size_t i = 0; i < json_array_size(leads); i++) {
        const json_t *lead = json_array_get(leads, i);
        if (g_str_equal(json_string_value(json_object_get(lead, "patent")), patent))
            return json_string_value(json_object_get(lead, "lead"));
    }
    cr_assert(false, "no lead of %s for %s at %s", patent, need, agency);
    return NULL;
}

static void put_name(GString *line, const char *name)
{
    g_auto(GStrv) words = g_strsplit(name, " ", -1);
    if (g_str_equal(name, "port"))
        g_string_append_printf(line, "%d", receiver_port());
    else if (g_str_equal(words[0], "lead"))
        g_string_append(line, lead_of("QH01", words[1], words[2]));
    else {
        if (g_str_has_suffix(name, ".refused.csv"))
            mend(name);
        g_string_append(line, in_folder(name));
    }
}

const char *road_command(const char *command)
{
    GString *line = g_string_new(NULL);
    for (const char *at = command; *at;) {
        size_t len = strcspn(at, "{");
        g_string_append_len(line, at, (gssize)len);
        at += len;
        if (!*at)
            break;
        len = strcspn(at + 1, "}");
        g_autofree char *name = g_strndup(at + 1, len);
        put_name(line, name);
        at += len + 2;
    }
    return keep_text(g_string_free(line, FALSE));
}

/* Why something was not taken: the report has only numbers. */
static void tell_attempts(void)
{
    json_auto_t *rows =
        testdb_rows("SELECT number, outcome, status, error, answer FROM attempt "
                    "WHERE outcome <> 'accepted'");
    char *attempts = json_dumps(rows, 0), *log = json_dumps(receiver_log(), 0);
    cr_log_error("attempts: %s; the receiver's log: %s", attempts, log);
    free(attempts);
    free(log);
}

void road_play(bool again)
{
    for (size_t i = 0; i < G_N_ELEMENTS(road); i++) {
        const struct step *step = &road[i];
        const char *command = road_command(step->command);
        const struct said *said = run_to(step->code, "--json %s", command);
        cr_assert(said->json, "%s: stdout is not one JSON document: %s", command, said->out);
        const char *answer = again ? step->answer_again : step->answer;
        if (answer)
            expect_members(command, said->json, answer);
        if (json_integer_value(json_object_get(said->json, "retry")))
            tell_attempts();
    }
}
