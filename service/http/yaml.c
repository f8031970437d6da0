#include "service/http/yaml.h"
#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

static json_t *scalar(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    gint64 number;
    double real;
    char *end;
    if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return json_stringn(text, node->data.scalar.length);
    if (g_str_equal(text, "true") || g_str_equal(text, "false"))
        return json_boolean(*text == 't');
    if (!*text || g_str_equal(text, "null") || g_str_equal(text, "~"))
        return json_null();
    if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return json_integer(number);
    real = g_ascii_strtod(text, &end);
    if (!*end && strspn(text, "0123456789+-.eE") == strlen(text))
        return json_real(real);
    return json_stringn(text, node->data.scalar.length);
}

static json_t *value_of(yaml_document_t *document, int index);

static json_t *sequence(yaml_document_t *document, const yaml_node_t *node)
{
    json_t *array = json_array();
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        json_array_append_new(array, value_of(document, *item));
    return array;
}

static json_t *mapping(yaml_document_t *document, const yaml_node_t *node)
{
    json_t *object = json_object();
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key->type == YAML_SCALAR_NODE)
            json_object_set_new(object, (const char *)key->data.scalar.value,
                                value_of(document, pair->value));
    }
    return object;
}

static json_t *value_of(yaml_document_t *document, int index)
{
    const yaml_node_t *node = yaml_document_get_node(document, index);
    if (node->type == YAML_MAPPING_NODE)
        return mapping(document, node);
    return node->type == YAML_SEQUENCE_NODE ? sequence(document, node) : scalar(node);
}

json_t *yaml_read(const char *text, size_t len, GError **error)
{
    yaml_parser_t parser;
    yaml_document_t document;
    json_t *root = NULL;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    if (yaml_parser_load(&parser, &document)) {
        if (yaml_document_get_root_node(&document))
            root = value_of(&document, 1);
        yaml_document_delete(&document);
    }
    if (!root)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "could not read YAML, line %zu: %s", parser.problem_mark.line + 1,
                    parser.problem ? parser.problem : "nothing there");
    yaml_parser_delete(&parser);
    return root;
}
