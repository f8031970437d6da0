#include "service/steps/interest.h"
#include "sql/interest.h"
#include <math.h>
#include <string.h>

enum { N = INTEREST_FEATURES };

void interest_state_clear(struct interest_state *state)
{
    g_clear_pointer(&state->history, g_hash_table_unref);
}

static int64_t id_of(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_string(value) ? g_ascii_strtoll(json_string_value(value), NULL, 10)
                                 : json_integer_value(value);
}

static double real_of(const json_t *row, const char *name)
{
    return json_number_value(json_object_get(row, name));
}

static uint32_t count_of(const json_t *row, const char *name)
{
    return (uint32_t)json_integer_value(json_object_get(row, name));
}

/* ---- The model as JSON */

static json_t *body_of(const struct interest_model *model)
{
    json_t *weights = json_array(), *covariance = json_array();
    for (int i = 0; i < N; i++) {
        json_array_append_new(weights, json_real(model->weights[i]));
        for (int j = 0; j < N; j++)
            json_array_append_new(covariance, json_real(model->covariance[i][j]));
    }
    json_t *error =
        isnan(model->calibration_error) ? json_null() : json_real(model->calibration_error);
    return json_pack("{s:o, s:o, s:I, s:I, s:o}", "weights", weights, "covariance", covariance,
                     "answers", (json_int_t)model->answers, "enterprises",
                     (json_int_t)model->enterprises, "calibration_error", error);
}

static bool read_body(const json_t *body, struct interest_model *out)
{
    const json_t *weights = json_object_get(body, "weights"),
                 *covariance = json_object_get(body, "covariance");
    if (json_array_size(weights) != N || json_array_size(covariance) != (size_t)N * N)
        return false;
    for (size_t i = 0; i < N; i++) {
        out->weights[i] = json_number_value(json_array_get(weights, i));
        for (size_t j = 0; j < N; j++)
            out->covariance[i][j] = json_number_value(json_array_get(covariance, i * N + j));
    }
    out->answers = count_of(body, "answers");
    out->enterprises = count_of(body, "enterprises");
    out->calibration_error = real_of(body, "calibration_error");
    return true;
}

/* A model of another form than this program's is not used: the prior is. */
bool interest_read(struct db *db, int agency_id, struct interest_state *out, GError **error)
{
    json_auto_t *rows = interest_latest(db, agency_id, error);
    const json_t *row = json_array_get(rows, 0);
    out->is_learned = row && read_body(json_object_get(row, "body"), &out->model);
    out->version = out->is_learned ? (int)count_of(row, "version") : 0;
    return rows != NULL;
}

bool interest_read_history(struct db *db, int agency_id, struct interest_state *state,
                           GError **error)
{
    json_auto_t *rows = interest_history(db, agency_id, error);
    size_t i;
    json_t *row;
    g_clear_pointer(&state->history, g_hash_table_unref);
    state->history = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    json_array_foreach(rows, i, row)
    {
        struct interest_past *past = g_new(struct interest_past, 1);
        *past = (struct interest_past){id_of(row, "enterprise_id"), count_of(row, "answers"),
                                       count_of(row, "interested")};
        g_hash_table_insert(state->history, &past->enterprise_id, past);
    }
    return rows != NULL;
}

/* ---- One lead */

/* How wide the range is, in words. */
static const char *sureness(double width, bool chinese)
{
    if (width < .15)
        return chinese ? "把握较大" : "fairly sure";
    if (width < .35)
        return chinese ? "大致可信" : "roughly";
    return chinese ? "把握不大" : "not sure";
}

static json_t *certainty_of(const struct interest_state *state, const struct interest *interest)
{
    int low = (int)lround(100 * interest->low), high = (int)lround(100 * interest->high);
    double width = interest->high - interest->low;
    uint32_t answers = state->is_learned ? state->model.answers : 0;
    g_autofree char *en =
        answers ? g_strdup_printf(
                      "learned from %u answers of %u enterprises; %s, between %d%% and %d%%",
                      answers, state->model.enterprises, sureness(width, false), low, high)
                : g_strdup("prior, not learned");
    g_autofree char *zh =
        answers ? g_strdup_printf("依据 %u 家企业的 %u 条反馈；%s，约在 %d%%–%d%% 之间",
                                  state->model.enterprises, answers, sureness(width, true), low,
                                  high)
                : g_strdup("先验，未学习");
    return json_pack("{s:f, s:f, s:I, s:s, s:s}", "low", interest->low, "high", interest->high,
                     "answers", (json_int_t)answers, "basis", en, "basis_zh", zh);
}

double interest_weigh(const struct interest_state *state, int64_t enterprise_id,
                      struct interest_lead *lead, json_t **certainty)
{
    const struct interest_past *past =
        state->history ? g_hash_table_lookup(state->history, &enterprise_id) : NULL;
    lead->past = past ? past->answers : 0;
    lead->past_interested = past ? past->interested : 0;
    struct interest interest = interest_of(state->is_learned ? &state->model : NULL, lead);
    if (certainty)
        *certainty = certainty_of(state, &interest);
    return interest.probability;
}

const char *interest_basis(const json_t *lead, bool chinese)
{
    const char *words = json_string_value(
        json_object_get(json_object_get(lead, "certainty"), chinese ? "basis_zh" : "basis"));
    if (words)
        return words;
    return chinese ? "先验，未学习" : "prior, not learned";
}

/* ---- Learning */

/* What the enterprise had answered before, and this answer added to it. */
static void add_past(GHashTable *history, struct interest_case *c)
{
    struct interest_past *past = g_hash_table_lookup(history, &c->enterprise);
    if (!past) {
        past = g_new0(struct interest_past, 1);
        past->enterprise_id = c->enterprise;
        g_hash_table_insert(history, &past->enterprise_id, past);
    }
    c->lead.past = past->answers;
    c->lead.past_interested = past->interested;
    past->answers += c->answered;
    past->interested += c->interested;
}

static GArray *cases_of(const json_t *rows)
{
    GArray *cases = g_array_new(FALSE, TRUE, sizeof(struct interest_case));
    g_autoptr(GHashTable) history =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        const char *answer = json_string_value(json_object_get(row, "answer"));
        struct interest_case c = {.lead = {.fit = real_of(row, "fit"),
                                           .gap = CLAMP(real_of(row, "gap"), 0, 1),
                                           .class_share = real_of(row, "class_share"),
                                           .rank = count_of(row, "rank")},
                                  .enterprise = id_of(row, "enterprise_id"),
                                  .answered = answer != NULL,
                                  .interested = g_strcmp0(answer, "interested") == 0};
        add_past(history, &c);
        g_array_append_val(cases, c);
    }
    return cases;
}

static bool learn(struct db *db, int agency_id, json_t **out, GError **error)
{
    struct interest_model model;
    int64_t version = 0;
    json_auto_t *rows = interest_leads(db, agency_id, error);
    if (!rows)
        return false;
    g_autoptr(GArray) cases = cases_of(rows);
    if (!interest_train((const struct interest_case *)(const void *)cases->data, cases->len,
                        &model, error))
        return false;
    g_autofree char *now = db_clock(db, error);
    json_auto_t *body = body_of(&model);
    if (!now || !interest_write(db, agency_id, body, now, &version, error))
        return false;
    *out = json_pack("{s:I, s:I, s:O, s:O, s:O}", "version", (json_int_t)version, "leads",
                     (json_int_t)cases->len, "answers", json_object_get(body, "answers"),
                     "enterprises", json_object_get(body, "enterprises"), "calibration_error",
                     json_object_get(body, "calibration_error"));
    return true;
}

bool interest_learn(struct db *db, int agency_id, json_t **out, GError **error)
{
    *out = NULL;
    if (!db_begin(db, DB_SERVICE, agency_id, error))
        return false;
    if (learn(db, agency_id, out, error) && db_commit(db, error))
        return true;
    db_rollback(db);
    g_clear_pointer(out, json_decref);
    return false;
}
