/* An address: one file, or page after page. */
#include "loader/reader.h"
#include "service/common/outbound.h"
#include "service/feed/fetch.h"
#include "service/feed/partial.h"
#include "service/feed/run.h"
#include "service/feed/unpack.h"
#include "sql/feed.h"
#include <glib/gstdio.h>
#include <string.h>

enum { PAGES_MOST = 10000, MB = 1 << 20 };

enum paging { ONE_FILE, BY_LINK, BY_CURSOR };

struct pages {
    struct run *run;
    enum paging paging;
    char *url;         /* of the page in work */
    char *next;        /* of the one that follows; NULL: none */
    GHashTable *seen;  /* addresses */
    char *part, *file; /* paths */
    bool failed;       /* why stands in the run; go no further */
};

static bool zh(const struct pages *pages)
{
    return pages->run->settings->chinese;
}

static bool give_up(struct pages *pages, const char *outcome, char *message)
{
    run_ends(pages->run, outcome, message);
    pages->failed = true;
    return true; /* it is the feed's failure, not the database's */
}

/* ---- The page that follows */

/* The target of rel="next" in RFC 8288's header. The caller frees. */
static char *link_next(const char *header)
{
    g_auto(GStrv) links = g_regex_split_simple(",\\s*(?=<)", header, 0, 0);
    for (char **link = links; *link; link++) {
        char *open = strchr(*link, '<'), *shut = open ? strchr(open, '>') : NULL;
        if (shut && g_regex_match_simple("(?:^|;)\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s["
                                         "^\"]*)?\"|next(?=\\s*(?:;|$)))",
                                         shut + 1, G_REGEX_CASELESS, 0))
            return g_strndup(open + 1, (gsize)(shut - open - 1));
    }
    return NULL;
}

/* An address as it is meant where it stands; with a parameter beside when `parameter` is not NULL. NULL: it is none. */
static char *resolve(const char *base, const char *address, const char *parameter,
                     const char *value)
{
    CURLU *parts = curl_url();
    char *text = NULL;
    bool good = curl_url_set(parts, CURLUPART_URL, base, 0) == CURLUE_OK &&
                (!address || curl_url_set(parts, CURLUPART_URL, address, 0) == CURLUE_OK);
    if (good && parameter) {
        g_autofree char *pair = g_strdup_printf("%s=%s", parameter, value);
        good = curl_url_set(parts, CURLUPART_QUERY, pair,
                            CURLU_APPENDQUERY | CURLU_URLENCODE) == CURLUE_OK;
    }
    if (good)
        curl_url_get(parts, CURLUPART_URL, &text, 0);
    char *copy = g_strdup(text);
    curl_free(text);
    curl_url_cleanup(parts);
    return copy;
}

static const json_t *member(const json_t *object, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, ".", -1);
    for (char **name = names; object && *name; name++)
        object = json_object_get(object, *name);
    return object;
}

/* A cursor is added to the feed's own address; an address stands for itself. */
static char *cursor_next(const struct pages *pages, const json_t *page)
{
    const struct run *run = pages->run;
    const json_t *next = member(page, run_text(run, "next", "next"));
    const char *parameter = run_text(run, "parameter", "after");
    g_autofree char *number = json_is_integer(next) ? g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                                      json_integer_value(next))
                                                    : NULL;
    const char *text = number ? number : json_string_value(next);
    if (!text || !*text)
        return NULL;
    if (*text == '/' || g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://"))
        return resolve(pages->url, text, NULL, NULL);
    return resolve(run->address, NULL, parameter, text);
}

/* ---- One page */

/* A page's records as JSON Lines, in place of the page. */
static bool write_items(const json_t *items, const char *path)
{
    GString *lines = g_string_new(NULL);
    size_t i;
    const json_t *item;
    json_array_foreach(items, i, item)
    {
        char *line = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
        g_string_append_printf(lines, "%s\n", line ? line : "");
        free(line);
    }
    bool written = g_file_set_contents(path, lines->str, (gssize)lines->len, NULL);
    g_string_free(lines, TRUE);
    return written;
}

static bool take_items(struct pages *pages)
{
    json_error_t why;
    const char *name = run_text(pages->run, "items", "items");
    json_auto_t *page = json_load_file(pages->file, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(page))
        return give_up(pages, "later",
                       feed_say(zh(pages), FEED_NO_JSON, page ? "" : why.text, NULL));
    const json_t *items = member(page, name);
    if (!json_is_array(items))
        return give_up(pages, "later", feed_say(zh(pages), FEED_NO_ITEMS, name, NULL));
    pages->next = cursor_next(pages, page);
    if (!write_items(items, pages->file))
        return give_up(pages, "later", feed_say(zh(pages), FEED_DISK, pages->file, NULL));
    return true;
}

/* The loader takes the format from a file's name: the address's ending, or the type that the server gives. */
static const char *ending_of(const struct pages *pages, const char *type)
{
    static const char *const endings[] = {".csv",  ".tsv", ".jsonl", ".ndjson",
                                          ".json", ".txt", ".xlsx",  ".xml"};
    static const char *const types[][2] = {
        {"text/csv", ".csv"},
        {"text/tab-separated-values", ".tsv"},
        {"application/json", ".json"},
        {"application/x-ndjson", ".jsonl"},
        {"application/jsonl", ".jsonl"},
        {"application/xml", ".xml"},
        {"text/xml", ".xml"},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"}};
    if (pages->paging == BY_CURSOR)
        return ".jsonl";
    g_autofree char *path = g_strndup(pages->url, strcspn(pages->url, "?#"));
    for (size_t i = 0; i < 2; i++)
        if (g_str_has_suffix(path, i ? ".zst" : ".gz"))
            path[strlen(path) - (i ? 4 : 3)] = '\0';
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(path, endings[i]))
            return endings[i];
    for (size_t i = 0; type && i < G_N_ELEMENTS(types); i++)
        if (g_ascii_strncasecmp(type, types[i][0], strlen(types[i][0])) == 0)
            return types[i][1];
    return "";
}

static void name_file(struct pages *pages, const char *type)
{
    g_autofree char *name = g_strconcat("page", ending_of(pages, type), NULL);
    g_free(pages->file);
    pages->file = g_build_filename(pages->run->folder, name, NULL);
}

static void keep_fetched(struct pages *pages, struct fetch *fetch)
{
    struct run *run = pages->run;
    if (pages->paging == ONE_FILE) {
        g_free(run->etag);
        g_free(run->last_modified);
        run->etag = g_steal_pointer(&fetch->new_etag);
        run->last_modified = g_steal_pointer(&fetch->new_last_modified);
    }
    if (pages->paging == BY_LINK && fetch->link) {
        g_autofree char *target = link_next(fetch->link);
        pages->next = target ? resolve(pages->url, target, NULL, NULL) : NULL;
    }
}

static void add_number(struct run *run, const char *name, int more)
{
    json_int_t before = json_integer_value(json_object_get(run->counts, name));
    json_object_set_new(run->counts, name, json_integer(before + more));
}

/* False: nothing is to be loaded; why stands in the run. */
static bool fetch_page(struct pages *pages)
{
    struct run *run = pages->run;
    bool one = pages->paging == ONE_FILE;
    struct fetch fetch = {
        .url = pages->url,
        .etag = one ? run->etag : NULL,
        .last_modified = one ? run->last_modified : NULL,
        .part = pages->part,
        .allowed = run->settings->allow_private,
        .ca_file = run->settings->ca_file,
        .limits = {run_number(run, "most_mb", 1024), run_number(run, "connect_s", 10),
                   run_number(run, "stall_s", 30), run_number(run, "whole_s", 3600)},
        .stop = run->settings->stop,
        .stop_user = run->settings->stop_user,
        .chinese = zh(pages)};
    g_autoptr(GError) why = NULL;
    fetch_run(&fetch);
    add_number(run, "tries", fetch.tries);
    add_number(run, "resumed", fetch.resumed);
    run->retry_after_s = fetch.retry_after_s;
    name_file(pages, fetch.type);
    if (fetch.outcome == FETCH_SAME)
        give_up(pages, "same", NULL);
    else if (fetch.outcome != FETCH_NEW)
        give_up(pages, fetch.outcome == FETCH_GONE ? "off" : "later",
                g_steal_pointer(&fetch.failure));
    else if (!unpack_file(pages->part, fetch.encoding, pages->file,
                          (int64_t)fetch.limits.most_mb * MB, &why))
        give_up(pages, "later", feed_say(zh(pages), FEED_PACKED, why->message, NULL));
    else
        keep_fetched(pages, &fetch);
    if (fetch.outcome == FETCH_NEW)
        partial_forget(pages->part);
    fetch_clear(&fetch);
    return !pages->failed;
}

/* What the load is called in reports and batches: the address without its query, which may hold what is secret. */
static char *name_of(const struct pages *pages)
{
    return g_strndup(pages->url, strcspn(pages->url, "?#"));
}

static bool load_page(struct pages *pages, GError **error)
{
    struct run *run = pages->run;
    json_auto_t *report = NULL;
    g_autoptr(GError) why = NULL;
    g_autofree char *name = name_of(pages);
    if (run_load(run, pages->file, name, run->folder, &report, &why)) {
        bool refused = json_integer_value(json_object_get(report, "refused")) > 0;
        if (g_strcmp0(run->outcome, "refused") != 0)
            run_ends(run, refused ? "refused" : "loaded", NULL);
        return true;
    }
    if (why->domain == LOADER_ERROR)
        return give_up(pages, "later", g_strdup(why->message));
    if (run_stopped(run))
        return give_up(pages, "later", feed_say(zh(pages), FEED_STOPPED, NULL, NULL));
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* ---- All of them */

static bool note_page(struct pages *pages, GError **error)
{
    struct run *run = pages->run;
    g_free(run->page);
    run->page = g_strdup(pages->next);
    bool done = db_begin(run->db, DB_ACROSS, 0, error) &&
                feed_page(run->db, run->feed_id, pages->next, error) &&
                db_commit(run->db, error);
    if (!done)
        db_rollback(run->db);
    return done;
}

static void go_on(struct pages *pages)
{
    g_free(pages->url);
    pages->url = g_steal_pointer(&pages->next);
    if (!pages->url)
        return;
    if (!outbound_same_place(pages->run->address, pages->url)) {
        g_autofree char *masked = outbound_url_mask(pages->url);
        give_up(pages, "later", feed_say(zh(pages), FEED_ELSEWHERE, masked, NULL));
    } else if (!g_hash_table_add(pages->seen, g_strdup(pages->url))) {
        give_up(pages, "later", feed_say(zh(pages), FEED_CIRCLE, NULL, NULL));
    } else if (g_hash_table_size(pages->seen) > PAGES_MOST) {
        give_up(pages, "later", feed_say_number(zh(pages), FEED_PAGES, PAGES_MOST));
    } else if (run_stopped(pages->run)) {
        give_up(pages, "later", feed_say(zh(pages), FEED_STOPPED, NULL, NULL));
        return;
    }
    if (pages->failed)
        g_clear_pointer(&pages->run->page, g_free); /* it leads nowhere: begin anew next time */
}

static bool read_pages(struct pages *pages, GError **error)
{
    while (pages->url && !pages->failed) {
        if (!fetch_page(pages) ||
            (pages->paging == BY_CURSOR && take_items(pages) && pages->failed))
            return true;
        bool done = load_page(pages, error);
        g_unlink(pages->file);
        if (!done || pages->failed)
            return done;
        if (pages->paging != ONE_FILE && !note_page(pages, error))
            return false;
        go_on(pages);
    }
    return true;
}

static void forget_page(struct run *run)
{
    bool hopeless = g_strcmp0(run->outcome, "later") == 0 && run->page &&
                    run->retry_after_s == 0 &&
                    json_integer_value(json_object_get(run->counts, "read")) == 0;
    if (hopeless) /* the page to go on with may not be there any more */
        g_clear_pointer(&run->page, g_free);
}

bool run_pages(struct run *run, GError **error)
{
    const char *paging = run_text(run, "paging", "");
    struct pages pages = {.run = run,
                          .paging = g_str_equal(paging, "link")     ? BY_LINK
                                    : g_str_equal(paging, "cursor") ? BY_CURSOR
                                                                    : ONE_FILE,
                          .url = g_strdup(run->page ? run->page : run->address),
                          .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          .part = g_build_filename(run->folder, "part", NULL)};
    g_hash_table_add(pages.seen, g_strdup(pages.url));
    bool done = read_pages(&pages, error);
    if (done)
        forget_page(run);
    g_hash_table_unref(pages.seen);
    g_free(pages.url);
    g_free(pages.next);
    g_free(pages.part);
    g_free(pages.file);
    return done;
}
