#include "tests/support/verified.h"
#include "service/track/verify.h"
#include <criterion/criterion.h>

static json_t *verified(struct db *db)
{
    g_autoptr(GError) error = NULL;
    const struct verify_wish wish = {.evidence = "/nonexistent"};
    json_t *document = verify_database(db, &wish, &error);
    cr_assert(document, "%s", error ? error->message : "");
    return document;
}

const char *first_finding_in(struct db *db)
{
    static char *what;
    json_auto_t *document = verified(db);
    const json_t *first = json_array_get(json_object_get(document, "findings"), 0);
    const char *said = json_string_value(json_object_get(first, "what"));
    g_free(what);
    what = g_strdup(said ? said : "");
    return what;
}
