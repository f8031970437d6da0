#include "loader/office_record.h"
#include "loader/names.h"
#include <glib.h>
#include <string.h>

/* ---- names and texts */

/* "doc-number", "DocNumber" -> "docnumber". */
static void fold_name(const char *name, char out[64])
{
    size_t len = 0;
    for (; *name != '\0' && len < 63; name++)
        if (*name != '-' && *name != '_')
            out[len++] = g_ascii_tolower(*name);
    out[len] = '\0';
}

static bool is_named(const xmlNode *node, const char *folded)
{
    char name[64];
    if (!node || node->type != XML_ELEMENT_NODE)
        return false;
    fold_name((const char *)node->name, name);
    return strcmp(name, folded) == 0;
}

static bool is_wide(gunichar c)
{
    return c >= 0x2e80;
}

char *office_unbreak(const char *text)
{
    GString *out = g_string_new(NULL);
    g_autofree char *own = g_strdup(text);
    g_auto(GStrv) lines = NULL;
    g_strdelimit(own, "\r\n\t", '\n');
    lines = g_strsplit(own, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_autofree char *trimmed = text_trim(*line);
        if (*trimmed == '\0')
            continue;
        gunichar before =
            out->len ? g_utf8_get_char(g_utf8_prev_char(out->str + out->len)) : 0x3000;
        if (!is_wide(before) && !is_wide(g_utf8_get_char(trimmed)))
            g_string_append_c(out, ' ');
        g_string_append(out, trimmed);
    }
    return g_string_free(out, FALSE);
}

static void add_text(const xmlNode *node, GString *out)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            g_string_append(out, (const char *)child->content);
        else if (is_named(child, "br"))
            g_string_append_c(out, '\n');
        else if (child->type == XML_ELEMENT_NODE)
            add_text(child, out);
    }
}

/* The text of an element in one line. Caller frees. */
static char *text_of(const xmlNode *node)
{
    g_autoptr(GString) text = g_string_new(NULL);
    add_text(node, text);
    return office_unbreak(text->str);
}

static bool is_block(const xmlNode *node)
{
    static const char *const blocks[] = {
        "p", "heading", "claimtext", "inventiontitle", "paragraphs", "paragraph", NULL};
    for (int i = 0; blocks[i]; i++)
        if (is_named(node, blocks[i]))
            return true;
    return false;
}

static bool has_block(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next)
        if (is_block(child) || has_block(child))
            return true;
    return false;
}

/* Paragraphs, a line each. */
static void add_blocks(const xmlNode *node, GString *out)
{
    if (node->type != XML_ELEMENT_NODE)
        return;
    if (has_block(node)) {
        for (const xmlNode *child = node->children; child; child = child->next)
            add_blocks(child, out);
        return;
    }
    g_autofree char *text = text_of(node);
    if (*text != '\0')
        g_string_append_printf(out, "%s%s", out->len ? "\n" : "", text);
}

static const xmlNode *find_below(const xmlNode *node, const char *folded)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (is_named(child, folded))
            return child;
        const xmlNode *found =
            child->type == XML_ELEMENT_NODE ? find_below(child, folded) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

/* The text of the first element below of one of these names. NULL when there is none. Caller frees. */
static char *find_text(const xmlNode *node, const char *const *names)
{
    for (; *names; names++) {
        const xmlNode *found = find_below(node, *names);
        g_autofree char *text = found ? text_of(found) : NULL;
        if (text && *text != '\0')
            return g_steal_pointer(&text);
    }
    return NULL;
}

/* ---- fields */

static void set_once(json_t *record, const char *field, const char *text)
{
    if (text && *text != '\0' && !json_object_get(record, field))
        json_object_set_new(record, field, json_string(text));
}

static void add_to(json_t *record, const char *field, const char *text)
{
    json_t *list = json_object_get(record, field), *own;
    size_t i;
    if (!text || *text == '\0')
        return;
    if (!list)
        json_object_set_new(record, field, list = json_array());
    json_array_foreach(list, i, own) if (strcmp(json_string_value(own), text) == 0) return;
    json_array_append_new(list, json_string(text));
}

/* Number with office and letter, and its date: what ST.36 calls a document-id. */
static void take_document(json_t *record, const xmlNode *node, const char *number_field,
                          const char *date_field)
{
    static const char *const numbers[] = {"docnumber", "publicationnumber",
                                          "applicationnumbertext", "applicationnumber", NULL};
    static const char *const offices[] = {"country", "wipost3code", "ipofficecode", NULL};
    static const char *const kinds[] = {"kind", "patentdocumentkindcode", NULL};
    static const char *const dates[] = {"date", "publicationdate", "filingdate", NULL};
    g_autofree char *number = find_text(node, numbers);
    g_autofree char *office = find_text(node, offices);
    g_autofree char *kind = find_text(node, kinds);
    g_autofree char *date = find_text(node, dates);
    bool publication = strcmp(number_field, "publication_number") == 0;
    if (number) {
        bool prefixed = office && g_str_has_prefix(number, office);
        bool lettered = kind && g_str_has_suffix(number, kind);
        g_autofree char *whole =
            g_strconcat(office && !prefixed ? office : "", number,
                        publication && kind && !lettered ? kind : "", NULL);
        set_once(record, number_field, whole);
    }
    set_once(record, date_field, date);
}

/* A symbol as text, or from its parts: section, class, subclass, main-group, subgroup. */
static char *symbol_of(const xmlNode *node)
{
    static const char *const whole[] = {"text", "mainclassification", NULL};
    static const char *const parts[][2] = {{"section", NULL},
                                           {"class", NULL},
                                           {"subclass", NULL},
                                           {"maingroup", NULL},
                                           {"subgroup", NULL}};
    GString *out;
    char *text = find_text(node, whole);
    if (text)
        return text;
    if (!find_below(node, "section"))
        return text_of(node);
    out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = find_text(node, parts[i]);
        if (part)
            g_string_append_printf(out, "%s%s", i == 4 ? "/" : "", part);
    }
    return g_string_free(out, FALSE);
}

static char *party_name(const xmlNode *node)
{
    static const char *const names[] = {"orgname",          "organizationstandardname",
                                        "organizationname", "entityname",
                                        "personfullname",   "name",
                                        "lastname",         NULL};
    char *name = find_text(node, names);
    return name ? name : text_of(node);
}

static void take_address(json_t *record, const xmlNode *node)
{
    static const char *const names[] = {"address", "addresslinetext", "text", NULL};
    const xmlNode *address = find_below(node, "address");
    g_autofree char *text = address ? find_text(address, names + 1) : NULL;
    if (!text && address)
        text = text_of(address);
    set_once(record, "address", text);
}

enum how {
    HOW_DOCUMENT, /* field: its number; other: its date */
    HOW_TEXT,
    HOW_BLOCKS,
    HOW_CLAIMS,
    HOW_SYMBOL,
    HOW_PARTY
};

/* What an element means, by its folded name. */
static const struct rule {
    const char *name;
    enum how how;
    const char *field, *other;
} rules[] = {
    {"publicationreference", HOW_DOCUMENT, "publication_number", "publication_date"},
    {"patentpublicationidentification", HOW_DOCUMENT, "publication_number", "publication_date"},
    {"applicationreference", HOW_DOCUMENT, "application_number", "application_date"},
    {"applicationidentification", HOW_DOCUMENT, "application_number", "application_date"},
    {"inventiontitle", HOW_TEXT, "title", NULL},
    {"abstract", HOW_BLOCKS, "abstract", NULL},
    {"cnabstract", HOW_BLOCKS, "abstract", NULL},
    {"description", HOW_BLOCKS, "description", NULL},
    {"claims", HOW_CLAIMS, "claims", NULL},
    {"cnclaims", HOW_CLAIMS, "claims", NULL},
    {"classificationipcr", HOW_SYMBOL, "ipc", NULL},
    {"ipcrclassification", HOW_SYMBOL, "ipc", NULL},
    {"mainclassification", HOW_SYMBOL, "ipc", NULL},
    {"furtherclassification", HOW_SYMBOL, "ipc", NULL},
    {"classificationcpc", HOW_SYMBOL, "cpc", NULL},
    {"cpcclassification", HOW_SYMBOL, "cpc", NULL},
    {"classificationlocarno", HOW_SYMBOL, "locarno", NULL},
    {"applicant", HOW_PARTY, "applicants", NULL},
    {"inventor", HOW_PARTY, "inventors", NULL},
    {"assignee", HOW_PARTY, "assignees", NULL},
    {"patentowner", HOW_PARTY, "assignees", NULL},
    {"grantee", HOW_PARTY, "assignees", NULL},
    {"agency", HOW_PARTY, "agent_institution", NULL},
    {"cnagency", HOW_PARTY, "agent_institution", NULL},
};

static const struct rule *find_rule(const xmlNode *node)
{
    char name[64];
    fold_name((const char *)node->name, name);
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

/* "1. 一种…", a line a claim. */
static char *claims_of(const xmlNode *node)
{
    GString *out = g_string_new(NULL);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (!is_named(child, "claim"))
            continue;
        g_autoptr(GString) text = g_string_new(NULL);
        add_blocks(child, text);
        xmlChar *number = xmlGetProp(child, (const xmlChar *)"num");
        bool numbered = g_ascii_isdigit(*text->str) || !number;
        if (text->len)
            g_string_append_printf(out, "%s%s%s%s", out->len ? "\n" : "",
                                   numbered ? "" : (const char *)number, numbered ? "" : ". ",
                                   text->str);
        xmlFree(number);
    }
    if (out->len == 0)
        add_blocks(node, out);
    return g_string_free(out, FALSE);
}

static void take_element(json_t *record, const xmlNode *node, const struct rule *rule)
{
    g_autofree char *text = NULL;
    g_autoptr(GString) blocks = g_string_new(NULL);
    switch (rule->how) {
    case HOW_DOCUMENT:
        take_document(record, node, rule->field, rule->other);
        return;
    case HOW_BLOCKS:
        add_blocks(node, blocks);
        set_once(record, rule->field, blocks->str);
        return;
    case HOW_CLAIMS:
        text = claims_of(node);
        set_once(record, rule->field, text);
        return;
    case HOW_SYMBOL:
        text = symbol_of(node);
        add_to(record, rule->field, text);
        return;
    case HOW_PARTY:
        text = party_name(node);
        if (strcmp(rule->field, "applicants") == 0)
            take_address(record, node);
        if (strcmp(rule->field, "agent_institution") == 0)
            set_once(record, rule->field, text);
        else
            add_to(record, rule->field, text);
        return;
    case HOW_TEXT:
        text = text_of(node);
        set_once(record, rule->field, text);
        return;
    }
}

static void walk(json_t *record, const xmlNode *node, int depth)
{
    for (const xmlNode *child = node->children; child && depth < 64; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        const struct rule *rule = find_rule(child);
        if (rule)
            take_element(record, child, rule);
        if (!rule || is_named(child, "description"))
            walk(record, child, depth + 1); /* a body's title stands in its description */
    }
}

void office_title_by_claim(json_t *record)
{
    const char *claims = json_string_value(json_object_get(record, "claims"));
    if (!claims || json_object_get(record, "title"))
        return;
    g_autoptr(GRegex) numbers =
        g_regex_new("[(（][0-9A-Za-z][0-9A-Za-z；;，、,\\s]*[)）]", 0, 0, NULL);
    g_autoptr(GRegex) begin =
        g_regex_new("^(?:1\\s*[.．、])?\\s*([^，,。；;：:\\n]{2,100})", 0, 0, NULL);
    g_autofree char *plain = g_regex_replace_literal(numbers, claims, -1, 0, "", 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!plain || !g_regex_match(begin, plain, 0, &match))
        return;
    g_autofree char *title = g_match_info_fetch(match, 1);
    g_autofree char *trimmed = text_trim(title);
    json_object_set_new(record, "title", json_string(trimmed));
    json_object_set_new(record, "extra", json_pack("{s:s}", "title_taken_from", "claims, 1"));
}

/* ---- PatSnap, and what Solr writes: <doc><str name="Title">…</str> */

static json_t *named_values(const xmlNode *node)
{
    json_t *record = json_object();
    for (const xmlNode *child = node->children; child; child = child->next) {
        xmlChar *name =
            child->type == XML_ELEMENT_NODE ? xmlGetProp(child, (const xmlChar *)"name") : NULL;
        if (!name)
            continue;
        g_autofree char *text = text_of(child);
        set_once(record, (const char *)name, text);
        xmlFree(name);
    }
    return record;
}

bool office_begins_record(const char *name)
{
    static const char *const records[] = {"cnapplicationbody",
                                          "cnpatentdocument",
                                          "patentdocument",
                                          "exchangedocument",
                                          "uspatentgrant",
                                          "uspatentapplication",
                                          "patentpublication",
                                          "patentdocumentandrelated",
                                          "applicationbody",
                                          "doc",
                                          NULL};
    char folded[64];
    fold_name(name, folded);
    return g_strv_contains(records, folded);
}

json_t *office_record(xmlNodePtr node)
{
    if (is_named(node, "doc"))
        return named_values(node);
    json_t *record = json_object();
    walk(record, node, 0);
    return record;
}
