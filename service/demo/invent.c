#include "service/demo/invent.h"
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { EXPERTS = 40, DECLARED = 12, DEALS = 8 };

/* ---- Credit codes (GB 32100-2015, GB 11714) */

static const char code_digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static char organisation_check(const char *eight)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weights[i] * (g_ascii_isdigit(eight[i]) ? eight[i] - '0' : eight[i] - 'A' + 10);
    int check = 11 - sum % 11;
    return check == 11 ? '0' : check == 10 ? 'X' : (char)('0' + check);
}

static char code_check(const char *seventeen)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++) {
        sum += weight * (int)(strchr(code_digits, seventeen[i]) - code_digits);
        weight = weight * 3 % 31;
    }
    return code_digits[(31 - sum % 31) % 31];
}

char *invent_uscc(int n, bool institution)
{
    char code[19];
    /* 91 enterprise; 350582 Jinjiang; a serial that real registers are far from */
    g_snprintf(code, sizeof code, "91350582%s%06d", institution ? "00" : "MA",
               n + (institution ? 900000 : 500000));
    code[16] = organisation_check(code + 8);
    code[17] = '\0';
    code[17] = code_check(code);
    code[18] = '\0';
    return g_strdup(code);
}

/* ---- Files */

static FILE *open_file(const char *folder, const char *name, const char *mode, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = fopen(path, mode);
    if (!file)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not open '%s': %s", path, g_strerror(errno));
    return file;
}

static bool close_file(FILE *file, const char *name, GError **error)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) == 0 && !failed)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "could not write '%s'", name);
    return false;
}

static void write_line(FILE *out, json_t *record)
{
    json_dumpf(record, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(record);
}

/* Calls `each` with every line of DATA/name (without its end) and its number from 0, and closes OUT/made. */
static bool convert(const char *data, const char *name, const char *out, const char *made,
                    void (*each)(const char *line, int n, FILE *to), GError **error)
{
    FILE *from = open_file(data, name, "r", error);
    FILE *to = from ? open_file(out, made, "w", error) : NULL;
    char *line = NULL;
    size_t room = 0;
    for (int n = 0; to && getline(&line, &room, from) > 0; n++) {
        line[strcspn(line, "\r\n")] = '\0';
        each(line, n, to);
    }
    free(line);
    if (from)
        fclose(from);
    return to && close_file(to, made, error);
}

/* ---- One kind after the other */

/* Three of four have a qualification; every fifth is not of this city. */
static void enterprise(const char *line, int n, FILE *to)
{
    static const char *const kinds[] = {"high_tech", "specialised_new", "tech_sme"};
    json_t *company = json_loads(line, 0, NULL);
    const char *name = json_string_value(json_object_get(company, "name"));
    if (name) {
        g_autofree char *code = invent_uscc(n, false);
        json_t *qualifications = json_array();
        if (n % 4 != 3)
            json_array_append_new(qualifications,
                                  json_pack("{s:s, s:o, s:s, s:s}", "kind", kinds[n % 3],
                                            "certificate", json_sprintf("XG%s%06d", "2024", n),
                                            "valid_from", "2024-12-01", "valid_to",
                                            "2027-11-30"));
        json_t *record = json_pack(
            "{s:s, s:s, s:s, s:o, s:{s:[ss], s:i}, s:b, s:s}", "uscc", code, "name", name,
            "division_code", n % 5 == 4 ? "350583" : "350582", "qualifications", qualifications,
            "push", "channels", "inbox", "webhook", "weekly_limit", 5, "invented", 1, "source",
            "listed_companies; credit code, division and qualification invented");
        json_object_set(record, "listed_id", json_object_get(company, "id"));
        write_line(to, record);
    }
    json_decref(company);
}

/* CSV with Chinese headers, as an office would have it. */
static void institution(const char *line, int n, FILE *to)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    if (n == 0) {
        fputs("统一社会信用代码,机构名称,机构类型,代理机构代码,是否虚构,来源\n", to);
        return;
    }
    g_autofree char *code = invent_uscc(n, true);
    bool has_code = g_strv_length(cells) > 1 && strlen(cells[1]) == 5;
    fprintf(to, "%s,%s,专利代理机构,%s,是,patent_agencies; credit code invented\n", code,
            cells[0], has_code ? cells[1] : "");
}

/* The columns as they are, and behind them the enterprise that is said to have the need: one each. */
static void need(const char *line, int n, FILE *to)
{
    if (n == 0) {
        fprintf(to, "%s\tenterprise_uscc\tvalid_from\tinvented\n", line);
        return;
    }
    g_autofree char *code = invent_uscc(n, false);
    fprintf(to, "%s\t%s\t2025-0%d-15\ttrue\n", line, code, 1 + n % 9);
}

static bool experts(const char *out, GError **error)
{
    static const char *const surnames[] = {"林", "陈", "黄", "蔡", "许", "吴", "庄", "洪"};
    static const char *const names[] = {"砚舟", "知衡", "沐川", "景和", "若岚"};
    static const char *const fields[] = {"鞋材与高分子", "纺织与印染", "陶瓷与建材", "食品加工",
                                         "智能装备"};
    FILE *to = open_file(out, "experts.jsonl", "w", error);
    if (!to)
        return false;
    for (int n = 0; n < EXPERTS; n++) {
        g_autofree char *name = g_strconcat(surnames[n % 8], names[n / 8], NULL);
        write_line(to, json_pack("{s:o, s:s, s:s, s:[s], s:s, s:b, s:s}", "source_id",
                                 json_sprintf("ZJ-%03d", n + 1), "name", name, "employer",
                                 n % 2 ? "闽南虚构工程学院" : "海西虚构材料研究所", "fields",
                                 fields[n % 5], "consent_date", "2025-03-01", "invented", 1,
                                 "source", "invented for the demonstration"));
    }
    return close_file(to, "experts.jsonl", error);
}

/* ---- Declared pushes and deals: inventions of the records, each to one enterprise, before they were bought */

struct right {
    char number[32], owner[200];
};

static int read_rights(const char *data, struct right *rights, int room, GError **error)
{
    FILE *from = open_file(data, "patents/cn_records.jsonl", "r", error);
    char *line = NULL;
    size_t size = 0;
    int count = 0;
    while (from && count < room && getline(&line, &size, from) > 0) {
        json_t *record = json_loads(line, 0, NULL);
        const char *number = json_string_value(json_object_get(record, "app_no"));
        const char *publication = json_string_value(json_object_get(record, "pub_no"));
        const char *owner =
            json_string_value(json_array_get(json_object_get(record, "applicants"), 0));
        const char *filed = json_string_value(json_object_get(record, "app_date"));
        bool granted = publication && g_str_has_suffix(publication, "B") && filed &&
                       strcmp(filed, "2010") > 0;
        if (granted && number && strlen(number) > strlen("CN") && owner &&
            (count == 0 || !g_str_equal(rights[count - 1].number, number))) {
            g_strlcpy(rights[count].number, number, sizeof rights[count].number);
            g_strlcpy(rights[count].owner, owner, sizeof rights[count].owner);
            count++;
        }
        json_decref(record);
    }
    free(line);
    if (from)
        fclose(from);
    return from ? count : -1;
}

static json_t *declared(const struct right *right, int n)
{
    g_autofree char *code = invent_uscc(n + 1, false);
    g_autofree char *digest =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, right->number, -1);
    return json_pack("{s:s, s:s, s:o, s:s, s:{s:o, s:s}, s:b, s:s}", "patent", right->number,
                     "enterprise_uscc", code, "sent_date",
                     json_sprintf("%d-0%d-10", n % 2 ? 2025 : 2026, 1 + n % 5), "channel",
                     "邮件", "evidence", "file", json_sprintf("push-%02d.eml", n + 1), "sha256",
                     digest, "invented", 1, "source", "invented for the demonstration");
}

static json_t *deal(const struct right *right, int n)
{
    g_autofree char *code = invent_uscc(n + 1, false);
    int year = n % 2 ? 2025 : 2026;
    return json_pack("{s:o, s:o, s:o, s:s, s:[{s:s, s:s}], s:{s:s}, s:{s:s, s:s}, s:I, s:o, "
                     "s:b, s:b, s:b, s:s}",
                     "contract_number", json_sprintf("XG-HT-%d-%03d", year, n + 1),
                     "registration_number", json_sprintf("%d350582%06d", year, n + 1),
                     "registration_date", json_sprintf("%d-08-20", year), "mode",
                     n % 3 ? "assignment" : "exclusive_licence", "rights", "type", "invention",
                     "number", right->number, "seller", "name", right->owner, "buyer", "name",
                     "（虚构受让方）", "uscc", code, "amount_fen",
                     (json_int_t)8000000 + n * (json_int_t)1250000, "contract_date",
                     json_sprintf("%d-07-%02d", year, 3 + n), "affiliated", 0, "led_by_agency",
                     1, "invented", 1, "source", "invented for the demonstration");
}

static bool rights(const char *data, const char *out, GError **error)
{
    struct right found[DECLARED];
    int count = read_rights(data, found, DECLARED, error);
    FILE *pushes = count >= 0 ? open_file(out, "declared_pushes.jsonl", "w", error) : NULL;
    FILE *deals = pushes ? open_file(out, "deals.jsonl", "w", error) : NULL;
    for (int n = 0; deals && n < count; n++) {
        write_line(pushes, declared(&found[n], n));
        if (n < DEALS)
            write_line(deals, deal(&found[n], n));
    }
    bool done = pushes && close_file(pushes, "declared_pushes.jsonl", error);
    return deals && close_file(deals, "deals.jsonl", done ? error : NULL) && done;
}

bool invent_all(const char *data, const char *out, GError **error)
{
    if (g_mkdir_with_parents(out, 0755) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "could not make the folder '%s'",
                    out);
        return false;
    }
    return convert(data, "entities/listed_companies.jsonl", out, "enterprises.jsonl",
                   enterprise, error) &&
           convert(data, "entities/patent_agencies.tsv", out, "institutions.csv", institution,
                   error) &&
           convert(data, "quality/needs_dev.tsv", out, "needs.tsv", need, error) &&
           experts(out, error) && rights(data, out, error);
}
