#include "service/feed/fetch.h"
#include "service/feed/fetch_try.h"
#include <errno.h>

enum { TRIES_MOST = 6, HOPS_MOST = 5, PAUSE_US = 200 * 1000 };

/* What comes of a try. */
enum verdict { DONE, AGAIN, HOP };

static enum verdict end(struct fetch *fetch, enum fetch_outcome outcome, char *failure)
{
    fetch->outcome = outcome;
    g_free(fetch->failure);
    fetch->failure = failure;
    return DONE;
}

/* Another try may help; if there is none left, this is why. */
static enum verdict again(struct fetch *fetch, char *failure)
{
    end(fetch, FETCH_LATER, failure);
    return AGAIN;
}

static bool stopped(const struct fetch *fetch)
{
    return fetch->stop && fetch->stop(fetch->stop_user);
}

static enum verdict of_our_own(struct try *try)
{
    struct fetch *fetch = try->fetch;
    bool zh = fetch->chinese;
    switch (try->why) {
    case FEED_TOO_LARGE:
        partial_empty(try->part);
        return end(fetch, FETCH_LATER,
                   feed_say_number(zh, FEED_TOO_LARGE, fetch->limits.most_mb));
    case FEED_DISK:
        return end(fetch, FETCH_LATER,
                   feed_say(zh, FEED_DISK, g_strerror(try->saved_errno), NULL));
    case FEED_CHANGING:
        partial_empty(try->part);
        return again(fetch, feed_say(zh, FEED_CHANGING, NULL, NULL));
    case FEED_SILENT:
        if (!partial_state(try->part))
            partial_empty(try->part);
        return again(fetch, feed_say_number(zh, FEED_SILENT, fetch->limits.stall_s));
    default:
        return end(fetch, FETCH_LATER, feed_say(zh, try->why, NULL, NULL));
    }
}

/* libcurl's own text may name the address; its sentence for the code does not. */
static enum verdict broken(struct try *try, CURLcode code)
{
    struct fetch *fetch = try->fetch;
    bool zh = fetch->chinese;
    if (try->why != FEED_WORDS)
        return of_our_own(try);
    if (outbound_was_refused(&try->outbound))
        return end(fetch, FETCH_LATER, feed_say(zh, FEED_PRIVATE, NULL, NULL));
    char *failure = feed_say(zh, FEED_CUT, curl_easy_strerror(code), NULL);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return end(fetch, FETCH_LATER, failure);
    if (!partial_state(try->part))
        partial_empty(try->part); /* the rest can't be asked for */
    return again(fetch, failure);
}

/* Nothing but what was announced is a whole file. */
static enum verdict whole(struct try *try)
{
    struct fetch *fetch = try->fetch;
    struct partial *part = try->part;
    bool packed = part->encoding && g_ascii_strcasecmp(part->encoding, "identity") != 0;
    if (part->total >= 0 && part->len != part->total) {
        g_autofree char *came = g_strdup_printf("%" G_GINT64_FORMAT, part->len);
        g_autofree char *said = g_strdup_printf("%" G_GINT64_FORMAT, part->total);
        partial_empty(part);
        return again(fetch, feed_say(fetch->chinese, FEED_OTHER_LENGTH, came, said));
    }
    if (part->total < 0 && !try->chunked && !packed) {
        partial_empty(part);
        return end(fetch, FETCH_LATER, feed_say(fetch->chinese, FEED_NO_LENGTH, NULL, NULL));
    }
    fetch->new_etag = g_strdup(part->etag);
    fetch->new_last_modified = g_strdup(part->last_modified);
    fetch->encoding = g_strdup(part->encoding);
    fetch->type = g_steal_pointer(&try->type);
    fetch->link = g_steal_pointer(&try->link);
    return end(fetch, FETCH_NEW, NULL);
}

static enum verdict redirected(struct try *try, const char *url)
{
    struct fetch *fetch = try->fetch;
    if (!try->redirect)
        return end(fetch, FETCH_LATER,
                   feed_say_number(fetch->chinese, FEED_STATUS, fetch->status));
    if (outbound_same_place(url, try->redirect))
        return HOP;
    g_autofree char *masked = outbound_url_mask(try->redirect);
    return end(fetch, FETCH_LATER, feed_say(fetch->chinese, FEED_ELSEWHERE, masked, NULL));
}

static enum verdict answered(struct try *try, const char *url)
{
    struct fetch *fetch = try->fetch;
    int status = fetch->status;
    if (status == 200 || status == 206)
        return whole(try);
    if (status == 304)
        return end(fetch, FETCH_SAME, NULL);
    if (status == 410)
        return end(fetch, FETCH_GONE, feed_say(fetch->chinese, FEED_GONE, NULL, NULL));
    if (status >= 300 && status < 400)
        return redirected(try, url);
    char *failure = feed_say_number(fetch->chinese, FEED_STATUS, status);
    if (status == 416 && try->asked_at > 0) { /* it is shorter now, or the length was a lie */
        partial_empty(try->part);
        return again(fetch, failure);
    }
    bool soon = (status == 502 || status == 504 || status == 500) && !fetch->retry_after_s;
    return soon ? again(fetch, failure) : end(fetch, FETCH_LATER, failure);
}

/* One request; *url becomes another's where it leads there. */
static enum verdict attempt(struct fetch *fetch, struct partial *part, char **url)
{
    struct try try = {.fetch = fetch, .part = part};
    fetch->status = 0;
    fetch->retry_after_s = 0;
    CURLcode code = try_run(&try, *url);
    fetch->tries++;
    fetch->resumed += try.asked_at > 0;
    enum verdict verdict = code == CURLE_OK ? answered(&try, *url) : broken(&try, code);
    if (verdict == HOP) {
        g_free(*url);
        *url = g_steal_pointer(&try.redirect);
    }
    try_clear(&try);
    return verdict;
}

static void run(struct fetch *fetch, struct partial *part)
{
    g_autofree char *url = g_strdup(fetch->url);
    int hops = 0, left = TRIES_MOST;
    enum verdict verdict = AGAIN;
    while (verdict != DONE) {
        verdict = attempt(fetch, part, &url);
        if (verdict == HOP && ++hops > HOPS_MOST)
            verdict = end(fetch, FETCH_LATER,
                          feed_say_number(fetch->chinese, FEED_STATUS, fetch->status));
        if (verdict == AGAIN && (--left == 0 || stopped(fetch)))
            verdict = DONE;
        if (verdict == AGAIN)
            g_usleep((gulong)PAUSE_US << (TRIES_MOST - 1 - left));
    }
}

void fetch_run(struct fetch *fetch)
{
    struct partial part;
    const char *problem = outbound_url_problem(fetch->url, fetch->allowed);
    if (problem) {
        end(fetch, FETCH_LATER, feed_say(fetch->chinese, FEED_BAD_ADDRESS, problem, NULL));
        return;
    }
    if (partial_open(&part, fetch->part, fetch->url))
        run(fetch, &part);
    else
        end(fetch, FETCH_LATER, feed_say(fetch->chinese, FEED_DISK, g_strerror(errno), NULL));
    partial_close(&part);
}

void fetch_clear(struct fetch *fetch)
{
    char **const all[] = {&fetch->new_etag, &fetch->new_last_modified,
                          &fetch->encoding, &fetch->type,
                          &fetch->link,     &fetch->failure};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_clear_pointer(all[i], g_free);
}
