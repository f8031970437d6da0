#include "service/track/snapshot.h"
#include "sql/document.h"
#include "sql/ledger.h"
#include "sql/snapshot.h"
#include "sql/track.h"
#include <sodium.h>
#include <string.h>

enum { SALT_BYTES = 32 };

/* A snapshot while it is being taken. Its rows are read in a transaction that sees one state and writes nothing; its lines go, as they
 * come, into a transaction of a second session. */
struct taking {
    struct db *db;
    const struct snapshot_wish *wish;
    struct db *beside;
    struct snapshot_keep *keep;
    char chain[DIGEST_HEX + 1];
    int64_t count;
    GHashTable *known;             /* name -> salt, of those that have one */
    json_t *salts;                 /* {name: salt} drawn now */
    struct figures_whole *figures; /* the figures and their rows */
    const json_t *document;        /* the figures, once the rows have gone by */
    json_t *totals;
    const char *metric; /* whose rows are being read */
    int64_t n;
    json_t *of_agency;      /* {code: {rows, counted}} of the metric */
    char *agency;           /* whose row came last; NULL: there was none */
    json_t *rows, *counted; /* its totals, borrowed */
    GString *
        line; /* of the row that is being read: what all of the metric begin with, then the rest */
    gsize begun; /* bytes of that beginning */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void add_text(struct taking *taking, const char *body)
{
    chain_next(taking->chain, body, taking->chain);
    snapshot_keep_line(taking->keep, body, taking->chain);
    taking->count++;
}

/* Takes the reference. */
static void add_line(struct taking *taking, json_t *line)
{
    char *body = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(line);
    add_text(taking, body);
    free(body);
}

/* ---- Names of persons */

struct member {
    const char *name;
    enum track_column column;
};
static const struct {
    const char *metric;
    struct member members[3];
} personal[] = {{"experts", {{"key", TRACK_KEY}, {NULL, 0}}},
                {"attorneys", {{"key", TRACK_KEY}, {"label", TRACK_LABEL}, {NULL, 0}}}};

/* The one that is kept, or one drawn now. */
static const char *salt_of(struct taking *taking, const char *name)
{
    const char *known = g_hash_table_lookup(taking->known, name);
    if (!known)
        known = text_of(taking->salts, name);
    if (known)
        return known;
    unsigned char bytes[SALT_BYTES];
    char text[2 * SALT_BYTES + 1];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
    json_object_set_new(taking->salts, name, json_string(text));
    return text_of(taking->salts, name);
}

/* "sha256:…" over salt and name; a name that was erased stands so already. */
static char *token_of(struct taking *taking, const char *name)
{
    if (g_str_has_prefix(name, "sha256:"))
        return g_strdup(name);
    const char *salt = salt_of(taking, name);
    unsigned char bytes[SALT_BYTES];
    size_t len = 0;
    sodium_hex2bin(bytes, sizeof bytes, salt, strlen(salt), NULL, &len, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, bytes, (gssize)len);
    g_checksum_update(sum, (const guchar *)name, -1);
    return g_strdup_printf("sha256:%s", g_checksum_get_string(sum));
}

/* The members of a metric's rows that are names, ended by one without; NULL: none. */
static const struct member *names_of(const char *metric)
{
    for (size_t i = 0; i < G_N_ELEMENTS(personal); i++)
        if (g_str_equal(personal[i].metric, metric))
            return personal[i].members;
    return NULL;
}

/* {member, token, …, NULL} of what stands in a row. */
static GPtrArray *hidden_names(struct taking *taking, const struct track_row *row)
{
    GPtrArray *said = g_ptr_array_new_with_free_func(g_free);
    for (const struct member *member = names_of(taking->metric); member && member->name;
         member++) {
        const char *name = track_row_value(row, member->column);
        if (!name)
            continue;
        g_ptr_array_add(said, g_strdup(member->name));
        g_ptr_array_add(said, token_of(taking, name));
    }
    g_ptr_array_add(said, NULL);
    return said;
}

/* ---- Parts */

static bool add_head(struct taking *taking, const json_t *before, json_int_t number,
                     GError **error)
{
    json_auto_t *ledger = ledger_head(taking->db, error);
    g_autofree char *now = ledger ? db_clock(taking->db, error) : NULL;
    if (!now)
        return false;
    const json_t *document = figures_head(taking->figures);
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
    add_line(taking, head);
    add_line(taking, json_pack("{s:s, s:s}", "part", "pack", "text", taking->wish->pack->text));
    return true;
}

static json_t *total_of(struct taking *taking, const char *agency)
{
    json_t *total = json_object_get(taking->of_agency, agency);
    if (!total) {
        total = json_pack("{s:s, s:s, s:i, s:i}", "metric", taking->metric, "agency", agency,
                          "rows", 0, "counted", 0);
        json_object_set_new(taking->of_agency, agency, total);
        json_array_append(taking->totals, total);
    }
    return total;
}

static void count_row(struct taking *taking, const struct track_row *row)
{
    if (g_strcmp0(taking->agency, row->agency) != 0) {
        json_t *total = total_of(taking, row->agency);
        g_free(taking->agency);
        taking->agency = g_strdup(row->agency);
        taking->rows = json_object_get(total, "rows");
        taking->counted = json_object_get(total, "counted");
    }
    json_integer_set(taking->rows, json_integer_value(taking->rows) + 1);
    json_integer_set(taking->counted, json_integer_value(taking->counted) + row->counted);
}

/* Of millions of lines: printf is felt. */
static void append_number(GString *out, int64_t number)
{
    char digits[24], *first = digits + sizeof digits;
    for (*--first = '\0'; number > 0 || !*first; number /= 10)
        *--first = (char)('0' + number % 10);
    g_string_append(out, first);
}

/* The members stand in the order of their names, as in every other line. */
static bool add_row(const struct track_row *row, void *user, GError **error)
{
    struct taking *taking = user;
    g_autoptr(GPtrArray) said = names_of(taking->metric) ? hidden_names(taking, row) : NULL;
    (void)error;
    count_row(taking, row);
    g_string_truncate(taking->line, taking->begun);
    append_number(taking->line, ++taking->n);
    g_string_append(taking->line, ",\"part\":\"row\",\"row\":");
    track_row_text(row, said ? (const char *const *)said->pdata : NULL, taking->line);
    g_string_append_c(taking->line, '}');
    add_text(taking, taking->line->str);
    return true;
}

static bool add_metric(struct taking *taking, const char *metric, GError **error)
{
    taking->metric = metric;
    taking->n = 0;
    taking->of_agency = json_object();
    g_string_printf(taking->line, "{\"metric\":\"%s\",\"n\":", metric);
    taking->begun = taking->line->len;
    bool done = figures_rows(taking->figures, metric, add_row, taking, error);
    g_clear_pointer(&taking->agency, g_free);
    json_decref(taking->of_agency);
    return done;
}

/* Every metric that an item of the pack names, each once. */
static bool add_metrics(struct taking *taking, GError **error)
{
    json_auto_t *seen = json_object();
    size_t i, k;
    json_t *clause, *item;
    json_array_foreach(json_object_get(taking->wish->pack->root, "clauses"), i, clause)
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

/* The figures are what the rows before come to. */
static bool add_figures(struct taking *taking, GError **error)
{
    taking->document = figures_shown(taking->figures, error);
    if (taking->document)
        add_line(taking, json_pack("{s:s, s:O}", "part", "figures", "document",
                                   (json_t *)(uintptr_t)taking->document));
    return taking->document != NULL;
}

static bool add_documents(struct taking *taking, GError **error)
{
    json_auto_t *papers =
        document_list(taking->db, taking->wish->figures.agency_id, NULL, NULL, error);
    for (size_t i = 0; papers && i < json_array_size(papers); i++) {
        json_t *line = json_copy(json_array_get(papers, i));
        json_object_set_new(line, "part", json_string("document"));
        const char *kind = text_of(line, "kind");
        if (g_str_equal(kind, "expert") || g_str_equal(kind, "attorney")) {
            g_autofree char *token = token_of(taking, text_of(line, "key"));
            json_object_set_new(line, "key", json_string(token));
        }
        add_line(taking, line);
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
                        "the rows of %s are not what was counted: take it again",
                        text_of(item, "metric"));
            return false;
        }
    }
    return true;
}

/* ---- Keeping */

/* What is answered of a snapshot that is kept. */
static json_t *told(const struct snapshot_row *row)
{
    return json_pack("{s:I, s:s, s:i, s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "number",
                     (json_int_t)row->number, "policy", row->policy, "version", row->version,
                     "as_of", row->as_of, "known_at", row->known_at, "lines",
                     (json_int_t)row->lines, "previous", row->previous, "digest", row->digest,
                     "public_key", row->public_key, "signature", row->signature);
}

static json_t *keep(struct taking *taking, const char *previous, json_int_t number,
                    GError **error)
{
    char signature[SIGNATURE_HEX + 1];
    sign_text(taking->wish->key, taking->chain, signature);
    if (!snapshot_keep_end(taking->keep, error))
        return NULL;
    g_autofree char *now = db_clock(taking->beside, error);
    const struct snapshot_row row = {
        .number = number,
        .policy = text_of(taking->document, "policy"),
        .version = (int)json_integer_value(json_object_get(taking->document, "version")),
        .as_of = text_of(taking->document, "as_of"),
        .known_at = text_of(taking->document, "known_at"),
        .taken_at = now,
        .lines = taking->count,
        .previous = previous,
        .digest = taking->chain,
        .public_key = taking->wish->key->public_hex,
        .signature = signature};
    if (!now || !personal_salt_add(taking->beside, taking->salts, error) ||
        !snapshot_add(taking->beside, &row, error) || !db_commit(taking->beside, error))
        return NULL;
    return told(&row);
}

static bool begin_keeping(struct taking *taking, json_int_t number, GError **error)
{
    taking->beside = db_beside(taking->db, error);
    if (!taking->beside || !db_begin(taking->beside, DB_ACROSS, 0, error))
        return false;
    taking->keep = snapshot_keep_begin(taking->beside, number, taking->wish->file);
    return true;
}

static json_t *take(struct taking *taking, GError **error)
{
    json_auto_t *all = snapshot_list(taking->db, error);
    if (!all)
        return NULL;
    const json_t *before =
        json_array_size(all) ? json_array_get(all, json_array_size(all) - 1) : NULL;
    json_int_t number = before ? g_ascii_strtoll(text_of(before, "number"), NULL, 10) + 1 : 1;
    taking->figures =
        figures_begin(taking->db, taking->wish->pack, &taking->wish->figures, error);
    if (!taking->figures)
        return NULL;
    taking->known = personal_salts(taking->db, error);
    if (!taking->known || !begin_keeping(taking, number, error) ||
        !add_head(taking, before, number, error) || !add_metrics(taking, error) ||
        !add_figures(taking, error) || !add_documents(taking, error) ||
        !check_figures(taking, error))
        return NULL;
    add_line(taking, json_pack("{s:s, s:I, s:O}", "part", "end", "lines",
                               (json_int_t)taking->count, "totals", taking->totals));
    return keep(taking, before ? text_of(before, "digest") : digest_of_nothing, number, error);
}

/* What was not committed is undone with the session. */
static void taking_clear(struct taking *taking)
{
    figures_end(taking->figures);
    snapshot_keep_free(taking->keep);
    if (taking->beside)
        db_rollback(taking->beside);
    db_close(taking->beside);
    g_clear_pointer(&taking->known, g_hash_table_unref);
    json_decref(taking->salts);
    json_decref(taking->totals);
    g_string_free(taking->line, TRUE);
}

json_t *snapshot_take(struct db *db, const struct snapshot_wish *wish, GError **error)
{
    struct taking taking = {.db = db,
                            .wish = wish,
                            .salts = json_object(),
                            .totals = json_array(),
                            .line = g_string_new(NULL)};
    memcpy(taking.chain, digest_of_nothing, sizeof taking.chain);
    json_t *taken = snapshot_lock(db, error) ? take(&taking, error) : NULL;
    taking_clear(&taking);
    snapshot_unlock(db);
    return taken;
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
