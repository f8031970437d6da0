/* Numbers, days and amounts of unknown text: what is read must read back from its own normal form to the same, and what is
 * refused must say why. */
#include "loader/date.h"
#include "loader/identifier.h"
#include "loader/money.h"
#include "loader/names.h"
#include "loader/right.h"
#include "loader/symbol.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Refused with a reason, or abort. */
static void refused(struct problem *problem)
{
    if (!problem->en || !problem->zh)
        abort();
    problem_clear(problem);
}

static void try_patent(const char *text)
{
    struct patent_number number, again;
    struct problem problem = {0};
    if (!patent_number_read(text, "2025-06-30", &number, &problem)) {
        refused(&problem);
        return;
    }
    g_autofree char *shown = patent_number_show(&number);
    if (number.empty)
        return;
    bool ok = number.publication ? publication_read(shown, "2025-06-30", &again, &problem)
                                 : application_read(shown, "2025-06-30", &again, &problem);
    g_autofree char *twice = ok ? patent_number_show(&again) : NULL;
    if (!ok || strcmp(shown, twice) != 0)
        abort();
}

static void try_code(const char *text)
{
    struct problem problem = {0}, warning = {0};
    g_autofree char *code = NULL, *again = NULL, *division = NULL, *right = NULL;
    const char *type;
    if (!uscc_read(text, &code, &warning, &problem))
        refused(&problem);
    else if (!uscc_read(code, &again, &warning, &problem) || strcmp(code, again) != 0)
        abort();
    if (!division_read(text, &division, &problem))
        refused(&problem);
    if (!right_read(text, "overseas_invention", "2025-06-30", &right, &type, &warning,
                    &problem))
        refused(&problem);
    problem_clear(&warning);
    g_free(symbol_read(text, &warning));
    problem_clear(&warning);
}

static void try_numeral(const char *text)
{
    struct money_column column = {100, false, -1000000, INT64_C(900000000000000)};
    struct problem problem = {0};
    char day[DATE_LEN], again[DATE_LEN];
    int64_t value;
    bool said;
    if (!money_read(text, &column, &value, &said, &problem))
        refused(&problem);
    if (!integer_read(text, 0, 1000, &value, &problem))
        refused(&problem);
    if (!date_read(text, day, &problem))
        refused(&problem);
    else if (!date_read(day, again, &problem) || strcmp(day, again) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, MIN(size, (size_t)500));
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    try_patent(text);
    try_code(text);
    try_numeral(text);
    g_free(name_fold(text));
    return 0;
}
