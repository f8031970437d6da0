#include "service/track/snapcheck.h"
#include "service/track/stamp.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

void snapcheck_init(struct snapcheck *check)
{
    *check = (struct snapcheck){.counted = json_object(), .stamps = json_array()};
    memcpy(check->chain, digest_of_nothing, sizeof check->chain);
}

void snapcheck_clear(struct snapcheck *check)
{
    g_free(check->trouble);
    g_free(check->metric);
    json_decref(check->head);
    json_decref(check->figures);
    json_decref(check->counted);
    json_decref(check->stamps);
}

static bool wrong(struct snapcheck *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool wrong(struct snapcheck *check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    if (!check->trouble)
        check->trouble = g_strdup_printf("line %" G_GINT64_FORMAT "%s", check->lines, what);
    return false;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- Parts */

static bool read_head(struct snapcheck *check, json_t *line)
{
    if (check->lines != 1)
        return wrong(check, ": a second head");
    if (!g_str_equal(text_of(line, "format"), "patbridge-snapshot/1"))
        return wrong(check, ": no format that this program knows");
    check->head = json_incref(line);
    return true;
}

static bool read_pack(struct snapcheck *check, json_t *line)
{
    g_autofree char *digest =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, text_of(line, "text"), -1);
    return g_str_equal(digest, text_of(check->head, "pack_digest")) ||
           wrong(check, ": the pack is not the one that the head names");
}

static bool read_figures(struct snapcheck *check, json_t *line)
{
    if (check->figures)
        return wrong(check, ": figures a second time");
    check->figures = json_incref(json_object_get(line, "document"));
    return true;
}

static bool read_row(struct snapcheck *check, json_t *line)
{
    const json_t *row = json_object_get(line, "row");
    const char *metric = text_of(line, "metric");
    if (!check->metric || !g_str_equal(metric, check->metric)) {
        g_free(check->metric);
        check->metric = g_strdup(metric);
        check->n = 0;
    }
    if (json_integer_value(json_object_get(line, "n")) != ++check->n)
        return wrong(check,
                     ": %s row %" JSON_INTEGER_FORMAT " where %" G_GINT64_FORMAT " was due",
                     metric, json_integer_value(json_object_get(line, "n")), check->n);
    if (!json_is_true(json_object_get(row, "counted")))
        return true;
    g_autofree char *name = g_strconcat(metric, " ", text_of(row, "agency"), NULL);
    json_int_t so_far = json_integer_value(json_object_get(check->counted, name));
    json_object_set_new(check->counted, name, json_integer(so_far + 1));
    return true;
}

static bool read_document(struct snapcheck *check, json_t *line)
{
    return strlen(text_of(line, "sha256")) == DIGEST_HEX ||
           wrong(check, ": a paper without its digest");
}

static bool read_end(struct snapcheck *check, json_t *line)
{
    check->ended = true;
    return json_integer_value(json_object_get(line, "lines")) == check->lines - 1 ||
           wrong(check, ": it ends after %" JSON_INTEGER_FORMAT " lines, not here",
                 json_integer_value(json_object_get(line, "lines")));
}

static const struct {
    const char *part;
    bool (*read)(struct snapcheck *check, json_t *line);
} parts[] = {
    {"head", read_head}, {"pack", read_pack},         {"figures", read_figures},
    {"row", read_row},   {"document", read_document}, {"end", read_end},
};

static bool read_part(struct snapcheck *check, json_t *line)
{
    const char *part = text_of(line, "part");
    if (check->ended)
        return wrong(check, ": a line behind the end");
    if (!check->head && !g_str_equal(part, "head"))
        return wrong(check, ": it does not begin with its head");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (g_str_equal(parts[i].part, part))
            return parts[i].read(check, line);
    return wrong(check, ": a part '%s' that this program does not know", part);
}

/* What the line is, for a person: "patents row 17, CN…". */
static char *describe(const json_t *line)
{
    if (g_str_equal(text_of(line, "part"), "row"))
        return g_strdup_printf(" (%s row %" JSON_INTEGER_FORMAT ", %s)",
                               text_of(line, "metric"),
                               json_integer_value(json_object_get(line, "n")),
                               text_of(json_object_get(line, "row"), "key"));
    return g_strdup_printf(" (%s)", text_of(line, "part"));
}

bool snapcheck_line(struct snapcheck *check, const char *body, const char *chain)
{
    check->lines++;
    char due[DIGEST_HEX + 1];
    chain_next(check->chain, body, due);
    json_auto_t *line = json_loads(body, 0, NULL);
    g_autofree char *what = describe(line);
    if (!g_str_equal(due, chain))
        return wrong(check, "%s was altered, or the line before it taken away", what);
    memcpy(check->chain, due, sizeof due);
    return line ? read_part(check, line) : wrong(check, " is no JSON");
}

/* ---- The whole */

static bool check_counts(struct snapcheck *check)
{
    size_t i, k;
    json_t *clause, *item;
    json_array_foreach(json_object_get(check->figures, "clauses"), i, clause)
        json_array_foreach(json_object_get(clause, "items"), k, item)
    {
        g_autofree char *name =
            g_strconcat(text_of(item, "metric"), " ", text_of(clause, "agency"), NULL);
        const json_t *said = json_object_get(item, "rows");
        json_int_t value = json_integer_value(said);
        json_int_t rows = json_integer_value(json_object_get(check->counted, name));
        if (said && !json_object_get(item, "sum"))
            value = json_integer_value(json_object_get(item, "value"));
        if (said && value != rows)
            return wrong(check,
                         ": the figure of %s is %" JSON_INTEGER_FORMAT
                         ", and %" JSON_INTEGER_FORMAT " rows count",
                         name, value, rows);
    }
    return true;
}

bool snapcheck_end(struct snapcheck *check)
{
    if (!check->ended)
        return wrong(check, ": its end is missing");
    if (!check->figures)
        return wrong(check, ": it has no figures");
    return check_counts(check);
}

bool snapcheck_signature(struct snapcheck *check, const char *public_key, const char *signature)
{
    return sign_is_of(public_key, check->chain, signature) ||
           wrong(check, ": the signature is not that of %.16s… over %.16s…", public_key,
                 check->chain);
}

/* ---- A file */

static bool read_signature(struct snapcheck *check, char *line, const char *public_key,
                           char **signed_with)
{
    g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 0);
    if (g_strv_length(words) != 3)
        return wrong(check, ": the signature can't be read");
    *signed_with = g_strdup(words[1]);
    return snapcheck_end(check) &&
           snapcheck_signature(check, public_key ? public_key : words[1], words[2]);
}

/* "stamp AUTHORITY ANSWER" */
static bool read_stamp(struct snapcheck *check, char *line, const char *ca)
{
    g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 0);
    if (g_strv_length(words) != 3 || !g_str_equal(words[0], "stamp"))
        return wrong(check, ": something follows the signature");
    g_autofree char *time = NULL;
    g_autofree char *trouble = stamp_trouble(words[2], check->chain, ca, &time);
    if (trouble)
        return wrong(check, ": the time-stamp from %s is none: %s", words[1], trouble);
    json_array_append_new(check->stamps,
                          json_pack("{s:s, s:s?}", "authority", words[1], "time", time));
    return true;
}

static void read_stamps(FILE *file, const char *ca, struct snapcheck *check)
{
    g_autofree char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0)
        if (!read_stamp(check, line, ca))
            return;
}

/* Up to the signature, and with it. */
static void read_lines(FILE *file, const char *public_key, struct snapcheck *check,
                       char **signed_with)
{
    g_autofree char *line = NULL;
    size_t size = 0;
    ssize_t len;
    bool good = true;
    while (good && !*signed_with && (len = getline(&line, &size, file)) > 0) {
        if (g_str_has_prefix(line, "signature ")) {
            good = read_signature(check, line, public_key, signed_with);
        } else if (len < DIGEST_HEX + 2 || line[DIGEST_HEX] != ' ') {
            check->lines++;
            good = wrong(check, " is no line of a snapshot");
        } else {
            line[len - (line[len - 1] == '\n')] = '\0';
            line[DIGEST_HEX] = '\0';
            good = snapcheck_line(check, line + DIGEST_HEX + 1, line);
        }
    }
    if (good && !*signed_with)
        wrong(check, ": the signature is missing");
}

bool snapcheck_file(const char *path, const char *public_key, const char *ca,
                    struct snapcheck *check, char **signed_with, GError **error)
{
    FILE *file = g_fopen(path, "r");
    if (!file) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not open '%s': %s", path, g_strerror(errno));
        return false;
    }
    read_lines(file, public_key, check, signed_with);
    if (!check->trouble)
        read_stamps(file, ca, check);
    bool read = !ferror(file);
    if (!read)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not read '%s': %s", path, g_strerror(errno));
    fclose(file);
    return read;
}
