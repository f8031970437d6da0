#include "sql/intake.h"
#include "sql/copy.h"
#include "sql/holdings.h"
#include "sql/ledger.h"
#include "sql/oid.h"

/* The statements of one table that rows are written to. */
struct target {
    const char *table; /* stage_… is its staging table */
    const char *stage, *keep, *write;
    bool guarded; /* by row-level security */
};

static const struct kind_statements {
    const char *kind;
    const char *fetch;
    struct target records;
} kinds[] = {
    {"agency",
     sql_intake_fetch_agency,
     {"stage_agency", sql_intake_stage_agency, sql_intake_keep_agency, sql_intake_write_agency,
      false}},
    {"patent",
     NULL,
     {"stage_patent", sql_intake_stage_patent, sql_intake_keep_patent, sql_intake_write_patent,
      false}},
    {"enterprise",
     sql_intake_fetch_enterprise,
     {"stage_enterprise", sql_intake_stage_enterprise, sql_intake_keep_enterprise,
      sql_intake_write_enterprise, false}},
    {"expert",
     sql_intake_fetch_expert,
     {"stage_expert", sql_intake_stage_expert, sql_intake_keep_expert, sql_intake_write_expert,
      false}},
    {"institution",
     sql_intake_fetch_institution,
     {"stage_institution", sql_intake_stage_institution, sql_intake_keep_institution,
      sql_intake_write_institution, false}},
    {"need",
     sql_intake_fetch_need,
     {"stage_need", sql_intake_stage_need, sql_intake_keep_need, sql_intake_write_need, true}},
    {"deal",
     sql_intake_fetch_deal,
     {"stage_deal", sql_intake_stage_deal, sql_intake_keep_deal, sql_intake_write_deal, true}},
    {"declared_push",
     sql_intake_fetch_declared_push,
     {"stage_declared_push", sql_intake_stage_declared_push, sql_intake_keep_declared_push,
      sql_intake_write_declared_push, true}},
    {"open_licence",
     sql_intake_fetch_open_licence,
     {"stage_open_licence", sql_intake_stage_open_licence, sql_intake_keep_open_licence,
      sql_intake_write_open_licence, true}},
    {"loan",
     sql_intake_fetch_loan,
     {"stage_loan", sql_intake_stage_loan, sql_intake_keep_loan, sql_intake_write_loan, true}},
    {"sale",
     sql_intake_fetch_sale,
     {"stage_sale", sql_intake_stage_sale, sql_intake_keep_sale, sql_intake_write_sale, true}},
    {"event",
     sql_intake_fetch_event,
     {"stage_event", sql_intake_stage_event, sql_intake_keep_event, sql_intake_write_event,
      true}},
    {"navigation_project",
     sql_intake_fetch_navigation_project,
     {"stage_navigation_project", sql_intake_stage_navigation_project,
      sql_intake_keep_navigation_project, sql_intake_write_navigation_project, true}},
    {"attorney",
     sql_intake_fetch_attorney,
     {"stage_attorney", sql_intake_stage_attorney, sql_intake_keep_attorney,
      sql_intake_write_attorney, true}},
    {"case",
     sql_intake_fetch_case,
     {"stage_success_case", sql_intake_stage_case, sql_intake_keep_case, sql_intake_write_case,
      true}},
    {"client",
     sql_intake_fetch_client,
     {"stage_client", sql_intake_stage_client, sql_intake_keep_client, sql_intake_write_client,
      true}},
    {"platform_review",
     sql_intake_fetch_platform_review,
     {"stage_platform_review", sql_intake_stage_platform_review,
      sql_intake_keep_platform_review, sql_intake_write_platform_review, true}},
};

static const struct target patent_holding = {
    "stage_patent_holding", sql_intake_stage_patent_holding, sql_intake_keep_patent_holding,
    sql_intake_write_patent_holding, true};
static const struct target record_holding = {
    "stage_record_holding", sql_intake_stage_record_holding, sql_intake_keep_record_holding,
    sql_intake_write_record_holding, true};
static const struct target contacts = {"stage_contact", sql_intake_stage_contact, NULL,
                                       sql_intake_write_contact, true};
static const struct target refusals = {"stage_refused_row", sql_intake_stage_refused_row, NULL,
                                       sql_intake_write_refused_row, true};

static const struct kind_statements *statements_of(const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kinds[i].kind, kind))
            return &kinds[i];
    g_error("no statements to load kind %s",
            kind); /* the table above lacks a kind: a mistake of ours */
}

bool intake_begin(struct db *db, int agency_id, char **now, GError **error)
{
    if (!db_begin(db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return false;
    if (db_do(db, sql_intake_lock, 0, NULL, "wait for the turn to load", error)) {
        *now = db_clock(db, error);
        if (*now)
            return true;
    }
    db_rollback(db);
    return false;
}

/* One of the parameters: a JSON array of strings as PostgreSQL's array, so that the server sees it as one constant. It then
 * knows how many there are, and looks each up in a hash where it does not use the index. The caller frees. */
static char *as_array(const json_t *list)
{
    GString *out = g_string_new(NULL);
    copy_array_literal(out, list);
    return g_string_free(out, FALSE);
}

json_t *intake_fetch(struct db *db, const char *kind, int agency_id, json_t *keys,
                     const struct batch_earlier *earlier, GError **error)
{
    g_autofree char *list = as_array(keys);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {list, agency, earlier->batch_id, earlier->started_at};
    return db_rows(db, statements_of(kind)->fetch, 4, values,
                   "read what is known of the records", error);
}

json_t *intake_enterprises(struct db *db, json_t *usccs, json_t *name_keys, GError **error)
{
    g_autofree char *codes = as_array(usccs);
    g_autofree char *names = as_array(name_keys);
    const char *const values[] = {codes, names};
    json_t *rows = db_rows(db, sql_enterprise_lookup, 2, values, "look enterprises up", error);
    return rows;
}

json_t *intake_sources(struct db *db, int agency_id, json_t *sources, GError **error)
{
    g_autofree char *list = as_array(sources);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {list, agency};
    json_t *rows =
        db_rows(db, sql_intake_fetch_source, 2, values, "look an agency's own names up", error);
    return rows;
}

json_t *intake_ids(struct db *db, size_t count, GError **error)
{
    g_autofree char *wanted = g_strdup_printf("%zu", count);
    const char *const values[] = {wanted};
    g_autoptr(PGresult) res = db_run(db, sql_intake_ids, 1, values, "draw ids", error);
    if (!res)
        return NULL;
    json_t *ids = json_array();
    for (int row = 0; row < PQntuples(res); row++)
        json_array_append_new(ids, json_string(PQgetvalue(res, row, 0)));
    return ids;
}

bool intake_change(struct db *db, int64_t *change, GError **error)
{
    return db_number(db, sql_intake_change, 0, NULL, "draw a change number", change, error);
}

/* One chunk's writing. */
struct writing {
    struct db *db;
    const char *now;
    const struct intake_rows *rows;
    char batch_id[24], change[24], agency[24]; /* agency "": none */
    GPtrArray *packers; /* struct packer *; the ledger's lines are in work */
};

static void set_common(const struct writing *to, const struct target *target,
                       struct copy_table *table)
{
    copy_table_set(table, "batch_id", to->batch_id, true);
    copy_table_set(table, "change_seq", to->change, true);
    copy_table_set(table, "recorded_at", to->now, true);
    copy_table_set(table, "first_recorded_at", to->now, false);
    if (target->guarded && *to->agency)
        copy_table_set(table, "agency_id", to->agency, true);
}

/* ---- New rows go into the ledger by what is sent of them */

static struct packer *begin_pack(struct copy_table *table, const struct packer_source *source)
{
    if (!source)
        return NULL;
    struct packer *packer = packer_new(source);
    copy_table_pack(table, packer);
    return packer;
}

/* The rows are sent: their lines are made while the server works on them and on what follows. */
static bool end_pack(struct writing *to, struct packer *packer, bool sent)
{
    if (packer) {
        packer_start(packer);
        g_ptr_array_add(to->packers, packer);
    }
    return sent;
}

/* Gives the lines to the transaction. */
static bool take_packs(const struct writing *to, bool written)
{
    for (guint i = 0; written && i < to->packers->len; i++) {
        struct packer *packer = to->packers->pdata[i];
        ledger_take_pack(to->db, packer_end(packer), packer_record(packer), to->now);
    }
    return written;
}

/* source: NULL, or what the ledger is told of the rows, all of which are new. */
static bool copy_rows(struct writing *to, const struct target *target, struct copy_table *table,
                      const json_t *rows, const struct packer_source *source, GError **error)
{
    size_t i;
    json_t *row;
    set_common(to, target, table);
    struct packer *packer = begin_pack(table, source);
    json_array_foreach(rows, i, row) copy_table_add(table, row);
    return end_pack(to, packer, copy_table_finish(table, error));
}

static bool stage(struct writing *to, const struct target *target, const json_t *rows,
                  const struct packer_source *source, GError **error)
{
    if (!db_do(to->db, target->stage, 0, NULL, "make a staging table", error))
        return false;
    g_autoptr(copy_table) table = copy_table_new(to->db, target->table, error);
    /* a dry run is one transaction of many chunks */
    return table && copy_table_empty(table, error) &&
           copy_rows(to, target, table, rows, source, error);
}

/* Rows that are not there yet. COPY does not go into tables with row-level security. */
static bool write_new(struct writing *to, const struct target *target, const json_t *rows,
                      const struct packer_source *source, GError **error)
{
    const char *name = target->table + strlen("stage_");
    if (json_array_size(rows) == 0)
        return true;
    if (!target->guarded) {
        g_autoptr(copy_table) table = copy_table_new(to->db, name, error);
        return table && copy_rows(to, target, table, rows, source, error);
    }
    g_autofree char *what = g_strdup_printf("write %s", name);
    return stage(to, target, rows, source, error) &&
           db_do(to->db, target->write, 0, NULL, what, error);
}

/* ---- New records, sent while they are made */

struct intake_sending {
    char *id;
    struct packer_source source;
    struct copy_table *table;
    struct packer *packer; /* NULL: the server reckons the digests */
};

/* Kinds whose digests hide a person's name behind a salt: the server reckons them. */
static bool is_personal(const char *kind)
{
    return g_str_equal(kind, "expert") || g_str_equal(kind, "attorney");
}

static struct packer_source source_of_records(const char *kind, const char *id)
{
    return (struct packer_source){kind, id, {id}};
}

static void writing_init(struct writing *to, int agency_id)
{
    g_snprintf(to->batch_id, sizeof to->batch_id, "%" G_GINT64_FORMAT, to->rows->batch_id);
    g_snprintf(to->change, sizeof to->change, "%" G_GINT64_FORMAT, to->rows->change);
    if (agency_id)
        g_snprintf(to->agency, sizeof to->agency, "%d", agency_id);
}

struct intake_sending *intake_send_begin(struct db *db, const char *kind, const char *now,
                                         const struct intake_rows *rows, GError **error)
{
    const struct target *target = &statements_of(kind)->records;
    struct writing to = {.db = db, .now = now, .rows = rows};
    g_assert(!target->guarded);
    struct copy_table *table = copy_table_new(db, target->table + strlen("stage_"), error);
    if (!table)
        return NULL;
    struct intake_sending *sending = g_new0(struct intake_sending, 1);
    sending->id = g_strconcat(kind, "_id", NULL);
    sending->source = source_of_records(statements_of(kind)->kind, sending->id);
    sending->table = table;
    writing_init(&to, 0);
    set_common(&to, target, table);
    sending->packer = is_personal(kind) ? NULL : begin_pack(table, &sending->source);
    return sending;
}

void intake_send(struct intake_sending *sending, json_t *record)
{
    copy_table_add(sending->table, record);
}

void intake_send_free(struct intake_sending *sending)
{
    if (!sending)
        return;
    copy_table_free(sending->table);
    packer_free(sending->packer);
    g_free(sending->id);
    g_free(sending);
}

/* Sends the rest. */
static bool end_sending(struct writing *to, const json_t *rest, GError **error)
{
    struct intake_sending *sending = to->rows->sending;
    size_t i;
    json_t *row;
    json_array_foreach(rest, i, row) intake_send(sending, row);
    bool sent = copy_table_finish(sending->table, error);
    return end_pack(to, g_steal_pointer(&sending->packer), sent);
}

/* Keeps what is replaced (three parameters where the table's rows belong to an agency), stages, writes. */
static bool write_replaced(struct writing *to, const struct target *target, const json_t *rows,
                           const json_t *ids, const char *agency, GError **error)
{
    if (json_array_size(rows) == 0)
        return true;
    g_autofree char *list = as_array(ids);
    const char *const values[] = {list, agency ? agency : to->now, to->now};
    g_autofree char *what = g_strdup_printf("write %s", target->table + strlen("stage_"));
    return db_do(to->db, target->keep, agency ? 3 : 2, values, "keep the version before",
                 error) &&
           stage(to, target, rows, NULL, error) &&
           db_do(to->db, target->write, 0, NULL, what, error);
}

/* Holdings of patents that are not there yet. */
static bool write_patent_holdings(struct writing *to, GError **error)
{
    const json_t *rows = to->rows->holdings;
    if (json_array_size(rows) == 0)
        return true;
    const struct holdings_about about = {to->agency, to->batch_id, to->change, to->now};
    bool done = holdings_write(to->db, &about, rows, error);
    return end_pack(to, holdings_pack(&about, rows), done);
}

static bool write_aliases(struct writing *to, GError **error)
{
    static const struct copy_column columns[] = {{"number", OID_TEXT},
                                                 {"patent_id", OID_INT8},
                                                 {"recorded_at", OID_TIMESTAMPTZ},
                                                 {NULL, 0}};
    static const struct packer_source source = {"patent_alias", "patent_id", {"number"}};
    const GArray *aliases = to->rows->aliases;
    if (aliases->len == 0)
        return true;
    g_autoptr(copy_table) table = copy_table_of_texts(to->db, "patent_alias", columns);
    struct packer *packer = begin_pack(table, &source);
    for (guint i = 0; i < aliases->len; i++) {
        const struct intake_alias *alias = &g_array_index(aliases, struct intake_alias, i);
        const char *const texts[] = {alias->number, alias->patent_id, to->now};
        copy_table_add_texts(table, texts);
    }
    return end_pack(to, packer, copy_table_finish(table, error));
}

static bool write_statuses(struct writing *to, GError **error)
{
    static const struct copy_column columns[] = {
        {"patent_id", OID_INT8},          {"status_date", OID_DATE}, {"status", OID_TEXT},
        {"recorded_at", OID_TIMESTAMPTZ}, {"batch_id", OID_INT8},    {NULL, 0}};
    static const struct packer_source source = {
        "patent_status", "patent_id", {"patent_id", "status_date", "recorded_at"}};
    const GArray *statuses = to->rows->statuses;
    if (statuses->len == 0)
        return true;
    g_autoptr(copy_table) table = copy_table_of_texts(to->db, "patent_status", columns);
    struct packer *packer = begin_pack(table, &source);
    for (guint i = 0; i < statuses->len; i++) {
        const struct intake_status *status = &g_array_index(statuses, struct intake_status, i);
        const char *const texts[] = {status->patent_id, status->date, status->status, to->now,
                                     to->batch_id};
        copy_table_add_texts(table, texts);
    }
    return end_pack(to, packer, copy_table_finish(table, error));
}

/* The members `name` of these rows, as texts. */
static json_t *ids_of(const json_t *rows, const char *name)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append(ids, json_object_get(json_array_get(rows, i), name));
    return ids;
}

/* Of what a chunk writes and counts, what is not told the ledger by the rows that are sent: rows that were there, in their new state,
 * and the versions before; and new ones of persons. */
static void note_rows(struct db *db, const char *kind, const char *id, const char *held,
                      const char *now, const struct intake_rows *rows)
{
    g_autofree char *versions = g_strconcat(kind, "_version", NULL);
    if (is_personal(kind))
        ledger_touch(db, kind, id, ids_of(rows->records, id), now);
    ledger_touch(db, kind, id, ids_of(rows->replaced, id), now);
    ledger_touch(db, versions, held, ids_of(rows->replaced, id), now);
    ledger_touch(db, g_str_equal(kind, "patent") ? "patent_holding" : "record_holding", held,
                 ids_of(rows->replaced_holdings, held), now);
}

bool intake_write(struct db *db, const char *kind, int agency_id, const char *now,
                  const struct intake_rows *rows, GError **error)
{
    bool patents = g_str_equal(kind, "patent");
    g_autofree char *id = g_strconcat(kind, "_id", NULL);
    const char *held = patents ? "patent_id" : "record_id";
    const struct packer_source record = source_of_records(kind, id);
    const struct packer_source held_record = {
        "record_holding", held, {held, "agency_id", "recorded_at"}};
    const struct target *records = &statements_of(kind)->records;
    const struct target *holding = patents ? &patent_holding : &record_holding;
    g_autoptr(GPtrArray) packers = g_ptr_array_new_with_free_func((GDestroyNotify)packer_free);
    struct writing to = {.db = db, .now = now, .rows = rows, .packers = packers};
    writing_init(&to, agency_id);
    note_rows(db, kind, id, held, now, rows);
    bool written =
        (rows->sending ? end_sending(&to, rows->records, error)
                       : write_new(&to, records, rows->records,
                                   is_personal(kind) ? NULL : &record, error)) &&
        write_replaced(&to, records, rows->replaced, rows->replaced_ids, NULL, error) &&
        write_aliases(&to, error) && write_statuses(&to, error) &&
        write_replaced(&to, holding, rows->replaced_holdings, rows->replaced_holding_ids,
                       to.agency, error) &&
        (patents ? write_patent_holdings(&to, error)
                 : write_new(&to, holding, rows->holdings, &held_record, error)) &&
        write_new(&to, &contacts, rows->contacts, NULL, error) &&
        write_new(&to, &refusals, rows->refusals, NULL, error);
    return take_packs(&to, written);
}
