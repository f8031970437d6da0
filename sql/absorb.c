/* Two patents found to be one. */
#include "sql/intake.h"
#include "sql/internal.h"
#include "sql/ledger.h"

/* The order keeps references whole: rows arrive before those that point to them leave. */

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
    {sql_absorb_move_patent_lookup, true},
    {sql_absorb_clear_patent_lookup, false},
    {sql_absorb_clear_feedback, false},
    {sql_absorb_clear_push_event, false},
    {sql_absorb_clear_push, false},
    {sql_absorb_clear_lead, false},
    {sql_absorb_outbox, true},
    {sql_absorb_pointer, true},
};

static bool keep_version(struct db *db, const char *id, const char *now, GError **error)
{
    g_autofree char *ids = g_strdup_printf("{%s}", id);
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

/* Notes what will be moved, before it is. */
static bool note_moved(struct db *db, const char *kept, const char *absorbed, GError **error)
{
    static const char *const moved[] = {"patent",         "patent_alias", "patent_status",
                                        "patent_holding", "push",         "push_event",
                                        "feedback",       "patent_lookup"};
    g_autofree char *both = g_strdup_printf("{%s,%s}", kept, absorbed);
    for (size_t i = 0; i < G_N_ELEMENTS(moved); i++) {
        json_t *moments;
        if (!ledger_moments(db, moved[i], "patent_id", both, &moments, error))
            return false;
        ledger_touch_moved(db, moved[i], "patent_id", json_pack("[s, s]", kept, absorbed),
                           moments);
    }
    return true;
}

bool intake_absorb(struct db *db, int agency_id, const char *kept, const char *absorbed,
                   const char *now, GError **error)
{
    g_autofree char *agency = g_strdup_printf("%d", agency_id);
    const char *const values[] = {kept, absorbed};
    bool done = take_role(db, "patbridge_across", "", error) &&
                note_moved(db, kept, absorbed, error) && keep_version(db, absorbed, now, error);
    ledger_touch_one(db, "patent_version", "patent_id", absorbed, now);
    for (size_t i = 0; done && i < G_N_ELEMENTS(absorb_steps); i++)
        done = db_do(db, absorb_steps[i].sql, absorb_steps[i].both ? 2 : 1,
                     absorb_steps[i].both ? values : values + 1, "merge two patents", error);
    return done && take_role(db, "patbridge_service", agency, error);
}
