#include "sql/holdings.h"
#include "sql/copy.h"
#include "sql/oid.h"

/* One member of each row, as an array of PostgreSQL's; what is no text goes as JSON. The caller frees. */
static char *list_of(const json_t *rows, const char *name)
{
    GString *out = g_string_new("{");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *value = json_object_get(json_array_get(rows, i), name);
        const char *text = json_string_value(value);
        char *dumped = text ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        if (i)
            g_string_append_c(out, ',');
        copy_array_item(out, text ? text : dumped);
        free(dumped);
    }
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

bool holdings_write(struct db *db, const struct holdings_about *about, const json_t *rows,
                    GError **error)
{
    g_autofree char *ids = list_of(rows, "patent_id");
    g_autofree char *since = list_of(rows, "held_since");
    g_autofree char *extra = list_of(rows, "extra");
    const char *const values[] = {
        ids, since, extra, about->agency, about->batch_id, about->change, about->now};
    return db_do(db, sql_intake_new_patent_holding, G_N_ELEMENTS(values), values,
                 "write patent_holding", error);
}

struct packer *holdings_pack(const struct holdings_about *about, const json_t *rows)
{
    static const struct packer_source source = {
        "patent_holding", "patent_id", {"patent_id", "agency_id", "recorded_at"}};
    struct packer *packer = packer_new(&source);
    packer_column(packer, "patent_id", OID_INT8, NULL, false);
    packer_column(packer, "agency_id", OID_INT4, about->agency, true);
    packer_column(packer, "held_since", OID_DATE, NULL, false);
    packer_column(packer, "extra", OID_JSONB, NULL, false);
    packer_column(packer, "batch_id", OID_INT8, about->batch_id, true);
    packer_column(packer, "change_seq", OID_INT8, about->change, true);
    packer_column(packer, "first_recorded_at", OID_TIMESTAMPTZ, about->now, true);
    packer_column(packer, "recorded_at", OID_TIMESTAMPTZ, about->now, true);
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row) packer_row(packer, row);
    return packer;
}
