#include "service/demo/answers.h"
#include <gio/gio.h>
#include <jansson.h>
#include <stdint.h>

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* Every third says no, each time for another reason. */
static bool print_answer(const json_t *lead, size_t n, FILE *out)
{
    static const char *const because[] = {"wrong_field", "too_early", "price",
                                          "cannot_implement"};
    bool interested = n % 3 != 2;
    if (interested)
        fprintf(out, "answer\t%s\tinterested\n", text_of(lead, "lead"));
    else
        fprintf(out, "answer\t%s\tnot_fit\t%s\n", text_of(lead, "lead"),
                because[n / 3 % G_N_ELEMENTS(because)]);
    return interested;
}

static json_t *read_leads(FILE *leads, GError **error)
{
    json_error_t why;
    json_t *rows = json_loadf(leads, 0, &why);
    if (json_is_array(rows))
        return rows;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                "could not read the list of leads: %s", rows ? "it is no list" : why.text);
    json_decref(rows);
    return NULL;
}

bool owners_print(FILE *leads, FILE *out, GError **error)
{
    json_t *rows = read_leads(leads, error);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t n = 0; n < json_array_size(rows); n++) {
        const char *code = text_of(json_array_get(rows, n), "enterprise_uscc");
        if (g_hash_table_add(seen, (gpointer)(uintptr_t)code))
            fprintf(out, "%s\n", code);
    }
    json_decref(rows);
    return rows != NULL;
}

bool answers_print(FILE *leads, int count, FILE *out, GError **error)
{
    json_t *rows = read_leads(leads, error);
    bool deal = false;
    for (size_t n = 0; n < MIN(json_array_size(rows), (size_t)count); n++) {
        const json_t *lead = json_array_get(rows, n);
        bool interested = print_answer(lead, n, out);
        if (interested && !deal && g_str_equal(text_of(lead, "patent_type"), "invention")) {
            fprintf(out, "deal\t%s\t%s\t%s\t%s\n", text_of(lead, "lead"),
                    text_of(lead, "patent"), text_of(lead, "enterprise"),
                    text_of(lead, "enterprise_uscc"));
            deal = true;
        }
    }
    json_decref(rows);
    return rows != NULL;
}
