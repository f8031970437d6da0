#include "sql/ledger_pack.h"
#include "sql/copy.h"
#include "sql/ledger.h"
#include "sql/oid.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum {
    PACK_LINES = 500,
    NOTED_IDS = 200 /* as kept-note.sql lists */
};                  /* of one row of ledger_pack: what is read to find one of them again */

struct line {
    char *text; /* source TAB key TAB TAB digest LF */
    int64_t record_id;
};

struct ledger_pack {
    const char *source;
    char *at; /* when it was taken */
    EVP_MD_CTX *sha;
    GString *text; /* of the row being added */
    GStringChunk *texts;
    GArray *lines; /* struct line */
    json_t *unsure;
};

struct ledger_pack *ledger_pack_new(const char *source)
{
    struct ledger_pack *pack = g_new0(struct ledger_pack, 1);
    pack->source = g_intern_string(source);
    pack->sha = EVP_MD_CTX_new();
    EVP_DigestInit_ex2(pack->sha, EVP_sha256(), NULL);
    pack->text = g_string_new(NULL);
    pack->texts = g_string_chunk_new(1 << 16);
    pack->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
    pack->unsure = json_array();
    return pack;
}

void ledger_pack_free(struct ledger_pack *pack)
{
    if (!pack)
        return;
    EVP_MD_CTX_free(pack->sha);
    g_string_free(pack->text, TRUE);
    g_free(pack->at);
    g_string_chunk_free(pack->texts);
    g_array_unref(pack->lines);
    json_decref(pack->unsure);
    g_free(pack);
}

/* Ends a digest, as hexadecimal digits. It fails for want of memory only. */
static void append_final(EVP_MD_CTX *sha, bool begun, GString *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool done = begun && EVP_DigestFinal_ex(sha, digest, &size);
    g_assert(done);
    char text[2 * EVP_MAX_MD_SIZE];
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    g_string_append_len(out, text, 2 * (gssize)size);
}

/* libcrypto uses the processor's own instructions, which libsodium does not: a third of the loader's work otherwise. */
static void append_digest(const struct ledger_pack *pack, GString *out, const char *form,
                          size_t len)
{
    bool begun =
        EVP_DigestInit_ex2(pack->sha, NULL, NULL) && EVP_DigestUpdate(pack->sha, form, len);
    append_final(pack->sha, begun, out);
}

void ledger_pack_add(struct ledger_pack *pack, const char *key, const char *record_id,
                     const char *form, size_t len)
{
    if (strpbrk(key, "\t\n")) {
        ledger_pack_unsure(pack, record_id);
        return;
    }
    GString *text = pack->text;
    g_string_assign(text, pack->source);
    g_string_append_c(text, '\t');
    g_string_append(text, key);
    g_string_append(text, "\t\t");
    append_digest(pack, text, form, len);
    g_string_append_c(text, '\n');
    const struct line line = {
        g_string_chunk_insert_len(pack->texts, text->str, (gssize)text->len),
        strtoll(record_id, NULL, 10)};
    g_array_append_val(pack->lines, line);
}

void ledger_pack_unsure(struct ledger_pack *pack, const char *record_id)
{
    json_array_append_new(pack->unsure, json_string(record_id));
}

static struct ledger_pack *pack_of(struct db *db, const char *source, const char *at)
{
    if (!db->packs)
        db->packs = g_ptr_array_new_with_free_func((GDestroyNotify)ledger_pack_free);
    for (guint i = 0; i < db->packs->len; i++) {
        struct ledger_pack *pack = db->packs->pdata[i];
        if (pack->source == source)
            return pack;
    }
    struct ledger_pack *fresh = ledger_pack_new(source);
    fresh->at = g_strdup(at);
    g_ptr_array_add(db->packs, fresh);
    return fresh;
}

/* Of a few the figures that are kept are told which. */
static void note_pack(struct db *db, const struct ledger_pack *pack)
{
    if (pack->lines->len > NOTED_IDS) {
        kept_note(db, pack->source);
        return;
    }
    json_t *ids = json_array();
    for (guint i = 0; i < pack->lines->len; i++) {
        char id[24];
        g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT,
                   (gint64)g_array_index(pack->lines, struct line, i).record_id);
        json_array_append_new(ids, json_string(id));
    }
    kept_note_ids(db, pack->source, ids);
}

void ledger_take_pack(struct db *db, struct ledger_pack *pack, const char *by, const char *at)
{
    struct ledger_pack *whole = db->paused ? NULL : pack_of(db, pack->source, at);
    for (guint i = 0; whole && i < pack->lines->len; i++) {
        struct line line = g_array_index(pack->lines, struct line, i);
        line.text = g_string_chunk_insert(whole->texts, line.text);
        g_array_append_val(whole->lines, line);
    }
    if (whole && pack->lines->len)
        note_pack(db, pack);
    ledger_touch(db, pack->source, by, json_incref(pack->unsure), at);
    ledger_pack_free(pack);
}

/* All lines begin alike and a tab is below what a key is made of: the order of lines is that of keys. */
static int by_key(const void *one, const void *other)
{
    return strcmp(((const struct line *)one)->text, ((const struct line *)other)->text);
}

static bool in_order(const GArray *lines)
{
    for (guint i = 1; i < lines->len; i++)
        if (by_key(&g_array_index(lines, struct line, i - 1),
                   &g_array_index(lines, struct line, i)) > 0)
            return false;
    return true;
}

/* One row of ledger_pack: the lines from `first` on, and which records they are of. */
static void copy_some(struct copy_table *table, const struct ledger_pack *pack,
                      const char *entry, guint first)
{
    guint end = MIN(first + PACK_LINES, pack->lines->len);
    int64_t least = INT64_MAX, most = INT64_MIN;
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = first; i < end; i++) {
        const struct line *line = &g_array_index(pack->lines, struct line, i);
        g_string_append(lines, line->text);
        least = MIN(least, line->record_id);
        most = MAX(most, line->record_id);
    }
    g_autofree char *part = g_strdup_printf("%u", first / PACK_LINES);
    g_autofree char *count = g_strdup_printf("%u", end - first);
    g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, least);
    g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, most);
    const char *const texts[] = {entry,    pack->source, part, count,
                                 pack->at, from,         to,   lines->str};
    copy_table_add_texts(table, texts);
}

static const struct copy_column columns[] = {
    {"seq", OID_INT8},  {"source", OID_TEXT},    {"part", OID_INT4},
    {"rows", OID_INT4}, {"at", OID_TIMESTAMPTZ}, {"least", OID_INT8},
    {"most", OID_INT8}, {"lines", OID_TEXT},     {NULL, 0}};

static int by_source(const void *one, const void *other)
{
    const struct ledger_pack *const *a = one, *const *b = other;
    return strcmp((*a)->source, (*b)->source);
}

void ledger_pack_order(struct ledger_pack *pack)
{
    if (!in_order(pack->lines))
        g_array_sort(pack->lines, by_key);
}

static void order(GPtrArray *packs)
{
    g_ptr_array_sort(packs, by_source);
    for (guint i = 0; i < packs->len; i++)
        ledger_pack_order(packs->pdata[i]);
}

/* Of packs in order. */
static json_t *digest_of(const GPtrArray *packs)
{
    g_autoptr(GString) digest = g_string_new(NULL);
    EVP_MD_CTX *sha = EVP_MD_CTX_new();
    json_int_t rows = 0;
    bool done = EVP_DigestInit_ex2(sha, EVP_sha256(), NULL) != 0;
    for (guint i = 0; i < packs->len; i++) {
        const struct ledger_pack *pack = packs->pdata[i];
        rows += pack->lines->len;
        for (guint k = 0; done && k < pack->lines->len; k++) {
            const char *text = g_array_index(pack->lines, struct line, k).text;
            done = EVP_DigestUpdate(sha, text, strlen(text)) != 0;
        }
    }
    append_final(sha, done, digest);
    EVP_MD_CTX_free(sha);
    return json_pack("{s:I, s:s}", "rows", rows, "digest", digest->str);
}

json_t *ledger_write_packs(struct db *db, GPtrArray *packs, GError **error)
{
    g_autoptr(PGresult) turn =
        db_run(db, sql_ledger_turn, 0, NULL, "wait for the turn to write the ledger", error);
    if (!turn)
        return NULL;
    g_autoptr(copy_table) table = copy_table_of_texts(db, "ledger_pack", columns);
    order(packs);
    for (guint i = 0; i < packs->len; i++) {
        const struct ledger_pack *pack = packs->pdata[i];
        for (guint first = 0; first < pack->lines->len; first += PACK_LINES)
            copy_some(table, pack, PQgetvalue(turn, 0, 0), first);
    }
    return copy_table_finish(table, error) ? digest_of(packs) : NULL;
}
