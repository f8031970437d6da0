/* pack.h - a policy as data: deploy/policies/ID.json.
 *
 *   id, version        a figure names both; a changed pack needs a higher version
 *   name, banner       {zh, en}; banner: shown above everything, null for none
 *   issued             {number, by, date} of the text, or null
 *   in_force           false: a template, marked so everywhere
 *   window             from: the first day whose facts count; valid_from, to: validity (to null: open)
 *   time_zone          whose days count; division: the city's code, GB/T 2260
 *   operating_procedures  {overrides: {parameter: value}}: what the bureau's procedures say goes before any choice below
 *   recorded_only      {zh, en} of what the text says and nothing here computes; a clause may have one, too. Left out: nothing
 *   papers             {kind of fact: [{paper, name}]} that an application needs (service/track/papers.h)
 *   four_eyes          [kind]: two officials decide on these; left out: one is enough
 *   parameters         choices of the whole pack; a clause's own goes before one of the same name
 *   clauses            [{id, name, wording, department, beneficiary, trigger, award, amount_fen, numbers, condition,
 *                        items: [{metric, threshold, name, definition, unit, per, comparison_parameter}],
 *                        parameters: {name: {value, reason, alternative}}}]
 *
 * Every choice that the text leaves open is a parameter with its reason and its alternative. deploy/policies/schema.json is the
 * form, docs/policies.md the manual. Errors name the file and the path: `packs/x.json: clauses[0].items[2].threshold: …`. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

enum pack_error { PACK_ERROR_NOT_FOUND, PACK_ERROR_FORMAT };
#define PACK_ERROR pack_error_quark()
GQuark pack_error_quark(void);

typedef struct pack {
    json_t *root;
    char *text;     /* as read */
    char *digest;   /* SHA-256 of it */
    const char *id; /* in root, as are the others */
    int version;
    bool in_force; /* false: a template */
    const char *from;
    const char *valid_from;
    const char *to; /* NULL: open */
    const char *time_zone;
} pack_t;

/* Reads a pack from its text; `where` stands in messages. The caller owns the answer. */
struct pack *pack_read(const char *text, const char *where, GError **error);
void pack_free(struct pack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pack_t, pack_free)

/* Every pack of a folder, or (NULL) those that the program carries, by id: struct pack *, owned by the array. */
GPtrArray *pack_list(const char *folder, GError **error);

/* The pack ID from a folder, or (folder NULL) from those that the program carries. With a NULL id the one that was issued;
 * of several the one whose window began last. */
struct pack *pack_open(const char *folder, const char *id, GError **error);

/* A clause by its id, or NULL. */
json_t *pack_clause(const struct pack *pack, const char *clause_id);

/* The clause that has an item of this metric, or NULL. */
json_t *pack_clause_of(const struct pack *pack, const char *metric);

/* What a clause's metrics read: window, zone, division, the award's numbers and every parameter's value: that of the operating
 * procedures, else what officials decided (`decided`: parameter_decided() of sql/parameter.h, or NULL), else the pack's. A new object. */
json_t *pack_metric_values(const struct pack *pack, const json_t *clause,
                           const json_t *decided);

/* {name: {value, reason, alternative, overridden, decided: {clause, by, reason, effective, at, late, pack_value}}} of a clause: shown
 * beside the numbers. A new object. */
json_t *pack_choices(const struct pack *pack, const json_t *clause, const json_t *decided);

/* Adds to `list` what of `decided` this clause reads, unless it stands there. */
void pack_add_decided(const struct pack *pack, const json_t *clause, const json_t *decided,
                      json_t *list);

/* Whether `value` (NULL: what the pack says) may be decided for the parameter `name` of a clause, or of the whole pack (""):
 * PACK_ERROR_NOT_FOUND where there is none, PACK_ERROR_FORMAT with the path where it does not fit, or the procedures prevail. */
bool pack_check_decision(const struct pack *pack, const char *clause, const char *name,
                         const json_t *value, GError **error);

/* Whether two officials must decide on this kind ("parameter", "need" …). */
bool pack_asks_four_eyes(const struct pack *pack, const char *kind);
