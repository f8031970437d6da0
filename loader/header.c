#include "loader/header.h"
#include "loader/columns.h"
#include "loader/names.h"
#include <string.h>

struct score {
    size_t known, filled;
};

void header_choice_clear(struct header_choice *choice)
{
    g_clear_pointer(&choice->names, g_ptr_array_unref);
}

static const char *cell_at(const GPtrArray *cells, guint place)
{
    return place < cells->len ? g_ptr_array_index(cells, place) : "";
}

static bool is_known(struct columns *columns, const char *name)
{
    const struct column *column = *name != '\0' ? columns_find(columns, name) : NULL;
    return column && (column->field || column->group);
}

/* How many cells are known columns. A set of its own, so that title rows are not remembered as headers. */
static struct score header_score(const struct plan *plan, const GPtrArray *cells)
{
    struct columns *columns = columns_new(plan->kind, plan->mapping);
    struct score score = {0, 0};
    for (guint i = 0; i < cells->len; i++) {
        score.filled += *cell_at(cells, i) != '\0';
        score.known += is_known(columns, cell_at(cells, i));
    }
    columns_free(columns);
    return score;
}

static bool score_fits(struct score score)
{
    return score.known > 0 && score.known * 2 >= score.filled;
}

/* ---- two rows */

/* What stands over a cell: its own upper cell, or the next one to the left whose group it may belong to. */
static const char *group_over(const GPtrArray *upper, const GPtrArray *lower, guint place)
{
    for (guint i = place + 1; i > 0; i--) {
        if (*cell_at(upper, i - 1) != '\0')
            return cell_at(upper, i - 1);
        if (*cell_at(lower, i - 1) == '\0')
            return "";
    }
    return "";
}

static bool is_repeated(const GPtrArray *lower, const char *name)
{
    guint count = 0;
    for (guint i = 0; i < lower->len; i++)
        count += strcmp(cell_at(lower, i), name) == 0;
    return count > 1;
}

static char *combine(struct columns *columns, const GPtrArray *upper, const GPtrArray *lower,
                     guint place)
{
    const char *below = cell_at(lower, place), *own = cell_at(upper, place);
    const char *over = *below != '\0' ? group_over(upper, lower, place) : own;
    if (*below == '\0' || *over == '\0' || strcmp(over, below) == 0)
        return g_strdup(*below != '\0' ? below : over);
    g_autofree char *joined = g_strconcat(over, below, NULL);
    bool alone =
        is_known(columns, below) && !is_known(columns, over) && !is_repeated(lower, below);
    return !is_known(columns, joined) && alone ? g_strdup(below) : g_steal_pointer(&joined);
}

static GPtrArray *combine_rows(const struct plan *plan, const GPtrArray *upper,
                               const GPtrArray *lower)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    struct columns *columns = columns_new(plan->kind, plan->mapping);
    for (guint i = 0; i < MAX(upper->len, lower->len); i++)
        g_ptr_array_add(names, combine(columns, upper, lower, i));
    columns_free(columns);
    return names;
}

/* ---- the choice */

static GPtrArray *copy_row(const GPtrArray *cells)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < cells->len; i++)
        g_ptr_array_add(names, g_strdup(cell_at(cells, i)));
    return names;
}

/* Takes rows `upper` and the one below it, when they are more than what was chosen. */
static void try_pair(const struct plan *plan, const GPtrArray *rows, guint upper,
                     struct header_choice *out)
{
    if (upper + 1 >= rows->len)
        return;
    GPtrArray *names =
        combine_rows(plan, g_ptr_array_index(rows, upper), g_ptr_array_index(rows, upper + 1));
    struct score score = header_score(plan, names);
    if (score.known <= out->known || !score_fits(score)) {
        g_ptr_array_unref(names);
        return;
    }
    header_choice_clear(out);
    *out = (struct header_choice){
        .first = upper, .rows = 2, .names = names, .known = score.known, .fits = true};
}

static bool choose_saved(const struct plan *plan, const GPtrArray *rows,
                         struct header_choice *out)
{
    for (guint i = 0; plan->saved && i < rows->len; i++) {
        const GPtrArray *cells = g_ptr_array_index(rows, i);
        const struct saved_mapping *saved =
            mapping_recognise(plan->saved, (const char *const *)cells->pdata, cells->len);
        if (!saved)
            continue;
        *out = (struct header_choice){
            .first = i, .rows = 1, .names = copy_row(cells), .fits = true, .saved = saved};
        struct plan with = *plan;
        with.mapping = saved->mapping;
        out->known = header_score(&with, cells).known;
        return true;
    }
    return false;
}

static void choose_single(const struct plan *plan, const GPtrArray *rows,
                          struct header_choice *out)
{
    for (guint i = 0; i < rows->len && !out->fits; i++) {
        const GPtrArray *cells = g_ptr_array_index(rows, i);
        struct score score = header_score(plan, cells);
        if (!score_fits(score) && score.known <= out->known)
            continue;
        header_choice_clear(out);
        *out = (struct header_choice){.first = i,
                                      .rows = 1,
                                      .names = copy_row(cells),
                                      .known = score.known,
                                      .fits = score_fits(score)};
    }
}

/* One of the fields that tell which record a row is about. */
static bool names_key(const struct plan *plan, const struct header_choice *choice)
{
    struct columns *columns =
        columns_new(plan->kind, choice->saved ? choice->saved->mapping : plan->mapping);
    bool found = false;
    for (guint i = 0; i < choice->names->len && !found; i++) {
        const struct column *column = columns_find(columns, cell_at(choice->names, i));
        const struct field *field = column->field;
        for (int k = 0; field && k < 3 && plan->kind->key[k]; k++)
            found = found || strcmp(field->name, plan->kind->key[k]) == 0;
        found =
            found ||
            (field && (field->type == FIELD_APPLICATION || field->type == FIELD_PUBLICATION));
    }
    columns_free(columns);
    return found;
}

/* The first of the rows that have the most texts, two at least. */
static bool choose_fullest(const GPtrArray *rows, struct header_choice *out)
{
    guint most = 1;
    for (guint i = 0; i < rows->len; i++) {
        const GPtrArray *cells = g_ptr_array_index(rows, i);
        guint filled = 0;
        for (guint c = 0; c < cells->len; c++)
            filled += *cell_at(cells, c) != '\0';
        if (filled <= most)
            continue;
        most = filled;
        header_choice_clear(out);
        *out = (struct header_choice){.first = i, .rows = 1, .names = copy_row(cells)};
    }
    return out->names != NULL;
}

bool header_choose(const struct plan *plan, const GPtrArray *rows, struct header_choice *out)
{
    *out = (struct header_choice){0};
    if (!choose_saved(plan, rows, out)) {
        choose_single(plan, rows, out);
        guint near = out->names ? out->first : 0;
        guint last = out->names ? near + 1 : rows->len;
        for (guint i = near > 0 ? near - 1 : 0; i < last; i++)
            try_pair(plan, rows, i, out);
    }
    if (!out->names || out->known == 0) {
        header_choice_clear(out);
        return plan->any_header && choose_fullest(rows, out);
    }
    out->has_key = names_key(plan, out);
    return true;
}

bool header_fail(const struct kind *kind, const GPtrArray *seen, GError **error)
{
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GString) expected = g_string_new(NULL);
    for (guint i = 0; seen && i < seen->len && i < 20; i++) {
        g_autofree char *cut = text_cut(g_ptr_array_index(seen, i), 60);
        g_string_append_printf(found, "%s'%s'", i > 0 ? ", " : "", cut);
    }
    for (size_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].required)
            g_string_append_printf(expected, "%s'%s' (%s)", expected->len > 0 ? ", " : "",
                                   columns_chinese(kind, kind->fields[i].name),
                                   kind->fields[i].name);
    g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                "no column of it is known; the header has %s; expected for %s are columns such "
                "as %s. A mapping can "
                "name other columns / 没有认得的列；可以用映射（--map）说明各列是什么",
                found->len > 0 ? found->str : "nothing that can be read", kind->name,
                expected->str);
    return false;
}
