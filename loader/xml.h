/* xml.h - XML read as a stream: what begins, ends and stands between is told as it comes. Nothing is fetched, no entity is
 * expanded: a document type that is declared inside the file ends the reading. Internal to the reader.
 *
 * Names are those without their prefix. */
#pragma once
#include "loader/package.h"

struct xml_attributes; /* of the element that begins; valid during the call */

struct xml_events {
    void (*begin)(void *user, const char *name, const struct xml_attributes *attributes);
    void (*end)(void *user, const char *name);
    void (*text)(void *user, const char *text, size_t len);
};

/* The attribute's value, or NULL. Valid during the call, ends with a zero. */
const char *xml_attribute(const struct xml_attributes *attributes, const char *name);

struct xml;

/* Reads an entry of a package, which it takes over. `what` stands in messages. */
struct xml *xml_open(struct part *part, const char *what, const struct xml_events *events,
                     void *user);
void xml_close(struct xml *xml);
typedef struct xml xml_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xml_t, xml_close)

enum xml_step { XML_MORE, XML_END, XML_FAILED };

/* Reads the next piece, at most 64 KB. LOADER_ERROR_FORMAT. */
enum xml_step xml_next(struct xml *xml, GError **error);

/* All of it. */
bool xml_read(struct part *part, const char *what, const struct xml_events *events, void *user,
              GError **error);
