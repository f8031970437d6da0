#include "loader/xml.h"
#include "loader/reader.h"
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

struct xml_attributes {
    const xmlChar **list; /* five a piece: name, prefix, space, value, end */
    int count;
    GString *value;
};

struct xml {
    struct part *part;
    char *what;
    const struct xml_events *events;
    void *user;
    xmlParserCtxtPtr parser;
    bool declares; /* a document type with entities of its own */
    GString *value;
    char *piece;
};

const char *xml_attribute(const struct xml_attributes *attributes, const char *name)
{
    for (int i = 0; i < attributes->count; i++) {
        const xmlChar **own = attributes->list + (ptrdiff_t)i * 5;
        if (strcmp((const char *)own[0], name) != 0)
            continue;
        g_string_truncate(attributes->value, 0);
        g_string_append_len(attributes->value, (const char *)own[3], own[4] - own[3]);
        return attributes->value->str;
    }
    return NULL;
}

static void on_begin(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int spaces, const xmlChar **space, int count, int defaulted,
                     const xmlChar **list)
{
    struct xml *xml = user;
    struct xml_attributes attributes = {list, count, xml->value};
    (void)prefix, (void)uri, (void)spaces, (void)space, (void)defaulted;
    if (xml->events->begin)
        xml->events->begin(xml->user, (const char *)name, &attributes);
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml *xml = user;
    (void)prefix, (void)uri;
    if (xml->events->end)
        xml->events->end(xml->user, (const char *)name);
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct xml *xml = user;
    if (xml->events->text)
        xml->events->text(xml->user, (const char *)text, (size_t)len);
}

static void on_subset(void *user, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    struct xml *xml = user;
    (void)name, (void)id, (void)system;
    xml->declares = true;
    xmlStopParser(xml->parser);
}

static void on_error(void *user, xmlErrorPtr error)
{
    (void)user, (void)error;
}

static xmlParserCtxtPtr parser_new(struct xml *xml)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_begin,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .internalSubset = on_subset,
                         .serror = on_error};
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, xml, NULL, 0, NULL);
    g_assert(parser); /* out of memory ends the process */
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    return parser;
}

struct xml *xml_open(struct part *part, const char *what, const struct xml_events *events,
                     void *user)
{
    struct xml *xml = g_new0(struct xml, 1);
    *xml = (struct xml){.part = part,
                        .what = g_strdup(what),
                        .events = events,
                        .user = user,
                        .value = g_string_new(NULL),
                        .piece = g_malloc(PIECE)};
    xml->parser = parser_new(xml);
    return xml;
}

void xml_close(struct xml *xml)
{
    if (!xml)
        return;
    if (xml->parser->myDoc)
        xmlFreeDoc(xml->parser->myDoc);
    xmlFreeParserCtxt(xml->parser);
    part_close(xml->part);
    g_string_free(xml->value, TRUE);
    g_free(xml->what);
    g_free(xml->piece);
    g_free(xml);
}

enum xml_step xml_next(struct xml *xml, GError **error)
{
    ssize_t got = part_read(xml->part, xml->piece, PIECE, error);
    if (got < 0)
        return XML_FAILED;
    int code = xmlParseChunk(xml->parser, xml->piece, (int)got, got == 0);
    if (xml->declares) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                    "%s declares a document type, as an entity bomb does; no spreadsheet "
                    "program writes this / 其中声明了文档类型（实体炸弹的做法），不予读取",
                    xml->what);
        return XML_FAILED;
    }
    if (code != XML_ERR_OK && !xml->parser->wellFormed) {
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                    "%s is damaged (XML error %d at line %d); save the workbook again / "
                    "工作簿已损坏，请重新保存",
                    xml->what, code, xmlSAX2GetLineNumber(xml->parser));
        return XML_FAILED;
    }
    return got == 0 ? XML_END : XML_MORE;
}

bool xml_read(struct part *part, const char *what, const struct xml_events *events, void *user,
              GError **error)
{
    g_autoptr(xml_t) xml = xml_open(part, what, events, user);
    enum xml_step step;
    do
        step = xml_next(xml, error);
    while (step == XML_MORE);
    return step == XML_END;
}
