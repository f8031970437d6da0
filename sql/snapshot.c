#include "sql/snapshot.h"
#include "sql/internal.h"
#include "sql/ledger.h"
#include <string.h>

bool snapshot_lock(struct db *db, GError **error)
{
    return db_do(db, sql_snapshot_lock, 0, NULL, "wait for another snapshot", error);
}

void snapshot_unlock(struct db *db)
{
    db_do(db, sql_snapshot_unlock, 0, NULL, "let another snapshot be taken", NULL);
}

json_t *snapshot_list(struct db *db, GError **error)
{
    return db_rows(db, sql_snapshot_list, 0, NULL, "list the snapshots", error);
}

enum {
    TUPLE_HEAD = 30,       /* bytes of a row in COPY's binary form before its lines */
    BLOCK_BYTES = 1 << 17, /* a row is sent once it has so many */
    SPAN = 4000            /* numbers of lines that are looked at in one page */
};

struct snapshot_keep {
    struct db *db;
    int64_t number, n, first; /* of the snapshot, of the last line, of the block's first */
    GString *block;           /* room for the row's head, then its lines */
    FILE *also;
    bool begun; /* COPY */
    GError *failure;
};

struct snapshot_keep *snapshot_keep_begin(struct db *db, int64_t number, FILE *also)
{
    struct snapshot_keep *keep = g_new0(struct snapshot_keep, 1);
    keep->db = db;
    keep->number = number;
    keep->also = also;
    keep->first = 1;
    keep->block = g_string_sized_new(BLOCK_BYTES + BLOCK_BYTES / 4);
    g_string_set_size(keep->block, TUPLE_HEAD);
    return keep;
}

/* The highest byte first. Answers what stands behind it. */
static char *put_number(char *to, int64_t value, int bytes)
{
    for (int i = bytes; i > 0; i--)
        *to++ = (char)(value >> (8 * (i - 1)));
    return to;
}

/* Three columns, each with its length. */
static void put_head(struct snapshot_keep *keep)
{
    char *to = put_number(keep->block->str, 3, 2);
    to = put_number(to, sizeof keep->number, 4);
    to = put_number(to, keep->number, sizeof keep->number);
    to = put_number(to, sizeof keep->first, 4);
    to = put_number(to, keep->first, sizeof keep->first);
    put_number(to, (int64_t)keep->block->len - TUPLE_HEAD, 4);
}

static const char copying[] = "keep the lines of a snapshot";

static void begin_copy(struct snapshot_keep *keep)
{
    static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* …, flags, no more */
    keep->begun = db_copy_begin(keep->db, sql_snapshot_keep, copying, &keep->failure);
    if (keep->begun)
        db_copy_data(keep->db, signature, sizeof signature);
}

/* What goes wrong is said by snapshot_keep_end(). */
static void send_block(struct snapshot_keep *keep)
{
    if (!keep->begun && !keep->failure)
        begin_copy(keep);
    put_head(keep);
    if (keep->begun)
        db_copy_data(keep->db, keep->block->str, keep->block->len);
    if (keep->also)
        fwrite(keep->block->str + TUPLE_HEAD, 1, keep->block->len - TUPLE_HEAD, keep->also);
    g_string_truncate(keep->block, TUPLE_HEAD);
    keep->first = keep->n + 1;
}

void snapshot_keep_line(struct snapshot_keep *keep, const char *body, const char *chain)
{
    keep->n++;
    g_string_append(keep->block, chain);
    g_string_append_c(keep->block, ' ');
    g_string_append(keep->block, body);
    g_string_append_c(keep->block, '\n');
    if (keep->block->len >= BLOCK_BYTES)
        send_block(keep);
}

bool snapshot_keep_end(struct snapshot_keep *keep, GError **error)
{
    static const char end[] = {'\377', '\377'};
    if (keep->block->len > TUPLE_HEAD)
        send_block(keep);
    if (keep->failure) {
        g_propagate_error(error, g_steal_pointer(&keep->failure));
        return false;
    }
    db_copy_data(keep->db, end, sizeof end);
    keep->begun = false;
    return db_copy_end(keep->db, NULL, copying, error);
}

void snapshot_keep_free(struct snapshot_keep *keep)
{
    if (!keep)
        return;
    if (keep->begun)
        db_copy_end(keep->db, "given up", "end a copy", NULL);
    g_clear_error(&keep->failure);
    g_string_free(keep->block, TRUE);
    g_free(keep);
}

bool snapshot_add(struct db *db, const struct snapshot_row *row, GError **error)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row->number);
    g_autofree char *version = g_strdup_printf("%d", row->version);
    g_autofree char *lines = g_strdup_printf("%" G_GINT64_FORMAT, row->lines);
    const char *const values[] = {number,        row->policy,     version,       row->as_of,
                                  row->known_at, row->taken_at,   lines,         row->previous,
                                  row->digest,   row->public_key, row->signature};
    g_autofree char *subject = g_strdup_printf("%s %s", row->policy, row->as_of);
    ledger_say(db, &(struct ledger_about){.kind = "snapshot", .subject = subject});
    ledger_touch_one(db, "snapshot", "snapshot_id", number, NULL);
    return db_do(db, sql_snapshot_add, 11, values, "keep the snapshot", error);
}

/* *after: the number that the last of them begins with. */
static bool give_page(const PGresult *page, snapshot_lines *each, void *user, int64_t *after,
                      GError **error)
{
    bool done = true;
    for (int i = 0; done && i < PQntuples(page); i++) {
        *after = g_ascii_strtoll(PQgetvalue(page, i, 0), NULL, 10);
        done =
            each(*after, PQgetvalue(page, i, 1), (size_t)PQgetlength(page, i, 1), user, error);
    }
    return done;
}

/* Sets *after to the number before that of the next line, if there is one: *more says so. */
static bool pass_gap(struct db *db, const char *const values[2], int64_t *after, bool *more,
                     GError **error)
{
    g_autoptr(PGresult) next =
        db_run(db, sql_snapshot_next_line, 2, values, "read a snapshot", error);
    *more = next && !PQgetisnull(next, 0, 0);
    if (*more)
        *after = g_ascii_strtoll(PQgetvalue(next, 0, 0), NULL, 10) - 1;
    return next != NULL;
}

bool snapshot_each_lines(struct db *db, const char *number, snapshot_lines *each, void *user,
                         GError **error)
{
    bool more = true, done = true;
    g_autofree char *span = g_strdup_printf("%d", SPAN);
    for (int64_t after = 0; done && more;) {
        g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, after);
        const char *const values[] = {number, from, span};
        g_autoptr(PGresult) page =
            db_run(db, sql_snapshot_lines, 3, values, "read a snapshot", error);
        if (page && PQntuples(page) == 0)
            done = pass_gap(db, values, &after, &more, error);
        else
            done = page && give_page(page, each, user, &after, error);
    }
    return done;
}

struct splitting {
    snapshot_line *each;
    void *user;
};

/* A line without a blank is none that we wrote: all of it is its body. */
static bool split(int64_t n, char *lines, size_t len, void *user, GError **error)
{
    const struct splitting *splitting = user;
    bool done = true;
    for (char *line = lines, *end; done && line < lines + len; line = end + 1, n++) {
        end = strchrnul(line, '\n');
        *end = '\0';
        char *blank = strchr(line, ' ');
        if (blank)
            *blank = '\0';
        done = splitting->each(n, blank ? blank + 1 : line, blank ? line : "", splitting->user,
                               error);
    }
    return done;
}

bool snapshot_each_line(struct db *db, const char *number, snapshot_line *each, void *user,
                        GError **error)
{
    struct splitting splitting = {each, user};
    return snapshot_each_lines(db, number, split, &splitting, error);
}

static bool add_stamp(struct db *db, const char *number, const char *authority,
                      const char *answer, GError **error)
{
    g_autofree char *now = db_clock(db, error);
    const char *const values[] = {number, now, authority, answer};
    ledger_say(db, &(struct ledger_about){.kind = "stamp", .subject = number});
    ledger_touch_one(db, "snapshot_stamp", "snapshot_id", number, NULL);
    return now && db_do(db, sql_stamp_add, 4, values, "keep the time-stamp", error);
}

bool snapshot_stamp_add(struct db *db, const char *number, const char *authority,
                        const char *answer, GError **error)
{
    if (!db_begin(db, DB_ACROSS, 0, error))
        return false;
    if (add_stamp(db, number, authority, answer, error))
        return db_commit(db, error);
    db_rollback(db);
    return false;
}

json_t *snapshot_stamps(struct db *db, GError **error)
{
    return db_rows(db, sql_stamp_list, 0, NULL, "list the time-stamps", error);
}

GHashTable *personal_salts(struct db *db, GError **error)
{
    g_autoptr(PGresult) res =
        db_run(db, sql_personal_salt, 0, NULL, "read the names' salts", error);
    if (!res)
        return NULL;
    GHashTable *salts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < PQntuples(res); i++)
        g_hash_table_insert(salts, g_strdup(PQgetvalue(res, i, 0)),
                            g_strdup(PQgetvalue(res, i, 1)));
    return salts;
}

bool personal_salt_add(struct db *db, const json_t *salts, GError **error)
{
    char *text = json_dumps(salts, JSON_COMPACT);
    const char *const values[] = {text};
    g_autoptr(PGresult) res =
        db_run(db, sql_personal_salt_add, 1, values, "keep the names' salts", error);
    free(text);
    if (res && (size_t)PQntuples(res) != json_object_size(salts)) {
        g_set_error(error, SQL_ERROR, SQL_ERROR_AGAIN,
                    "a name's salt was drawn by another program meanwhile: take it again");
        return false;
    }
    return res != NULL;
}
