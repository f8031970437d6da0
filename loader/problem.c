#include "loader/problem.h"

static const char *const code_names[CODE_COUNT] = {
    [CODE_OTHER] = "other",
    [CODE_MISSING] = "missing",
    [CODE_BAD_NUMBER] = "bad_number",
    [CODE_BAD_CHECK] = "bad_check",
    [CODE_BAD_DATE] = "bad_date",
    [CODE_BAD_VALUE] = "bad_value",
    [CODE_TOO_LONG] = "too_long",
    [CODE_BAD_ENCODING] = "bad_encoding",
    [CODE_BAD_STRUCTURE] = "bad_structure",
    [CODE_DUPLICATE_CONFLICT] = "duplicate_conflict",
    [CODE_NOT_FOUND] = "not_found",
};

const char *code_name(enum refusal_code code)
{
    return code < CODE_COUNT ? code_names[code] : code_names[CODE_OTHER];
}

void problem_clear(struct problem *problem)
{
    g_clear_pointer(&problem->en, g_free);
    g_clear_pointer(&problem->zh, g_free);
    g_clear_pointer(&problem->value, g_free);
    problem->field = NULL;
    problem->code = CODE_OTHER;
}

void problem_move(struct problem *to, struct problem *from)
{
    if (to == from)
        return;
    problem_clear(to);
    *to = *from;
    *from = (struct problem){0};
}

const char *problem_text(const struct problem *problem, bool chinese)
{
    return chinese ? problem->zh : problem->en;
}
