/* yaml.h - YAML as JSON: what the description of the interface is written in, and what it is served as.
 *
 * Mappings, sequences and scalars of YAML's core schema; no tags, anchors or merge keys. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* NULL and G_IO_ERROR_INVALID_DATA with the line. The caller owns the answer. */
json_t *yaml_read(const char *text, size_t len, GError **error);
