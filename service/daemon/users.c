#include "service/cli/key.h"
#include "service/common/password.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/signin.h"
#include "sql/account.h"
#include "sql/agencies.h"
#include "sql/credential.h"
#include "sql/signin_session.h"
#include <sodium.h>
#include <string.h>

enum { LIMIT = 100 };

static bool wrong(GError **error, enum api_error code, const char *text)
{
    g_set_error_literal(error, API_ERROR, (int)code, text);
    return false;
}

/* ---- Looking */

/* Of one agency (0: of all) only what row-level security lets through. */
static json_t *read_some(struct call *call, int agency_id, const char *name, const char *after,
                         int limit, GError **error)
{
    if (!(agency_id ? db_begin(call->db, DB_SERVICE, agency_id, error)
                    : db_begin(call->db, DB_READONLY, 0, error)))
        return NULL;
    json_t *rows = account_list(call->db, name, after, limit, error);
    db_rollback(call->db);
    return rows;
}

/* What may be told of their passwords, beside each. */
static bool add_about(struct call *call, json_t *rows, GError **error)
{
    json_auto_t *names = json_array(), *by_name = json_object();
    g_autofree char *now = db_clock(call->db, error);
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append(names, json_object_get(json_array_get(rows, i), "name"));
    json_auto_t *about = now ? credential_about(call->db, names, now, error) : NULL;
    for (size_t i = 0; i < json_array_size(about); i++) {
        json_t *row = json_array_get(about, i);
        json_object_set(by_name, json_string_value(json_object_get(row, "account")), row);
        json_object_del(row, "account");
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_object_update(
            row, json_object_get(by_name, json_string_value(json_object_get(row, "name"))));
    }
    return about != NULL;
}

bool users_list(struct call *call, GError **error)
{
    static const char *const columns[] = {"name", NULL};
    int limit = call_limit(call, LIMIT);
    json_auto_t *after = NULL;
    if (!cursor_read(call, &after, error))
        return false;
    const char *last = json_string_value(json_object_get(after, "name"));
    json_t *rows = read_some(call, call->agency_id, NULL, last, limit + 1, error);
    if (!rows)
        return false;
    if (!add_about(call, rows, error)) {
        json_decref(rows);
        return false;
    }
    cursor_answer(call, rows, limit, columns, NULL);
    return true;
}

/* The account that the path names, as far as whoever asks sees it. */
static json_t *find(struct call *call, GError **error)
{
    const char *name = call->places.value[0];
    json_auto_t *rows = read_some(call, call->who.agency_id, name, NULL, 1, error);
    json_t *row = json_array_get(rows, 0);
    if (rows && !row)
        wrong(error, API_NOT_FOUND, "there is no such account");
    return row ? json_incref(row) : NULL;
}

/* Answers one; its tag is over what can be changed, not over when it was used. */
static bool answer(struct call *call, int status, const char *name, const char *password,
                   GError **error)
{
    json_auto_t *rows = read_some(call, call->who.agency_id, name, NULL, 1, error);
    json_t *row = json_array_get(rows, 0);
    json_auto_t *tagged = row ? json_deep_copy(row) : NULL;
    if (!row || !add_about(call, rows, error))
        return rows && !row ? wrong(error, API_NOT_FOUND, "there is no such account") : false;
    if (password)
        json_object_set_new(row, "new_password", json_string(password));
    call_json(call, status, json_incref(row), tagged);
    return true;
}

bool users_get(struct call *call, GError **error)
{
    json_auto_t *row = find(call, error);
    return row && answer(call, 200, call->places.value[0], NULL, error);
}

/* ---- New ones */

/* What a role is bound to, and who may give it: the staff of an agency none that sees more than it. */
static bool check_role(const struct call *call, const char *role, GError **error)
{
    unsigned wanted = role_of(role);
    bool bound = wanted & (ROLES_STAFF | ROLE_ENTERPRISE);
    if (!wanted)
        return wrong(
            error, API_WRONG,
            "role: administrator, official, agency_manager, agency_clerk or enterprise");
    if (!bound && call->who.role != ROLE_ADMINISTRATOR)
        return wrong(error, API_FORBIDDEN, "only an administrator gives this role");
    if (bound && !call->agency_id)
        return wrong(error, API_WRONG, "this role is bound to an agency: ?agency=CODE");
    return bound || !call->agency_id ||
           wrong(error, API_WRONG, "this role is bound to no agency");
}

static bool find_enterprise(struct call *call, const char *uscc, int64_t *id, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *key = key_normal(kind_find("enterprise"), uscc, false, &why);
    if (!key)
        return wrong(error, API_WRONG, why->message);
    if (!db_begin(call->db, DB_SERVICE, call->agency_id, error))
        return false;
    bool found = signin_enterprise_held(call->db, key, id, error);
    db_rollback(call->db);
    return found;
}

/* A password that is told once, and has to be changed; and its hash. The caller frees both. */
static bool make_password(char **password, char **hash, GError **error)
{
    g_autoptr(GError) why = NULL;
    *password = password_make();
    *hash = password_hash(*password, &why);
    return *hash || wrong(error, API_BUSY, why->message);
}

static bool give_password(struct call *call, const char *name, const char *hash, GError **error)
{
    g_autofree char *now = db_clock(call->db, error);
    const struct credential wanted = {.account = name,
                                      .of_agency = call->who.agency_id,
                                      .hash = hash,
                                      .given = true,
                                      .reason = "password given"};
    return now && credential_set(call->db, &wanted, now, error);
}

static bool insert(struct call *call, const char *name, const char *role, const char *uscc,
                   GError **error)
{
    int64_t enterprise_id = 0;
    bool added = false;
    if (role_of(role) == ROLE_ENTERPRISE) {
        if (!uscc)
            return wrong(error, API_WRONG, "the role enterprise needs enterprise_uscc");
        if (!find_enterprise(call, uscc, &enterprise_id, error) ||
            !account_add_enterprise(call->db, name, call->agency_id, enterprise_id, &added,
                                    error))
            return false;
    } else if (!account_add(call->db, name, role, call->agency_id, false, &added, error)) {
        return false;
    }
    return added || wrong(error, API_CONFLICT, "there is an account of this name");
}

static bool add(struct call *call, GError **error)
{
    const char *name, *role, *uscc;
    g_autofree char *password = NULL, *hash = NULL;
    if (!leads_text(call, "name", true, &name, error) ||
        !leads_text(call, "role", true, &role, error) ||
        !leads_text(call, "enterprise_uscc", false, &uscc, error) ||
        !check_role(call, role, error))
        return false;
    if (!signin_is_name(name))
        return wrong(error, API_WRONG, "a name has 1 to 64 bytes, and neither / nor :");
    return make_password(&password, &hash, error) && insert(call, name, role, uscc, error) &&
           give_password(call, name, hash, error) && answer(call, 201, name, password, error);
}

bool users_add(struct call *call, GError **error)
{
    return signin_signed(call, add, error);
}

/* ---- Changes */

/* Nobody takes his own rights away by mistake: so there is always an administrator left. */
static bool check_other(const struct call *call, GError **error)
{
    return !g_str_equal(call->who.account, call->places.value[0]) ||
           wrong(error, API_CONFLICT, "this is your own account: another person has to do it");
}

static bool of_role(const json_t *row, unsigned roles)
{
    return role_of(json_string_value(json_object_get(row, "role"))) & roles;
}

/* The role that the body wants, bound to the agency that was named, or to the one that the account has. */
static bool read_role(struct call *call, const json_t *row, const char *role,
                      struct account_change *wanted, GError **error)
{
    const char *code = json_string_value(json_object_get(row, "agency"));
    if (!role)
        return true;
    if (of_role(row, ROLE_ENTERPRISE) || role_of(role) == ROLE_ENTERPRISE)
        return wrong(error, API_CONFLICT, "an enterprise's account stays one: add another");
    bool staff = role_of(role) & ROLES_STAFF;
    if (!call->agency_id && staff && code &&
        !agencies_find(call->db, code, &call->agency_id, error))
        return false;
    if (!check_role(call, role, error))
        return false;
    wanted->role = role;
    wanted->agency_id = call->agency_id;
    wanted->reason = role;
    return true;
}

static bool read_use(struct call *call, struct account_change *wanted, GError **error)
{
    const json_t *disabled = json_object_get(call->body, "disabled");
    if (disabled && !json_is_boolean(disabled))
        return wrong(error, API_WRONG, "disabled: true or false");
    wanted->sets_use = disabled != NULL;
    wanted->disabled = json_is_true(disabled);
    if (disabled && !wanted->reason)
        wanted->reason = wanted->disabled ? "disabled" : "enabled";
    return disabled || wanted->role ||
           wrong(error, API_WRONG, "the body says what is to be another: role, disabled");
}

static bool change(struct call *call, GError **error)
{
    const char *role;
    struct account_change wanted = {.name = call->places.value[0],
                                    .of_agency = call->who.agency_id};
    json_auto_t *row = find(call, error);
    g_autofree char *tag = row ? call_tag(row) : NULL;
    if (!row || !check_other(call, error) || !leads_text(call, "role", false, &role, error))
        return false;
    if (!call_may_change(call, tag))
        return wrong(error, API_CHANGED, "the account is in another state");
    return read_role(call, row, role, &wanted, error) && read_use(call, &wanted, error) &&
           account_change(call->db, &wanted, error) &&
           answer(call, 200, wanted.name, NULL, error);
}

bool users_change(struct call *call, GError **error)
{
    return signin_signed(call, change, error);
}

static bool reset(struct call *call, GError **error)
{
    const char *name = call->places.value[0];
    g_autofree char *password = NULL, *hash = NULL;
    json_auto_t *row = find(call, error);
    return row && check_other(call, error) && make_password(&password, &hash, error) &&
           give_password(call, name, hash, error) && answer(call, 200, name, password, error);
}

bool users_password(struct call *call, GError **error)
{
    return signin_signed(call, reset, error);
}

static bool drop_codes(struct call *call, GError **error)
{
    json_auto_t *row = find(call, error);
    g_autofree char *now = row ? db_clock(call->db, error) : NULL;
    return now && check_other(call, error) &&
           credential_totp(call->db, call->places.value[0], call->who.agency_id, NULL, false,
                           now, error) &&
           answer(call, 200, call->places.value[0], NULL, error);
}

bool users_totp_remove(struct call *call, GError **error)
{
    return signin_signed(call, drop_codes, error);
}

static bool end_sessions(struct call *call, GError **error)
{
    const struct signin_whose whose = {.account = call->places.value[0]};
    json_auto_t *row = find(call, error);
    g_autofree char *now = row ? db_clock(call->db, error) : NULL;
    int count = 0;
    if (!now || !signin_session_end_all(call->db, &whose, NULL, now, &count, error))
        return false;
    call_json(call, 200, json_pack("{s:i}", "ended", count), NULL);
    return true;
}

bool users_sessions_end(struct call *call, GError **error)
{
    return signin_signed(call, end_sessions, error);
}

static bool take_away(struct call *call, GError **error)
{
    json_auto_t *row = find(call, error);
    return row && check_other(call, error) &&
           account_remove(call->db, call->places.value[0], call->who.agency_id, error) &&
           answer(call, 200, call->places.value[0], NULL, error);
}

bool users_remove(struct call *call, GError **error)
{
    return signin_signed(call, take_away, error);
}
