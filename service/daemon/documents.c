#include "service/daemon/documents.h"
#include "service/cli/key.h"
#include "service/daemon/daemon.h"
#include "service/daemon/leads.h"
#include "service/daemon/records.h"
#include "service/track/paper.h"
#include "sql/decision.h"
#include "sql/document.h"
#include <string.h>

enum { NAME_MOST = 200, DIGEST_LEN = 64 };

static char *folder_of(const struct call *call)
{
    const struct daemon *daemon = call->user;
    char *set = app_setting(daemon->app, "evidence");
    return set ? set : g_strdup("var/evidence");
}

/* ---- Reading */

bool documents_list(struct call *call, GError **error)
{
    if (!call_begin(call, error))
        return false;
    json_t *rows = document_list(call->db, call->agency_id, call_arg(call, "kind"),
                                 call_arg(call, "key"), error);
    if (rows)
        call_json(call, 200, json_pack("{s:o}", "items", rows), NULL);
    return rows != NULL;
}

/* The paper of this digest, among those that may be seen; NULL: none (the list stays the caller's). */
static const json_t *find(const json_t *rows, const char *digest)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (g_strcmp0(json_string_value(json_object_get(row, "sha256")), digest) == 0)
            return row;
    }
    return NULL;
}

/* What a browser may show of a file, by its first bytes, whatever its name says; NULL: nothing. */
static const char *type_of(const char *bytes, gsize len)
{
    static const struct {
        const char *begins;
        const char *type;
    } types[] = {{"%PDF-", "application/pdf"},
                 {"\x89PNG\r\n\x1a\n", "image/png"},
                 {"\xff\xd8\xff", "image/jpeg"},
                 {"GIF87a", "image/gif"},
                 {"GIF89a", "image/gif"}};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (len > strlen(types[i].begins) &&
            memcmp(bytes, types[i].begins, strlen(types[i].begins)) == 0)
            return types[i].type;
    return len > 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0
               ? "image/webp"
               : NULL;
}

/* To be looked at, where that is wanted and can be done; else nobody's browser shall show it as a page. */
static bool send_file(struct call *call, const char *path, const char *name, GError **error)
{
    char *bytes = NULL;
    gsize len;
    if (!g_file_get_contents(path, &bytes, &len, error))
        return false;
    struct answer *answer = call->answer;
    const char *view = call_arg(call, "view"),
               *shown = view && g_str_equal(view, "true") ? type_of(bytes, len) : NULL;
    g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
    answer_clear(answer);
    answer->status = 200;
    answer->type = shown ? shown : "application/octet-stream";
    answer->policy = POLICY_PAPER;
    answer->disposition =
        g_strconcat(shown ? "inline" : "attachment", "; filename*=UTF-8''", escaped, NULL);
    answer->body = g_string_new_len(bytes, (gssize)len);
    g_free(bytes);
    return true;
}

bool documents_get(struct call *call, GError **error)
{
    const char *digest = call->places.value[0];
    if (!call_begin(call, error))
        return false;
    json_auto_t *rows = document_list(call->db, call->agency_id, NULL, NULL, error);
    const json_t *row = find(rows, digest);
    g_autofree char *folder = folder_of(call);
    if (rows && !row)
        g_set_error(error, API_ERROR, API_NOT_FOUND, "there is no such document");
    if (!row)
        return false;
    const char *trouble = paper_trouble(folder, digest);
    if (trouble) {
        g_set_error(error, API_ERROR, API_INTERNAL, "the file of document %s is %s", digest,
                    trouble);
        return false;
    }
    g_autofree char *path = paper_path(folder, digest);
    return send_file(call, path, json_string_value(json_object_get(row, "name")), error);
}

/* ---- Handing in */

static bool wrong(GError **error, const char *what)
{
    g_set_error_literal(error, API_ERROR, API_WRONG, what);
    return false;
}

static bool check_name(const char *name, GError **error)
{
    if (!name || !*name || strlen(name) > NAME_MOST || strchr(name, '/') || *name == '.')
        return wrong(error, "file is the file's name, without a folder, at most 200 bytes");
    for (const char *at = name; *at; at = g_utf8_find_next_char(at, NULL))
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return wrong(error, "file holds control characters");
    return true;
}

static bool read_fact(const struct call *call, struct document *out, char **key, GError **error)
{
    const struct daemon *daemon = call->user;
    const char *kind = call_arg(call, "kind"), *spelling = call_arg(call, "key");
    g_autoptr(GError) why = NULL;
    if (!kind || !g_strv_contains(decision_kinds(), kind) || !spelling)
        return wrong(error, "kind and key say which fact it is for");
    *key = key_lookup(daemon->app, kind, spelling, &why);
    if (!*key)
        return wrong(error, why->message);
    out->kind = kind;
    out->key = *key;
    out->name = call_arg(call, "file");
    out->paper = call_arg(call, "paper");
    return check_name(out->name, error);
}

static bool keep(struct call *call, struct document *document, bool *added, GError **error)
{
    g_autofree char *folder = folder_of(call), *sha256 = NULL;
    if (!paper_keep(folder, call->request->body_file, &sha256, &document->size, error))
        return false;
    document->sha256 = sha256;
    if (!document_add(call->db, document, added, error))
        return false;
    call_json(call, *added ? 201 : 200,
              json_pack("{s:s, s:s, s:s, s:s, s:I}", "kind", document->kind, "key",
                        document->key, "name", document->name, "sha256", sha256, "size",
                        (json_int_t)document->size),
              NULL);
    return true;
}

bool documents_attach(struct call *call, GError **error)
{
    struct document document = {.os_user = g_get_user_name()};
    g_autofree char *key = NULL, *by = leads_by(call);
    bool added;
    if (!read_fact(call, &document, &key, error))
        return false;
    if (!call->agency_id)
        return wrong(error, "say whose records these are: agency=CODE");
    document.agency_id = call->agency_id;
    document.by = by;
    if (call->request->body_len == 0)
        return wrong(error, "the body is the file, and it is empty");
    return keep(call, &document, &added, error);
}
