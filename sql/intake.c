#include "sql/intake.h"
#include "sql/copy.h"

/* The statements of one table that rows are written to. */
struct target {
    const char *table; /* stage_… is its staging table */
    const char *stage, *keep, *write;
};

static const struct kind_statements {
    const char *kind;
    const char *fetch;
    struct target records;
} kinds[] = {
    {"agency",
     sql_intake_fetch_agency,
     {"stage_agency", sql_intake_stage_agency, sql_intake_keep_agency,
      sql_intake_write_agency}},
    {"patent",
     NULL,
     {"stage_patent", sql_intake_stage_patent, sql_intake_keep_patent,
      sql_intake_write_patent}},
    {"enterprise",
     sql_intake_fetch_enterprise,
     {"stage_enterprise", sql_intake_stage_enterprise, sql_intake_keep_enterprise,
      sql_intake_write_enterprise}},
    {"expert",
     sql_intake_fetch_expert,
     {"stage_expert", sql_intake_stage_expert, sql_intake_keep_expert,
      sql_intake_write_expert}},
    {"institution",
     sql_intake_fetch_institution,
     {"stage_institution", sql_intake_stage_institution, sql_intake_keep_institution,
      sql_intake_write_institution}},
    {"need",
     sql_intake_fetch_need,
     {"stage_need", sql_intake_stage_need, sql_intake_keep_need, sql_intake_write_need}},
    {"deal",
     sql_intake_fetch_deal,
     {"stage_deal", sql_intake_stage_deal, sql_intake_keep_deal, sql_intake_write_deal}},
    {"declared_push",
     sql_intake_fetch_declared_push,
     {"stage_declared_push", sql_intake_stage_declared_push, sql_intake_keep_declared_push,
      sql_intake_write_declared_push}},
    {"open_licence",
     sql_intake_fetch_open_licence,
     {"stage_open_licence", sql_intake_stage_open_licence, sql_intake_keep_open_licence,
      sql_intake_write_open_licence}},
    {"loan",
     sql_intake_fetch_loan,
     {"stage_loan", sql_intake_stage_loan, sql_intake_keep_loan, sql_intake_write_loan}},
    {"sale",
     sql_intake_fetch_sale,
     {"stage_sale", sql_intake_stage_sale, sql_intake_keep_sale, sql_intake_write_sale}},
    {"event",
     sql_intake_fetch_event,
     {"stage_event", sql_intake_stage_event, sql_intake_keep_event, sql_intake_write_event}},
    {"navigation_project",
     sql_intake_fetch_navigation_project,
     {"stage_navigation_project", sql_intake_stage_navigation_project,
      sql_intake_keep_navigation_project, sql_intake_write_navigation_project}},
    {"attorney",
     sql_intake_fetch_attorney,
     {"stage_attorney", sql_intake_stage_attorney, sql_intake_keep_attorney,
      sql_intake_write_attorney}},
    {"case",
     sql_intake_fetch_case,
     {"stage_success_case", sql_intake_stage_case, sql_intake_keep_case,
      sql_intake_write_case}},
    {"client",
     sql_intake_fetch_client,
     {"stage_client", sql_intake_stage_client, sql_intake_keep_client,
      sql_intake_write_client}},
    {"platform_review",
     sql_intake_fetch_platform_review,
     {"stage_platform_review", sql_intake_stage_platform_review,
      sql_intake_keep_platform_review, sql_intake_write_platform_review}},
};

static const struct target patent_holding = {
    "stage_patent_holding", sql_intake_stage_patent_holding, sql_intake_keep_patent_holding,
    sql_intake_write_patent_holding};
static const struct target record_holding = {
    "stage_record_holding", sql_intake_stage_record_holding, sql_intake_keep_record_holding,
    sql_intake_write_record_holding};
static const struct target contacts = {"stage_contact", sql_intake_stage_contact, NULL,
                                       sql_intake_write_contact};
static const struct target aliases = {"stage_patent_alias", sql_intake_stage_patent_alias, NULL,
                                      sql_intake_write_patent_alias};
static const struct target statuses = {"stage_patent_status", sql_intake_stage_patent_status,
                                       NULL, sql_intake_write_patent_status};
static const struct target refusals = {"stage_refused_row", sql_intake_stage_refused_row, NULL,
                                       sql_intake_write_refused_row};

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

/* One of the parameters: a JSON array as text. The caller frees with free(). */
static char *as_text(const json_t *value)
{
    return value ? json_dumps(value, JSON_COMPACT) : g_strdup("[]");
}

json_t *intake_fetch(struct db *db, const char *kind, int agency_id, json_t *keys,
                     GError **error)
{
    char *list = as_text(keys);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {list, agency};
    json_t *rows = db_rows(db, statements_of(kind)->fetch, 2, values,
                           "read what is known of the records", error);
    free(list);
    return rows;
}

json_t *intake_patent_ids(struct db *db, json_t *numbers, GError **error)
{
    char *list = as_text(numbers);
    const char *const values[] = {list};
    g_autoptr(PGresult) res =
        db_run(db, sql_patent_by_number, 1, values, "look patent numbers up", error);
    free(list);
    if (!res)
        return NULL;
    json_t *ids = json_object();
    for (int row = 0; row < PQntuples(res); row++)
        json_object_set_new(ids, PQgetvalue(res, row, 0), json_string(PQgetvalue(res, row, 1)));
    return ids;
}

/* Sets member `name` of each patent in `patents` from the column of that name. */
static bool add_member(struct db *db, json_t *patents, const char *sql, int count,
                       const char *const values[], const char *name, GError **error)
{
    json_t *rows = db_rows(db, sql, count, values, "read what is known of the patents", error);
    if (!rows)
        return false;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *id = json_string_value(json_object_get(row, "patent_id"));
        if (!json_object_get(patents, id))
            json_object_set_new(patents, id, json_object());
        json_object_set(json_object_get(patents, id), name, json_object_get(row, name));
    }
    json_decref(rows);
    return true;
}

json_t *intake_patents(struct db *db, json_t *ids, int agency_id, GError **error)
{
    json_t *patents = json_object();
    if (json_array_size(ids) == 0)
        return patents;
    char *list = as_text(ids);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {list, agency};
    bool done =
        add_member(db, patents, sql_intake_fetch_patent, 1, values, "record", error) &&
        add_member(db, patents, sql_intake_fetch_patent_status, 1, values, "statuses", error) &&
        add_member(db, patents, sql_intake_fetch_patent_holding, 2, values, "holding", error);
    free(list);
    if (done)
        return patents;
    json_decref(patents);
    return NULL;
}

json_t *intake_enterprises(struct db *db, json_t *usccs, json_t *name_keys, GError **error)
{
    char *codes = as_text(usccs);
    char *names = as_text(name_keys);
    const char *const values[] = {codes, names};
    json_t *rows = db_rows(db, sql_enterprise_lookup, 2, values, "look enterprises up", error);
    free(codes);
    free(names);
    return rows;
}

json_t *intake_sources(struct db *db, int agency_id, json_t *sources, GError **error)
{
    char *list = as_text(sources);
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {list, agency};
    json_t *rows =
        db_rows(db, sql_intake_fetch_source, 2, values, "look an agency's own names up", error);
    free(list);
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

static bool stage(struct db *db, const struct target *target, const json_t *rows,
                  GError **error)
{
    if (!db_do(db, target->stage, 0, NULL, "make a staging table", error))
        return false;
    g_autoptr(copy_table) table = copy_table_new(db, target->table, error);
    if (!table)
        return false;
    if (!copy_table_empty(table, db, error)) /* a dry run is one transaction of many chunks */
        return false;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) copy_table_add(table, row);
    return copy_table_send(table, db, error);
}

/* Keeps what changes (three parameters where the table's rows belong to an agency), stages, writes. */
static bool write_target(struct db *db, const struct target *target, const json_t *rows,
                         const json_t *changed, const char *agency, const char *now,
                         GError **error)
{
    if (json_array_size(rows) == 0)
        return true;
    if (target->keep && json_array_size(changed)) {
        char *ids = as_text(changed);
        const char *const values[] = {ids, agency ? agency : now, now};
        bool kept =
            db_do(db, target->keep, agency ? 3 : 2, values, "keep the version before", error);
        free(ids);
        if (!kept)
            return false;
    }
    if (!stage(db, target, rows, error))
        return false;
    g_autofree char *what = g_strdup_printf("write %s", target->table + strlen("stage_"));
    return db_do(db, target->write, 0, NULL, what, error);
}

bool intake_write(struct db *db, const char *kind, int agency_id, const char *now,
                  const struct intake_rows *rows, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    bool patents = g_str_equal(kind, "patent");
    const struct target *holding = patents ? &patent_holding : &record_holding;
    return write_target(db, &statements_of(kind)->records, rows->records, rows->changed_records,
                        NULL, now, error) &&
           write_target(db, &aliases, rows->aliases, NULL, NULL, now, error) &&
           write_target(db, &statuses, rows->statuses, NULL, NULL, now, error) &&
           write_target(db, holding, rows->holdings, rows->changed_holdings, agency, now,
                        error) &&
           write_target(db, &contacts, rows->contacts, NULL, NULL, now, error) &&
           write_target(db, &refusals, rows->refusals, NULL, NULL, now, error);
}

/* ---- Two patents found to be one. The order keeps references whole: rows arrive before those that point to them leave. */

static const struct {
    const char *sql;
    bool both; /* takes the patent that stays, too */
} absorb_steps[] = {
    {sql_absorb_alias, true},
    {sql_absorb_move_patent_status, true},
    {sql_absorb_clear_patent_status, false},
    {sql_absorb_join_patent_holding, true},
    {sql_absorb_move_patent_holding, true},
    {sql_absorb_clear_patent_holding, false},
    {sql_absorb_move_lead, true},
    {sql_absorb_move_push, true},
    {sql_absorb_move_push_event, true},
    {sql_absorb_move_feedback, true},
    {sql_absorb_clear_feedback, false},
    {sql_absorb_clear_push_event, false},
    {sql_absorb_clear_push, false},
    {sql_absorb_clear_lead, false},
    {sql_absorb_outbox, true},
    {sql_absorb_pointer, true},
};

static bool keep_version(struct db *db, const char *id, const char *now, GError **error)
{
    g_autofree char *ids = g_strdup_printf("[\"%s\"]", id);
    const char *const values[] = {ids, now};
    return db_do(db, sql_intake_keep_patent, 2, values, "keep the version before a merge",
                 error);
}

/* Takes the role in which the rest of the transaction runs. */
static bool take_role(struct db *db, const char *role, const char *agency, GError **error)
{
    const char *const values[] = {role, agency};
    return db_do(db, sql_session_role, 2, values, "take the database role", error);
}

bool intake_absorb(struct db *db, int agency_id, const char *kept, const char *absorbed,
                   const char *now, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {kept, absorbed};
    bool done =
        take_role(db, "patbridge_across", "", error) && keep_version(db, absorbed, now, error);
    for (size_t i = 0; done && i < G_N_ELEMENTS(absorb_steps); i++)
        done = db_do(db, absorb_steps[i].sql, absorb_steps[i].both ? 2 : 1,
                     absorb_steps[i].both ? values : values + 1, "merge two patents", error);
    return done && take_role(db, "patbridge_service", agency, error);
}
