#include "loader/refusal.h"
#include "loader/names.h"
#include <string.h>

void refusal_clear(struct refusal *refusal)
{
    g_free(refusal->sheet);
    g_free(refusal->column);
    g_free(refusal->value);
    g_free(refusal->reason_en);
    g_free(refusal->reason_zh);
    *refusal = (struct refusal){0};
}

void refusal_set(struct refusal *out, int64_t line, const char *column, const char *value,
                 struct problem *problem)
{
    const char *shown = value ? value : problem->value;
    g_autofree char *valid = g_utf8_make_valid(shown ? shown : "", -1);
    refusal_clear(out);
    out->line = line;
    out->column = g_strdup(column ? column : "");
    out->value = text_cut(valid, REFUSAL_VALUE_BYTES);
    out->code = problem->code;
    out->reason_en = g_steal_pointer(&problem->en);
    out->reason_zh = g_steal_pointer(&problem->zh);
    problem_clear(problem);
}
