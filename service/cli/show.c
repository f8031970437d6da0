#include "sql/show.h"
#include "loader/kind.h"
#include "service/cli/commands.h"
#include "service/cli/key.h"
#include "service/cli/policy.h"
#include "service/steps/document.h"
#include "service/track/papers.h"
#include "sql/document.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "patbridge [--agency CODE] [--json] show KIND KEY\n\n"
    "One record as stored. KEY is the natural key in any spelling: a patent's number, a credit "
    "code, "
    "an agency's code, name/employer, the agency's own name for a need, a contract's number, "
    "patent/credit code.";

static void print_document(const json_t *document)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)document, name, value)
    {
        char *text = json_is_string(value) ? strdup(json_string_value(value))
                                           : json_dumps(value, JSON_ENCODE_ANY);
        printf("%-20s %s\n", name, text);
        free(text);
    }
}

/* The papers that the policy in force asks for: which are there, which are missing. Nothing where there are none. */
static bool add_papers(struct app *app, const char *kind, const char *spelling,
                       json_t *document, GError **error)
{
    g_autoptr(pack_t) pack = policy_open(app, NULL, NULL);
    g_autofree char *key = pack ? key_lookup(app, kind, spelling, NULL) : NULL;
    int agency_id = 0;
    if (!key || !app_agency(app, &agency_id, NULL))
        return true;
    json_auto_t *all = db_begin(app->db, DB_READONLY, 0, error)
                           ? document_list(app->db, agency_id, kind, key, error)
                           : NULL;
    db_rollback(app->db); /* it only read */
    if (!all)
        return false;
    const char *agency = json_string_value(json_object_get(json_array_get(all, 0), "agency"));
    json_t *papers = papers_of(pack, all, agency ? agency : "", kind, key);
    if (json_array_size(all) || papers_wanted(pack, kind))
        json_object_set(document, "papers", papers);
    json_decref(papers);
    return true;
}

static json_t *find(struct app *app, const struct kind *kind, const char *spelling,
                    GError **error)
{
    g_autofree char *key = key_normal(kind, spelling, app->chinese, error);
    int agency_id = 0;
    struct db *db = key ? app_db(app, error) : NULL;
    if (!db)
        return NULL;
    bool must_have =
        kind->fact || app->agency_code; /* a register is shown without an agency, too */
    if (!app_agency(app, &agency_id, must_have ? error : NULL) && must_have)
        return NULL;
    /* An agency sees no trace of another's facts beside a shared record. */
    if (!db_begin(db, agency_id ? DB_SERVICE : DB_ACROSS, agency_id, error))
        return NULL;
    json_t *found = show_record(db, kind->name, key, agency_id, error);
    db_rollback(db); /* it only read */
    return found;
}

int command_show(struct app *app, int argc, char **argv, GError **error)
{
    if (!app_options(&argc, &argv, NULL, usage, error))
        return APP_FAILED;
    const struct kind *kind = argc == 3 ? kind_find(argv[1]) : NULL;
    if (!kind) {
        app_wrong_use(error, "%s%s%s\n%s",
                      argc == 3 ? "no kind '" : "show needs a kind and a key",
                      argc == 3 ? argv[1] : "", argc == 3 ? "'" : "", usage);
        return APP_FAILED;
    }
    json_t *found = find(app, kind, argv[2], error);
    if (!found)
        return APP_FAILED;
    json_t *document = document_of(kind->name, found);
    json_decref(found);
    if (!add_papers(app, kind->name, argv[2], document, error)) {
        json_decref(document);
        return APP_FAILED;
    }
    if (app->json) {
        app_print_json(document);
    } else {
        print_document(document);
        json_decref(document);
    }
    return APP_DONE;
}
