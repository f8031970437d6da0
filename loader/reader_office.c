/* XML of patent offices (CNIPA's application bodies, ST.36, ST.96) and PatSnap's exports: an object a record.
 *
 * The document is walked element by element; one that begins a record is read whole, at most RECORD_MAX bytes of it, and
 * office_record.c makes an object of it. No entity is expanded, nothing is fetched.
 *
 * A CNIPA application body knows its number only by its file's name, dmh_<13 digits>_…, and comes in parts (claims, description,
 * abstract): the parts that lie beside the file are read with it, so that whichever is loaded, the record is whole. */
#include "loader/office_record.h"
#include "loader/reader_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <libxml/xmlreader.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_MAX = 64 << 20 };

struct office {
    xmlTextReaderPtr xml;
    int fd;
    size_t since; /* bytes read since the last record */
    char *number; /* of the application, by the file's name; NULL */
    char *path;
    int64_t given;
    bool begun;
};

static int read_bytes(void *user, char *to, int size)
{
    struct office *office = user;
    ssize_t got;
    if (office->since > RECORD_MAX)
        return -1;
    do
        got = read(office->fd, to, (size_t)size);
    while (got < 0 && errno == EINTR);
    office->since += got > 0 ? (size_t)got : 0;
    return (int)got;
}

static void say_nothing(void *user, const char *message, xmlParserSeverities severity,
                        xmlTextReaderLocatorPtr place)
{
    (void)user, (void)message, (void)severity, (void)place;
}

/* "dmh_2010102412224_100001-_DA….xml": the 13 digits. NULL for other names. */
static char *number_in_name(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(GRegex) form =
        g_regex_new("^[a-z]+_(\\d{12}[\\dX])_.*\\.xml$", G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    return g_regex_match(form, name, 0, &match) ? g_match_info_fetch(match, 1) : NULL;
}

static struct office *office_open(int fd, const char *path)
{
    struct office *office = g_new0(struct office, 1);
    office->fd = fd;
    office->path = g_strdup(path);
    office->number = number_in_name(path);
    office->xml = xmlReaderForIO(read_bytes, NULL, office, NULL, NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (office->xml)
        xmlTextReaderSetErrorHandler(office->xml, say_nothing, NULL);
    return office;
}

void reader_close_office(struct office *office)
{
    if (!office)
        return;
    if (office->xml) {
        xmlDocPtr document = xmlTextReaderCurrentDoc(office->xml);
        xmlFreeTextReader(office->xml);
        if (document)
            xmlFreeDoc(document);
    }
    if (office->fd >= 0)
        close(office->fd);
    g_free(office->number);
    g_free(office->path);
    g_free(office);
}

static bool office_fail(struct office *office, GError **error)
{
    int line = office->xml ? xmlTextReaderGetParserLineNumber(office->xml) : 0;
    if (office->since > RECORD_MAX)
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                    "one record of the XML takes more than %d MB", RECORD_MAX >> 20);
    else
        g_set_error(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                    "the XML is damaged at line %d, or was cut off / XML 在这一行损坏或被截断",
                    line);
    return false;
}

/* A document type may name a grammar (it is not looked at), but not bring entities of its own. */
static bool check_type(struct office *office, GError **error)
{
    xmlDocPtr document = xmlTextReaderCurrentDoc(office->xml);
    if (!document || !document->intSubset || !document->intSubset->entities)
        return true;
    g_set_error_literal(error, LOADER_ERROR, LOADER_ERROR_FORMAT,
                        "the XML declares entities of its own, as an entity bomb does / XML "
                        "自带实体声明（实体炸弹的做法），不予读取");
    return false;
}

/* Goes to the next element that begins a record. NULL: the end (error unset) or a failure. */
static xmlNodePtr next_record(struct office *office, GError **error)
{
    int more = 1;
    while (office->xml &&
           (more = office->given && office->begun ? xmlTextReaderNext(office->xml)
                                                  : xmlTextReaderRead(office->xml)) == 1) {
        office->begun = false;
        if (xmlTextReaderNodeType(office->xml) != XML_READER_TYPE_ELEMENT)
            continue;
        if (!check_type(office, error))
            return NULL;
        if (!office_begins_record((const char *)xmlTextReaderConstLocalName(office->xml)))
            continue;
        xmlNodePtr node = xmlTextReaderExpand(office->xml);
        if (!node)
            break;
        office->begun = true;
        office->given++;
        office->since = 0;
        return node;
    }
    if (!office->xml || more != 0)
        office_fail(office, error);
    return NULL;
}

/* ---- parts beside the file */

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Other files of this application in the folder, by name. */
static GPtrArray *parts_of(const struct office *office)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_path_get_dirname(office->path);
    g_autoptr(GDir) dir =
        strchr(office->path, '/') || g_file_test(office->path, G_FILE_TEST_IS_REGULAR)
            ? g_dir_open(folder, 0, NULL)
            : NULL;
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *number = number_in_name(name);
        if (number && strcmp(number, office->number) == 0)
            g_ptr_array_add(parts, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(parts, compare_names);
    return parts;
}

static void add_part(json_t *record, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return;
    struct office *part = office_open(fd, path);
    xmlNodePtr node = next_record(part, NULL);
    json_t *object = node ? office_record(node) : NULL;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value) if (!json_object_get(record, name))
        json_object_set(record, name, value);
    json_decref(object);
    reader_close_office(part);
}

/* The number by the name, and what the other parts say. */
static void complete_body(struct office *office, json_t *record)
{
    if (!office->number || json_object_get(record, "application_number"))
        return;
    json_object_set_new(record, "application_number", json_string(office->number));
    g_autoptr(GPtrArray) parts = parts_of(office);
    for (guint i = 0; i < parts->len; i++)
        add_part(record, g_ptr_array_index(parts, i));
    office_title_by_claim(record);
}

/* ---- the reader's side */

/* The first record must be there: what holds none is no patent's XML. */
bool reader_open_office(struct reader *reader, int fd, GError **error)
{
    reader->office = office_open(fd, reader->name);
    g_autoptr(GError) reason = NULL;
    xmlNodePtr node = next_record(reader->office, &reason);
    if (node) {
        reader->pending = office_record(node);
        reader->next_line = xmlGetLineNo(node);
        return true;
    }
    if (reason)
        g_propagate_error(error, g_steal_pointer(&reason));
    else
        g_set_error_literal(
            error, LOADER_ERROR, LOADER_ERROR_FORMAT,
            "it is XML, but none of the patent office's (ST.36, ST.96, application "
            "body) or of PatSnap; a table or JSON Lines is needed / 这不是认得的专利 "
            "XML，需要表格或 JSON");
    return false;
}

enum reader_step reader_next_office(struct reader *reader, struct raw_row *row,
                                    struct refusal *refusal, GError **error)
{
    struct office *office = reader->office;
    g_autoptr(GError) reason = NULL;
    (void)refusal;
    columns_begin_row(reader->columns);
    json_decref(reader->object);
    reader->object = g_steal_pointer(&reader->pending);
    if (!reader->object) {
        xmlNodePtr node = next_record(office, &reason);
        bool failed = reason != NULL;
        if (failed)
            g_propagate_error(error, g_steal_pointer(&reason));
        if (!node)
            return failed ? READER_FAILED : READER_END;
        reader->object = office_record(node);
        reader->next_line = xmlGetLineNo(node);
    }
    complete_body(office, reader->object);
    *row = (struct raw_row){
        .line = reader->next_line, .place = ++reader->elements, .object = reader->object};
    return READER_ROW;
}
