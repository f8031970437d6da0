#include "service/track/verify.h"
#include "service/track/paper.h"
#include "service/track/snapcheck.h"
#include "service/track/stamp.h"
#include "sql/document.h"
#include "sql/kept.h"
#include "sql/ledger.h"
#include "sql/migrate.h"
#include "sql/snapshot.h"
#include "sql/track.h"
#include <string.h>

enum { PAGE = 500 };

typedef struct verifying {
    struct db *db;
    const struct verify_wish *wish;
    json_t *findings;
    json_t *entries;             /* {number: digest} that the head asks for */
    json_int_t count;            /* of entries */
    char digest[DIGEST_HEX + 1]; /* of the last entry read */
    json_t *snapshots;           /* as listed */
    json_int_t papers;
    json_t *stamps; /* those that hold */
} verifying_t;

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return (json_int_t)g_ascii_strtoll(text_of(object, name), NULL, 10);
}

/* `entry` 0: none. */
static void find(struct verifying *verifying, const char *check, json_int_t entry,
                 const char *format, ...) G_GNUC_PRINTF(4, 5);
static void find(struct verifying *verifying, const char *check, json_int_t entry,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(verifying->findings,
                          json_pack("{s:s, s:o, s:s}", "check", check, "entry",
                                    entry ? json_integer(entry) : json_null(), "what", what));
}

/* ---- The chain of entries */

/* What is wrong with an entry, given the digest and the number of the one before; NULL: nothing. */
static const char *entry_trouble(const json_t *row, const json_t *body, const char *previous,
                                 json_int_t due)
{
    g_autofree char *digest =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, text_of(row, "body"), -1);
    if (number_of(row, "number") != due ||
        json_integer_value(json_object_get(body, "seq")) != number_of(row, "number"))
        return "its number is not the next one: an entry is missing, or was put in";
    if (!g_str_equal(digest, text_of(row, "digest")))
        return "its text was altered";
    if (!g_str_equal(text_of(body, "previous"), previous))
        return "it does not continue the entry before it";
    if (json_integer_value(json_object_get(body, "rows")) != number_of(row, "rows") ||
        !g_str_equal(text_of(body, "rows_digest"), text_of(row, "rows_digest")))
        return "the digests of its rows were altered";
    return NULL;
}

/* One page; `ended` when there are no more, or the chain is broken. */
static bool read_entries(struct verifying *verifying, bool *ended, GError **error)
{
    json_auto_t *page = ledger_entries(verifying->db, verifying->count, PAGE, error);
    *ended = json_array_size(page) == 0;
    for (size_t i = 0; i < json_array_size(page) && !*ended; i++) {
        const json_t *row = json_array_get(page, i);
        json_auto_t *body = json_loads(text_of(row, "body"), 0, NULL);
        const char *trouble = entry_trouble(row, body, verifying->digest, verifying->count + 1);
        if (trouble) {
            find(verifying, "ledger", verifying->count + 1,
                 "entry %" JSON_INTEGER_FORMAT " (%s, %s): %s", verifying->count + 1,
                 text_of(body, "kind"), text_of(body, "at"), trouble);
            *ended = true;
            continue;
        }
        verifying->count++;
        g_strlcpy(verifying->digest, text_of(row, "digest"), sizeof verifying->digest);
        json_object_set(verifying->entries, text_of(row, "number"),
                        json_object_get(row, "digest"));
    }
    return page != NULL;
}

static bool check_chain(struct verifying *verifying, GError **error)
{
    bool ended = false;
    while (!ended)
        if (!read_entries(verifying, &ended, error))
            return false;
    if (verifying->count == 0 && json_array_size(verifying->findings) == 0)
        find(verifying, "ledger", 1, "entry 1: the ledger is empty");
    return true;
}

/* ---- Rows */

static const struct {
    const char *what, *sentence;
} row_troubles[] = {
    {"altered", "was altered"},
    {"missing", "is gone"},
    {"foreign", "was put in: no entry knows it"},
    {"altered_before", "had been altered before it was changed"},
    {"no_entry", "has a digest of an entry that is gone"},
    {"no_source", "a table that this program does not know"},
};

static bool check_rows(struct verifying *verifying, GError **error)
{
    json_auto_t *row = ledger_first_altered(verifying->db, error);
    const char *sentence = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(row_troubles); i++)
        if (g_str_equal(row_troubles[i].what, text_of(row, "what")))
            sentence = row_troubles[i].sentence;
    if (sentence) {
        json_int_t entry = number_of(row, "number");
        g_autofree char *by =
            g_strdup_printf(" (entry %" JSON_INTEGER_FORMAT " knew it last)", entry);
        find(verifying, "row", entry, "%s %s %s%s", text_of(row, "source"), text_of(row, "key"),
             sentence, entry ? by : "");
        json_t *finding =
            json_array_get(verifying->findings, json_array_size(verifying->findings) - 1);
        json_object_set(finding, "source", json_object_get(row, "source"));
        json_object_set(finding, "key", json_object_get(row, "key"));
        json_object_set(finding, "trouble", json_object_get(row, "what"));
    }
    return row != NULL;
}

static bool check_pairs(struct verifying *verifying, GError **error)
{
    json_auto_t *pair = track_pair_altered(verifying->db, error);
    if (json_is_object(pair))
        find(verifying, "pair", 0, "need_pair %s/%s is not what their texts say",
             text_of(pair, "need"), text_of(pair, "other"));
    return pair != NULL;
}

static bool check_kept(struct verifying *verifying, GError **error)
{
    json_auto_t *kept = kept_altered(verifying->db, error);
    if (json_is_object(kept))
        find(verifying, "kept", 0, "the figure kept for '%s' is not what counting gives",
             text_of(kept, "metric"));
    return kept != NULL;
}

static bool check_functions(struct verifying *verifying, GError **error)
{
    g_autofree char *name = migrate_function_altered(verifying->db, error);
    if (name && *name)
        find(verifying, "function", 0, "the function %s is not this program's", name);
    return name != NULL;
}

/* ---- Snapshots */

/* Ends at the first trouble. */
static bool check_line(int64_t n, const char *body, const char *chain, void *user,
                       GError **error)
{
    struct snapcheck *check = user;
    (void)error;
    if (n == check->lines + 1)
        return snapcheck_line(check, body, chain);
    check->trouble = g_strdup_printf("line %" G_GINT64_FORMAT " is missing", check->lines + 1);
    return false;
}

static bool check_lines(struct verifying *verifying, const char *number,
                        struct snapcheck *check, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (snapshot_each_line(verifying->db, number, check_line, check, &why) || !why)
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* That its row says what its lines say. */
static const char *row_trouble(const json_t *row, const struct snapcheck *check,
                               const char *previous, json_int_t due)
{
    static const char *const shared[] = {"policy", "as_of", "previous"};
    if (number_of(row, "number") != due)
        return "its number is not the next one: a snapshot is missing, or was put in";
    if (!g_str_equal(text_of(row, "digest"), check->chain) ||
        number_of(row, "lines") != check->lines)
        return "its lines do not end in its digest";
    if (!g_str_equal(text_of(row, "previous"), previous))
        return "it does not continue the snapshot before it";
    for (size_t i = 0; i < G_N_ELEMENTS(shared); i++)
        if (!g_str_equal(text_of(row, shared[i]), text_of(check->head, shared[i])))
            return "its row and its head differ";
    if (json_integer_value(json_object_get(check->head, "snapshot")) != due)
        return "its lines are another snapshot's";
    return NULL;
}

/* The ledger that it was taken under is still the ledger. */
static const char *ledger_trouble(const struct verifying *verifying, const json_t *head)
{
    const json_t *ledger = json_object_get(head, "ledger");
    g_autofree char *number = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(ledger, "seq")));
    const char *now = json_string_value(json_object_get(verifying->entries, number));
    return g_strcmp0(now, text_of(ledger, "digest")) == 0
               ? NULL
               : "the ledger that it was taken under is not this one";
}

static bool check_snapshot(struct verifying *verifying, const json_t *row, const char *previous,
                           json_int_t due, GError **error)
{
    g_auto(snapcheck_t) check;
    snapcheck_init(&check);
    if (!check_lines(verifying, text_of(row, "number"), &check, error))
        return false;
    if (!check.trouble)
        snapcheck_end(&check);
    const char *key =
        verifying->wish->public_key ? verifying->wish->public_key : text_of(row, "public_key");
    const char *trouble = check.trouble ? NULL : row_trouble(row, &check, previous, due);
    if (!check.trouble && !trouble)
        snapcheck_signature(&check, key, text_of(row, "signature"));
    if (!check.trouble && !trouble)
        trouble = ledger_trouble(verifying, check.head);
    if (check.trouble || trouble)
        find(verifying, "snapshot", 0, "snapshot %" JSON_INTEGER_FORMAT " (%s, %s): %s", due,
             text_of(row, "policy"), text_of(row, "as_of"),
             check.trouble ? check.trouble : trouble);
    return true;
}

static bool check_snapshots(struct verifying *verifying, GError **error)
{
    verifying->snapshots = snapshot_list(verifying->db, error);
    const char *previous = digest_of_nothing;
    size_t before = json_array_size(verifying->findings);
    for (size_t i = 0; i < json_array_size(verifying->snapshots); i++) {
        const json_t *row = json_array_get(verifying->snapshots, i);
        if (!check_snapshot(verifying, row, previous, (json_int_t)i + 1, error))
            return false;
        if (json_array_size(verifying->findings) > before)
            return true; /* the first altered one */
        previous = text_of(row, "digest");
    }
    return verifying->snapshots != NULL;
}

/* ---- Time-stamps of a third party */

static void check_stamp(struct verifying *verifying, const json_t *row)
{
    const char *number = text_of(row, "number"), *digest = text_of(row, "digest");
    g_autofree char *time = NULL;
    g_autofree char *trouble =
        digest ? stamp_trouble(text_of(row, "answer"), digest, verifying->wish->stamp_ca, &time)
               : g_strdup("there is no such snapshot");
    if (trouble)
        find(verifying, "stamp", 0, "the time-stamp of snapshot %s from %s is none: %s", number,
             text_of(row, "authority"), trouble);
    else
        json_array_append_new(verifying->stamps,
                              json_pack("{s:s, s:s, s:s?}", "snapshot", number, "authority",
                                        text_of(row, "authority"), "time", time));
}

static bool check_stamps(struct verifying *verifying, GError **error)
{
    json_auto_t *rows = snapshot_stamps(verifying->db, error);
    for (size_t i = 0; i < json_array_size(rows); i++)
        check_stamp(verifying, json_array_get(rows, i));
    return rows != NULL;
}

/* ---- Papers */

static bool check_papers(struct verifying *verifying, GError **error)
{
    json_auto_t *papers = document_list(verifying->db, 0, NULL, NULL, error);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const json_t *paper = json_array_get(papers, i);
        const char *trouble =
            paper_trouble(verifying->wish->evidence, text_of(paper, "sha256"));
        if (trouble)
            find(verifying, "paper", 0, "the file '%s' of %s %s (%.16s…) is %s",
                 text_of(paper, "name"), text_of(paper, "kind"), text_of(paper, "key"),
                 text_of(paper, "sha256"), trouble);
    }
    verifying->papers = (json_int_t)json_array_size(papers);
    return papers != NULL;
}

/* ---- The head that the official kept */

/* The digest that is now where the head saw one; NULL: nothing is there. */
static const char *digest_now(const struct verifying *verifying, const char *chain,
                              const char *number)
{
    if (g_str_equal(chain, "ledger"))
        return json_string_value(json_object_get(verifying->entries, number));
    if (g_str_equal(number, "0"))
        return digest_of_nothing;
    for (size_t i = 0; i < json_array_size(verifying->snapshots); i++) {
        const json_t *row = json_array_get(verifying->snapshots, i);
        if (g_str_equal(text_of(row, "number"), number))
            return text_of(row, "digest");
    }
    return NULL;
}

static void check_link(struct verifying *verifying, char **words)
{
    if (!words[0] || !words[1] || !words[2])
        return;
    const char *now = digest_now(verifying, words[0], words[1]);
    const char *what = g_str_equal(words[0], "ledger") ? "entry" : "snapshot";
    if (!now)
        find(verifying, "head", 0,
             "%s %s, which the head names, is gone: the tail was cut, or an older backup was "
             "restored",
             what, words[1]);
    else if (!g_str_equal(now, words[2]))
        find(verifying, "head", 0,
             "%s %s is not the one that the head names: the chain was computed anew, or goes "
             "on from an older backup",
             what, words[1]);
}

/* The head out of what it came in: a mail has words around it, and its line ends. */
static char *head_out_of(const char *text)
{
    const char *start = strstr(text, "patbridge-head/");
    g_auto(GStrv) lines = g_strsplit(start ? start : text, "\r\n", 0);
    return g_strjoinv("\n", lines);
}

/* The signature is over everything before its line. */
static void check_head_signature(struct verifying *verifying, const char *head)
{
    const char *signature = g_strrstr(head, "signature ");
    const char *key = strstr(head, "\nkey ");
    if (!signature || !key)
        return; /* copied by hand: the numbers and digests are what matters */
    g_autofree char *text = g_strndup(head, (gsize)(signature - head));
    g_autofree char *hex = g_strndup(signature + strlen("signature "), SIGNATURE_HEX);
    g_autofree char *named = g_strndup(key + strlen("\nkey "), PUBLIC_HEX);
    const char *wanted = verifying->wish->public_key;
    if (!sign_is_of(wanted ? wanted : named, text, hex))
        find(verifying, "head", 0, "the head's signature is not that of its key");
}

static void check_head(struct verifying *verifying)
{
    g_autofree char *head = head_out_of(verifying->wish->head);
    g_auto(GStrv) lines = g_strsplit(head, "\n", 0);
    bool read = false;
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(*line), " ", 0);
        if (words[0] &&
            (g_str_equal(words[0], "ledger") || g_str_equal(words[0], "snapshot"))) {
            check_link(verifying, words);
            read = true;
        }
    }
    if (!read)
        find(verifying, "head", 0, "the head names neither ledger nor snapshot");
    check_head_signature(verifying, head);
}

/* ---- All of it */

/* The first altered record by the ledger's order stands first; findings without an entry keep their order behind. */
static void put_first(json_t *findings)
{
    size_t first = 0;
    json_int_t least = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        json_int_t entry =
            json_integer_value(json_object_get(json_array_get(findings, i), "entry"));
        if (entry && (!least || entry < least)) {
            least = entry;
            first = i;
        }
    }
    json_t *row = json_incref(json_array_get(findings, first));
    if (row) {
        json_array_remove(findings, first);
        json_array_insert_new(findings, 0, row);
    }
}

static bool check_all(struct verifying *verifying, GError **error)
{
    if (!check_chain(verifying, error) || !check_rows(verifying, error) ||
        !check_pairs(verifying, error) || !check_kept(verifying, error) ||
        !check_functions(verifying, error) || !check_snapshots(verifying, error) ||
        !check_stamps(verifying, error) || !check_papers(verifying, error))
        return false;
    if (verifying->wish->head)
        check_head(verifying);
    put_first(verifying->findings);
    return true;
}

json_t *verify_database(struct db *db, const struct verify_wish *wish, GError **error)
{
    struct verifying verifying = {.db = db, .wish = wish};
    memcpy(verifying.digest, digest_of_nothing, sizeof verifying.digest);
    if (!db_begin(db, DB_READONLY, 0, error))
        return NULL;
    verifying.findings = json_array();
    verifying.entries = json_object();
    verifying.stamps = json_array();
    json_t *document = NULL;
    if (check_all(&verifying, error))
        document = json_pack(
            "{s:I, s:{s:I, s:s}, s:I, s:I, s:O, s:O}", "entries", verifying.count, "head",
            "seq", verifying.count, "digest", verifying.digest, "snapshots",
            (json_int_t)json_array_size(verifying.snapshots), "papers", verifying.papers,
            "stamps", verifying.stamps, "findings", verifying.findings);
    db_rollback(db); /* it only read */
    json_decref(verifying.findings);
    json_decref(verifying.entries);
    json_decref(verifying.stamps);
    json_decref(verifying.snapshots);
    return document;
}
