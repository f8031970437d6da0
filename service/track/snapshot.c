#include "service/track/snapshot.h"
#include "sql/document.h"
#include "sql/ledger.h"
#include "sql/snapshot.h"
#include "sql/track.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 2000, SALT_BYTES = 32 };

/* A snapshot while it is being taken: its lines go to a file first, for the rows are read in a transaction that writes
 * nothing. */
struct taking {
    struct db *db;
    const struct snapshot_wish *wish;
    FILE *lines;
    char chain[DIGEST_HEX + 1];
    int64_t count;
    json_t *salts;    /* {name: salt} drawn now */
    json_t *document; /* the figures */
    json_t *totals;
    const char *metric; /* whose rows are being read */
    int64_t n;
    json_t *of_agency; /* {code: {rows, counted}} of the metric */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Takes the reference. */
static bool add_line(struct taking *taking, json_t *line, GError **error)
{
    char *body = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(line);
    chain_next(taking->chain, body, taking->chain);
    bool written = fprintf(taking->lines, "%s %s\n", taking->chain, body) > 0;
    free(body);
    taking->count++;
    if (!written)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not write the snapshot's lines: %s", g_strerror(errno));
    return written;
}

/* ---- Names of persons */

static const struct {
    const char *metric;
    const char *members[3];
} personal[] = {{"experts", {"key", NULL}}, {"attorneys", {"key", "label", NULL}}};

static char *salt_of(struct taking *taking, const char *name, GError **error)
{
    const char *drawn = text_of(taking->salts, name);
    if (drawn)
        return g_strdup(drawn);
    g_autoptr(GError) why = NULL;
    char *known = personal_salt(taking->db, name, &why);
    if (known || why) {
        if (why)
            g_propagate_error(error, g_steal_pointer(&why));
        return known;
    }
    unsigned char bytes[SALT_BYTES];
    char *text = g_malloc(2 * SALT_BYTES + 1);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, 2 * SALT_BYTES + 1, bytes, sizeof bytes);
    json_object_set_new(taking->salts, name, json_string(text));
    return text;
}

/* "sha256:…" over salt and name; a name that was erased stands so already. */
static json_t *token_of(struct taking *taking, const char *name, GError **error)
{
    if (g_str_has_prefix(name, "sha256:"))
        return json_string(name);
    g_autofree char *salt = salt_of(taking, name, error);
    unsigned char bytes[SALT_BYTES];
    size_t len = 0;
    if (!salt || sodium_hex2bin(bytes, sizeof bytes, salt, strlen(salt), NULL, &len, NULL) != 0)
        return NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, bytes, (gssize)len);
    g_checksum_update(sum, (const guchar *)name, -1);
    return json_sprintf("sha256:%s", g_checksum_get_string(sum));
}

static bool hide_names(struct taking *taking, json_t *row, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(personal); i++) {
        if (!g_str_equal(personal[i].metric, taking->metric))
            continue;
        for (const char *const *member = personal[i].members; *member; member++) {
            const char *name = text_of(row, *member);
            json_t *token = name ? token_of(taking, name, error) : json_null();
            if (!token)
                return false;
            json_object_set_new(row, *member, token);
        }
    }
    return true;
}

/* ---- Parts */

static bool add_head(struct taking *taking, const json_t *before, json_int_t number,
                     GError **error)
{
    json_auto_t *ledger = ledger_head(taking->db, error);
    g_autofree char *now = ledger ? db_clock(taking->db, error) : NULL;
    if (!now)
        return false;
    const json_t *document = taking->document;
    json_t *head = json_pack(
        "{s:s, s:s, s:I, s:O, s:O, s:O, s:O, s:O, s:s, s:s, s:{s:I, s:O}}", "part", "head",
        "format", "patbridge-snapshot/1", "snapshot", number, "policy",
        json_object_get(document, "policy"), "version", json_object_get(document, "version"),
        "pack_digest", json_object_get(document, "digest"), "as_of",
        json_object_get(document, "as_of"), "known_at", json_object_get(document, "known_at"),
        "taken_at", now, "previous", before ? text_of(before, "digest") : digest_of_nothing,
        "ledger", "seq", (json_int_t)g_ascii_strtoll(text_of(ledger, "number"), NULL, 10),
        "digest", json_object_get(ledger, "digest"));
    if (taking->wish->taken_by)
        json_object_set_new(head, "taken_by", json_string(taking->wish->taken_by));
    return add_line(taking, head, error) &&
           add_line(taking,
                    json_pack("{s:s, s:s}", "part", "pack", "text", taking->wish->pack->text),
                    error) &&
           add_line(taking, json_pack("{s:s, s:O}", "part", "figures", "document", document),
                    error);
}

static void count_row(struct taking *taking, const json_t *row)
{
    const char *agency = text_of(row, "agency");
    json_t *total = json_object_get(taking->of_agency, agency);
    if (!total) {
        total = json_pack("{s:s, s:s, s:i, s:i}", "metric", taking->metric, "agency", agency,
                          "rows", 0, "counted", 0);
        json_object_set_new(taking->of_agency, agency, total);
        json_array_append(taking->totals, total);
    }
    static const char *const members[] = {"rows", "counted"};
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        if (i == 0 || json_is_true(json_object_get(row, "counted")))
            json_object_set_new(
                total, members[i],
                json_integer(json_integer_value(json_object_get(total, members[i])) + 1));
}

static bool add_row(const json_t *row, void *user, GError **error)
{
    struct taking *taking = user;
    json_t *shown = json_copy((json_t *)(uintptr_t)row);
    json_object_del(shown, "agency_id");
    count_row(taking, row);
    if (!hide_names(taking, shown, error)) {
        json_decref(shown);
        return false;
    }
    return add_line(taking,
                    json_pack("{s:s, s:s, s:I, s:o}", "part", "row", "metric", taking->metric,
                              "n", (json_int_t)++taking->n, "row", shown),
                    error);
}

static bool add_metric(struct taking *taking, const char *metric, GError **error)
{
    struct figures_request request = taking->wish->figures;
    request.as_of = text_of(taking->document, "as_of");
    request.known_at = text_of(taking->document, "known_at");
    taking->metric = metric;
    taking->n = 0;
    taking->of_agency = json_object();
    bool done =
        figures_each(taking->db, taking->wish->pack, &request, metric, add_row, taking, error);
    json_decref(taking->of_agency);
    return done;
}

/* Every metric that an item names, each once. */
static bool add_metrics(struct taking *taking, GError **error)
{
    json_auto_t *seen = json_object();
    size_t i, k;
    json_t *clause, *item;
    json_array_foreach(json_object_get(taking->document, "clauses"), i, clause)
        json_array_foreach(json_object_get(clause, "items"), k, item)
    {
        const char *metric = text_of(item, "metric");
        if (json_object_get(seen, metric))
            continue;
        json_object_set_new(seen, metric, json_true());
        if (!add_metric(taking, metric, error))
            return false;
    }
    return true;
}

static bool add_documents(struct taking *taking, GError **error)
{
    json_auto_t *papers =
        db_begin(taking->db, DB_READONLY, 0, error)
            ? document_list(taking->db, taking->wish->figures.agency_id, NULL, NULL, error)
            : NULL;
    db_rollback(taking->db); /* it only read */
    for (size_t i = 0; papers && i < json_array_size(papers); i++) {
        json_t *line = json_copy(json_array_get(papers, i));
        json_object_set_new(line, "part", json_string("document"));
        const char *kind = text_of(line, "kind");
        if (g_str_equal(kind, "expert") || g_str_equal(kind, "attorney"))
            json_object_set_new(line, "key", token_of(taking, text_of(line, "key"), error));
        if (!add_line(taking, line, error))
            return false;
    }
    return papers != NULL;
}

/* ---- What was counted is what is shown */

static json_int_t counted_of(const json_t *totals, const char *metric, const char *agency)
{
    for (size_t i = 0; i < json_array_size(totals); i++) {
        const json_t *total = json_array_get(totals, i);
        if (g_str_equal(text_of(total, "metric"), metric) &&
            g_str_equal(text_of(total, "agency"), agency))
            return json_integer_value(json_object_get(total, "counted"));
    }
    return 0;
}

/* An item says how many rows it counts; one that is reckoned by the year does not. */
static bool check_figures(const struct taking *taking, GError **error)
{
    size_t i, k;
    json_t *clause, *item;
    json_array_foreach(json_object_get(taking->document, "clauses"), i, clause)
        json_array_foreach(json_object_get(clause, "items"), k, item)
    {
        const json_t *rows = json_object_get(item, "rows");
        if (rows &&
            json_integer_value(rows) != counted_of(taking->totals, text_of(item, "metric"),
                                                   text_of(clause, "agency"))) {
            g_set_error(error, SQL_ERROR, SQL_ERROR_AGAIN,
                        "records came in while the snapshot was taken (%s): take it again",
                        text_of(item, "metric"));
            return false;
        }
    }
    return true;
}

/* ---- Keeping */

static bool keep_lines(struct taking *taking, const char *number, GError **error)
{
    g_autofree char *line = NULL;
    size_t size = 0;
    json_auto_t *page = json_array();
    rewind(taking->lines);
    for (int64_t n = 1;; n++) {
        ssize_t len = getline(&line, &size, taking->lines);
        if (len > DIGEST_HEX + 1) {
            line[len - 1] = '\0'; /* its line feed */
            line[DIGEST_HEX] = '\0';
            json_array_append_new(page, json_pack("{s:I, s:s, s:s}", "n", (json_int_t)n, "body",
                                                  line + DIGEST_HEX + 1, "chain", line));
        }
        if (json_array_size(page) >= PAGE || len <= 0) {
            if (!snapshot_add_lines(taking->db, number, page, error))
                return false;
            json_array_clear(page);
        }
        if (len <= 0)
            return true;
    }
}

static json_t *keep(struct taking *taking, const json_t *before, json_int_t number,
                    GError **error)
{
    char signature[SIGNATURE_HEX + 1];
    g_autofree char *name = g_strdup_printf("%" JSON_INTEGER_FORMAT, number);
    sign_text(taking->wish->key, taking->chain, signature);
    if (!db_begin(taking->db, DB_ACROSS, 0, error))
        return NULL;
    g_autofree char *now = db_clock(taking->db, error);
    const struct snapshot_row row = {
        .number = number,
        .policy = text_of(taking->document, "policy"),
        .version = (int)json_integer_value(json_object_get(taking->document, "version")),
        .as_of = text_of(taking->document, "as_of"),
        .known_at = text_of(taking->document, "known_at"),
        .taken_at = now,
        .lines = taking->count,
        .previous = before ? text_of(before, "digest") : digest_of_nothing,
        .digest = taking->chain,
        .public_key = taking->wish->key->public_hex,
        .signature = signature};
    if (!now || !personal_salt_add(taking->db, taking->salts, error) ||
        !keep_lines(taking, name, error) || !snapshot_add(taking->db, &row, error) ||
        !db_commit(taking->db, error)) {
        db_rollback(taking->db);
        return NULL;
    }
    return json_pack("{s:I, s:s, s:i, s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "number", number,
                     "policy", row.policy, "version", row.version, "as_of", row.as_of,
                     "known_at", row.known_at, "lines", (json_int_t)row.lines, "previous",
                     row.previous, "digest", row.digest, "public_key", row.public_key,
                     "signature", signature);
}

static json_t *take(struct taking *taking, GError **error)
{
    json_auto_t *all = snapshot_list(taking->db, error);
    if (!all)
        return NULL;
    const json_t *before =
        json_array_size(all) ? json_array_get(all, json_array_size(all) - 1) : NULL;
    json_int_t number = before ? g_ascii_strtoll(text_of(before, "number"), NULL, 10) + 1 : 1;
    taking->document =
        figures_document(taking->db, taking->wish->pack, &taking->wish->figures, error);
    if (!taking->document || !add_head(taking, before, number, error) ||
        !add_metrics(taking, error) || !add_documents(taking, error) ||
        !check_figures(taking, error))
        return NULL;
    json_t *end = json_pack("{s:s, s:I, s:O}", "part", "end", "lines",
                            (json_int_t)taking->count, "totals", taking->totals);
    return add_line(taking, end, error) ? keep(taking, before, number, error) : NULL;
}

json_t *snapshot_take(struct db *db, const struct snapshot_wish *wish, GError **error)
{
    struct taking taking = {.db = db, .wish = wish, .lines = tmpfile()};
    if (!taking.lines) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not make a file for the snapshot's lines: %s", g_strerror(errno));
        return NULL;
    }
    taking.salts = json_object();
    taking.totals = json_array();
    memcpy(taking.chain, digest_of_nothing, sizeof taking.chain);
    json_t *taken = snapshot_lock(db, error) ? take(&taking, error) : NULL;
    snapshot_unlock(db);
    fclose(taking.lines);
    json_decref(taking.salts);
    json_decref(taking.totals);
    json_decref(taking.document);
    return taken;
}

/* ---- One file */

static bool write_lines(struct db *db, const char *number, FILE *out, GError **error)
{
    for (int64_t after = 0;;) {
        json_auto_t *page = snapshot_lines(db, number, after, PAGE, error);
        if (!page)
            return false;
        size_t count = json_array_size(page);
        for (size_t i = 0; i < count; i++) {
            const json_t *line = json_array_get(page, i);
            fprintf(out, "%s %s\n", text_of(line, "chain"), text_of(line, "body"));
        }
        if (count == 0)
            return true;
        after = g_ascii_strtoll(text_of(json_array_get(page, count - 1), "line"), NULL, 10);
    }
}

static json_t *find_snapshot(struct db *db, int64_t number, GError **error)
{
    json_auto_t *all = snapshot_list(db, error);
    if (!all)
        return NULL;
    size_t count = json_array_size(all);
    for (size_t i = count; i > 0; i--) {
        json_t *one = json_array_get(all, i - 1);
        if (!number || g_ascii_strtoll(text_of(one, "number"), NULL, 10) == number)
            return json_incref(one);
    }
    g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                number ? "there is no snapshot %" G_GINT64_FORMAT : "there is no snapshot yet",
                number);
    return NULL;
}

/* The time-stamps that it has by now: what they are of stands above them. */
static bool write_stamps(struct db *db, const char *number, FILE *out, GError **error)
{
    json_auto_t *stamps = snapshot_stamps(db, error);
    for (size_t i = 0; i < json_array_size(stamps); i++) {
        const json_t *stamp = json_array_get(stamps, i);
        if (g_str_equal(text_of(stamp, "number"), number))
            fprintf(out, "stamp %s %s\n", text_of(stamp, "authority"),
                    text_of(stamp, "answer"));
    }
    return stamps != NULL;
}

static bool write_file(struct db *db, const json_t *snapshot, FILE *out, GError **error)
{
    if (!write_lines(db, text_of(snapshot, "number"), out, error))
        return false;
    fprintf(out, "signature %s %s\n", text_of(snapshot, "public_key"),
            text_of(snapshot, "signature"));
    if (!write_stamps(db, text_of(snapshot, "number"), out, error))
        return false;
    if (fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "could not write the snapshot's file: %s", g_strerror(errno));
    return false;
}

bool snapshot_export(struct db *db, int64_t number, const char *path, GError **error)
{
    json_auto_t *snapshot =
        db_begin(db, DB_READONLY, 0, error) ? find_snapshot(db, number, error) : NULL;
    FILE *out = snapshot ? g_fopen(path, "w") : NULL;
    if (snapshot && !out)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "could not write '%s': %s", path, g_strerror(errno));
    bool done = out && write_file(db, snapshot, out, error);
    if (out)
        fclose(out);
    db_rollback(db); /* it only read */
    return done;
}

/* ---- What the official keeps */

json_t *snapshot_all(struct db *db, GError **error)
{
    json_t *all = db_begin(db, DB_READONLY, 0, error) ? snapshot_list(db, error) : NULL;
    db_rollback(db); /* it only read */
    return all;
}

char *snapshot_head_text(struct db *db, const struct sign_key *key, GError **error)
{
    if (!db_begin(db, DB_READONLY, 0, error))
        return NULL;
    json_auto_t *ledger = ledger_head(db, error);
    json_auto_t *all = ledger ? snapshot_list(db, error) : NULL;
    g_autofree char *now = all ? db_clock(db, error) : NULL;
    db_rollback(db); /* it only read */
    if (!now)
        return NULL;
    const json_t *last = json_array_get(all, json_array_size(all) - 1);
    g_autofree char *text = g_strdup_printf(
        "patbridge-head/1\nledger %s %s\nsnapshot %s %s\nat %s\nkey %s\n",
        text_of(ledger, "number"), text_of(ledger, "digest"),
        last ? text_of(last, "number") : "0",
        last ? text_of(last, "digest") : digest_of_nothing, now, key->public_hex);
    char signature[SIGNATURE_HEX + 1];
    sign_text(key, text, signature);
    return g_strdup_printf("%ssignature %s\n", text, signature);
}
