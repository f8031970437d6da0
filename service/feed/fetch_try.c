#include "service/feed/fetch_try.h"
#include <errno.h>
#include <string.h>

enum { MB = 1 << 20, DATE_APART_S = 60 };

/* ---- The answer's head */

static void take_header(struct try *try, const char *name, const char *value)
{
    const struct {
        const char *name;
        char **place;
    } wanted[] = {{"ETag", &try->etag},
                  {"Last-Modified", &try->last_modified},
                  {"Content-Encoding", &try->encoding},
                  {"Content-Range", &try->range},
                  {"Content-Type", &try->type},
                  {"Content-Length", &try->length},
                  {"Date", &try->date}};
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (g_ascii_strcasecmp(name, wanted[i].name) == 0) {
            g_free(*wanted[i].place);
            *wanted[i].place = g_strdup(value);
        }
    if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0)
        try->chunked = true;
    if (g_ascii_strcasecmp(name, "Link") == 0) { /* several are one list */
        char *all = try->link ? g_strjoin(", ", try->link, value, NULL) : g_strdup(value);
        g_free(try->link);
        try->link = all;
    }
}

static void clear_head(struct try *try)
{
    char **const all[] = {&try->etag, &try->last_modified, &try->encoding, &try->range,
                          &try->link, &try->type,          &try->date,     &try->length};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_clear_pointer(all[i], g_free);
    try->chunked = false;
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct try *try = user;
    size_t len = size * count;
    g_autofree char *line = g_strndup(data, len);
    char *colon = strchr(line, ':');
    if (g_str_has_prefix(line, "HTTP/"))
        clear_head(try); /* 100 Continue has a head of its own */
    if (colon && g_utf8_validate(line, -1, NULL)) {
        *colon = '\0';
        take_header(try, line, g_strstrip(colon + 1));
    }
    return len;
}

/* ---- The answer's body */

/* RFC 9110, 8.8: a date names a state only when it lay behind by the time of the answer. */
static bool is_strong(const struct try *try)
{
    if (try->etag)
        return !g_str_has_prefix(try->etag, "W/");
    if (!try->last_modified || !try->date)
        return false;
    time_t changed = curl_getdate(try->last_modified, NULL),
           now = curl_getdate(try->date, NULL);
    return changed > 0 && now - changed >= DATE_APART_S;
}

static bool fail(struct try *try, enum feed_word why)
{
    try->saved_errno = errno;
    try->why = why;
    return false;
}

static bool begin_whole(struct try *try)
{
    struct partial *part = try->part;
    if (!partial_empty(part))
        return fail(try, FEED_DISK);
    part->url = g_strdup(try->fetch->url);
    part->etag = g_strdup(try->etag);
    part->last_modified = g_strdup(try->last_modified);
    part->encoding = g_strdup(try->encoding);
    part->strong = is_strong(try);
    part->total = try->length ? g_ascii_strtoll(try->length, NULL, 10) : -1;
    if (part->total > (int64_t)try->fetch->limits.most_mb * MB)
        return fail(try, FEED_TOO_LARGE);
    return partial_note(part) || fail(try, FEED_DISK);
}

/* The rest must be that of what is there: from its end on, of the same state and the same length. */
static bool begin_rest(struct try *try)
{
    struct partial *part = try->part;
    gint64 from = -1, total = -1;
    const char *range = try->range ? try->range : "";
    if (g_str_has_prefix(range, "bytes ")) {
        from = g_ascii_strtoll(range + 6, NULL, 10);
        const char *slash = strchr(range, '/');
        if (slash && slash[1] != '*')
            total = g_ascii_strtoll(slash + 1, NULL, 10);
    }
    bool same = try->asked_at > 0 && from == try->asked_at &&
                (!try->etag || g_strcmp0(try->etag, part->etag) == 0) &&
                (!try->last_modified || !part->last_modified ||
                 g_str_equal(try->last_modified, part->last_modified)) &&
                g_strcmp0(try->encoding, part->encoding) == 0 &&
                (total < 0 || part->total < 0 || total == part->total);
    if (total >= 0 && part->total < 0)
        part->total = total;
    try->other = !same;
    return same || fail(try, FEED_CHANGING);
}

static long status_of(const struct try *try)
{
    long status = 0;
    curl_easy_getinfo(try->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static bool begin_body(struct try *try)
{
    if (try->begun)
        return true;
    try->begun = true;
    long status = status_of(try);
    return status == 200 ? begin_whole(try) : status == 206 ? begin_rest(try) : true;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct try *try = user;
    size_t len = size * count;
    long status = status_of(try);
    if (!begin_body(try))
        return 0;
    if (status != 200 && status != 206)
        return len; /* what is said beside a refusal is of no interest */
    if (try->part->len + (int64_t)len > (int64_t)try->fetch->limits.most_mb * MB) {
        fail(try, FEED_TOO_LARGE);
        return 0;
    }
    if (!partial_append(try->part, data, len)) {
        fail(try, FEED_DISK);
        return 0;
    }
    try->got += (int64_t)len;
    return len;
}

/* Called about once a second, whatever happens: libcurl's own measure of slowness is a mean over several seconds. */
static int on_progress(void *user, curl_off_t all, curl_off_t got, curl_off_t up,
                       curl_off_t out)
{
    struct try *try = user;
    const struct fetch *fetch = try->fetch;
    gint64 now = g_get_monotonic_time();
    (void)all, (void)up, (void)out;
    if (got != try->moved || !try->moved_at) {
        try->moved = got;
        try->moved_at = now;
    }
    if (fetch->stop && fetch->stop(fetch->stop_user))
        fail(try, FEED_STOPPED);
    else if (now - try->moved_at > (gint64)fetch->limits.stall_s * G_USEC_PER_SEC)
        fail(try, FEED_SILENT);
    return try->why != FEED_WORDS;
}

/* ---- The request */

static struct curl_slist *add(struct curl_slist *list, const char *name, const char *value)
{
    g_autofree char *line = g_strdup_printf("%s: %s", name, value);
    return curl_slist_append(list, line);
}

static struct curl_slist *headers_of(struct try *try)
{
    const struct fetch *fetch = try->fetch;
    const char *state = partial_state(try->part);
    struct curl_slist *list = add(NULL, "Accept-Encoding", "gzip, zstd");
    if (state) {
        g_autofree char *range = g_strdup_printf("%" G_GINT64_FORMAT "-", try->part->len);
        curl_easy_setopt(try->easy, CURLOPT_RANGE, range);
        try->asked_at = try->part->len;
        return add(list, "If-Range", state);
    }
    if (fetch->etag)
        list = add(list, "If-None-Match", fetch->etag);
    else if (fetch->last_modified)
        list = add(list, "If-Modified-Since", fetch->last_modified);
    return list;
}

static void set_limits(struct try *try)
{
    const struct fetch_limits *limits = &try->fetch->limits;
    curl_easy_setopt(try->easy, CURLOPT_CONNECTTIMEOUT, (long)limits->connect_s);
    curl_easy_setopt(try->easy, CURLOPT_TIMEOUT, (long)limits->whole_s);
    curl_easy_setopt(try->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(try->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(try->easy, CURLOPT_XFERINFODATA, try);
}

static void keep_answer(struct try *try)
{
    curl_off_t wait = 0;
    char *redirect = NULL;
    try->fetch->status = (int)status_of(try);
    if (curl_easy_getinfo(try->easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
        try->fetch->retry_after_s = wait;
    curl_easy_getinfo(try->easy, CURLINFO_REDIRECT_URL, &redirect);
    try->redirect = g_strdup(redirect);
}

CURLcode try_run(struct try *try, const char *url)
{
    try->why = FEED_WORDS;
    try->easy = curl_easy_init();
    outbound_guard(try->easy, &try->outbound, url, try->fetch->allowed);
    if (try->fetch->ca_file)
        curl_easy_setopt(try->easy, CURLOPT_CAINFO, try->fetch->ca_file);
    struct curl_slist *headers = headers_of(try);
    set_limits(try);
    curl_easy_setopt(try->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(try->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(try->easy, CURLOPT_HEADERDATA, try);
    curl_easy_setopt(try->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(try->easy, CURLOPT_WRITEDATA, try);
    CURLcode code = curl_easy_perform(try->easy);
    if (code == CURLE_OK && !begin_body(try)) /* a body without a byte */
        code = CURLE_WRITE_ERROR;
    keep_answer(try);
    curl_slist_free_all(headers);
    curl_easy_cleanup(g_steal_pointer(&try->easy));
    return code;
}

void try_clear(struct try *try)
{
    clear_head(try);
    g_clear_pointer(&try->redirect, g_free);
}
