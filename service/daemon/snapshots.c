#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/official.h"
#include "service/track/snapshot.h"
#include "service/track/stamp.h"
#include "sql/snapshot.h"
#include <string.h>
#include <unistd.h>

static char *setting(const struct call *call, const char *name)
{
    const struct daemon *daemon = call->user;
    return app_setting(daemon->app, name);
}

static bool load_key(const struct call *call, struct sign_key *key, GError **error)
{
    g_autofree char *file = setting(call, "sign_key");
    return sign_key_load(file ? file : "var/sign.key", key, error);
}

bool snapshots_list(struct call *call, GError **error)
{
    json_t *all = snapshot_all(call->db, error);
    if (!all)
        return false;
    call_json(call, 200, json_pack("{s:o}", "items", all), NULL);
    return true;
}

/* ---- Taking one */

static bool wrong(GError **error, const char *text)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, text);
    return false;
}

static bool read_wish(const struct call *call, const char **policy, struct snapshot_wish *out,
                      GError **error)
{
    if (!leads_text(call, "policy", false, policy, error) ||
        !leads_text(call, "as_of", false, &out->figures.as_of, error))
        return false;
    if (out->figures.as_of && !figures_is_day(out->figures.as_of))
        return wrong(error, "as_of is a day: 2025-06-30");
    out->taken_by = call->who.account;
    if (*call->who.account)
        return true;
    g_set_error(error, API_ERROR, API_FORBIDDEN,
                "this key names no account, and a person takes snapshots");
    return false;
}

/* A snapshot that was taken stands, stamped or not. */
static json_t *stamp(struct call *call, const json_t *taken)
{
    g_autofree char *url = setting(call, "stamp_url");
    g_autofree char *number = g_strdup_printf(
        "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(taken, "number")));
    g_autoptr(GError) why = NULL;
    if (!url)
        return json_null();
    g_autofree char *answer =
        stamp_fetch(url, json_string_value(json_object_get(taken, "digest")), &why);
    bool done = answer && snapshot_stamp_add(call->db, number, url, answer, &why);
    return json_boolean(done);
}

static json_t *take(struct call *call, const struct sign_key *key, GError **error)
{
    const char *policy = NULL;
    g_autofree char *today = app_today(), *folder = setting(call, "policies");
    struct snapshot_wish wish = {.figures = {.today = today}, .key = key};
    if (!read_wish(call, &policy, &wish, error))
        return NULL;
    g_autoptr(GError) why = NULL;
    g_autoptr(pack_t) pack = pack_open(folder, policy, &why);
    if (!pack) {
        g_set_error_literal(error, API_ERROR, API_WRONG, why->message);
        return NULL;
    }
    wish.pack = pack;
    db_sign(call->db, call->who.account, "http");
    return snapshot_take(call->db, &wish, error);
}

bool snapshots_take(struct call *call, GError **error)
{
    g_auto(sign_key_t) key = {0};
    json_auto_t *taken = load_key(call, &key, error) ? take(call, &key, error) : NULL;
    if (!taken)
        return false;
    json_object_set_new(taken, "stamped", stamp(call, taken));
    g_autofree char *head = snapshot_head_text(call->db, &key, error);
    if (!head)
        return false;
    json_object_set_new(taken, "head", json_string(head));
    call_json(call, 201, json_incref(taken), NULL);
    return true;
}

/* ---- One in a file */

bool snapshots_file(struct call *call, GError **error)
{
    const char *number = call->places.value[0];
    guint64 n;
    if (!g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT64, &n, NULL)) {
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such snapshot");
        return false;
    }
    struct answer *answer = call->answer;
    answer_clear(answer);
    int fd = g_file_open_tmp("patbridge-snapshot-XXXXXX", &answer->file, error);
    if (fd < 0)
        return false;
    close(fd);
    if (!snapshot_export(call->db, (int64_t)n, answer->file, error))
        return false; /* the problem that is answered takes the file away */
    answer->status = 200;
    answer->type = "application/octet-stream";
    answer->disposition =
        g_strdup_printf("attachment; filename=\"snapshot-%" G_GUINT64_FORMAT ".txt\"", n);
    return true;
}

/* ---- The head, and whether all is as it says */

bool ledger_head_show(struct call *call, GError **error)
{
    g_auto(sign_key_t) key = {0};
    g_autofree char *head =
        load_key(call, &key, error) ? snapshot_head_text(call->db, &key, error) : NULL;
    if (!head)
        return false;
    call_json(call, 200, json_pack("{s:s, s:s}", "text", head, "public_key", key.public_hex),
              NULL);
    return true;
}

/* Once it has begun; until then nothing is kept. */
static bool begin_verification(struct call *call, const struct verify_wish *wish,
                               GError **error)
{
    const struct daemon *daemon = call->user;
    if (verification_begin(daemon->verification, wish))
        return true;
    g_set_error(error, API_ERROR, API_CONFLICT,
                "the ledger is being verified already: ask again when that is done");
    return false;
}

bool ledger_verify(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    g_autofree char *evidence = setting(call, "evidence"), *ca = setting(call, "stamp_ca");
    struct verify_wish wish = {.evidence = evidence ? evidence : "var/evidence",
                               .stamp_ca = ca};
    if (!leads_text(call, "head", false, &wish.head, error) ||
        !leads_text(call, "public_key", false, &wish.public_key, error) ||
        !begin_verification(call, &wish, error))
        return false;
    call_json(call, 202, verification_tell(daemon->verification), NULL);
    return true;
}

bool ledger_verified(struct call *call, GError **error)
{
    const struct daemon *daemon = call->user;
    (void)error;
    call_json(call, 200, verification_tell(daemon->verification), NULL);
    return true;
}
