/* page.h - the pages: what each shows, and where it is found.
 *
 *   /                         every policy's figures, its banners, the newest leads with their reasons
 *   /evidence/POLICY/METRIC   the rows behind a number: counted, or left out with the reason
 *                             ?agency=CODE &as-of=DAY &known=MOMENT &show=counted|left-out &after=CURSOR
 *   /healthz  /readyz         the program runs; the database answers
 *
 * It is the officials' view without sign-in: every agency's rows, to this machine alone. What stands behind the sign-in page
 * (web.h) is served here, too.
 * Chinese first, English beside it; made-up data is marked 虚构 beside every number and row; every link is relative. Errors
 * are a page where the reader asks for text/html, else application/problem+json. */
#pragma once
#include "service/http/exchange.h"
#include <jansson.h>

/* What a source says when it has no answer; every other error is 500, and told to the log alone. */
enum page_error { PAGE_ERROR_NOT_FOUND, PAGE_ERROR_WRONG, PAGE_ERROR_UNAVAILABLE };
#define PAGE_ERROR page_error_quark()
GQuark page_error_quark(void);

enum page_show { PAGE_SHOW_ALL, PAGE_SHOW_COUNTED, PAGE_SHOW_LEFT_OUT };

struct page_evidence {
    const char *policy, *metric;
    const char *agency;   /* NULL: every one */
    const char *as_of;    /* NULL: the policy's own choice */
    const char *known_at; /* NULL: now */
    enum page_show show;
    int after_agency; /* the last row that was shown before; 0 and "": none */
    const char *after_key;
    int limit;
};

/* Where the rows come from. The caller owns every json_t that a source answers. */
struct page_source {
    const char *const *policies; /* NULL-ended, in the order of the page */
    /* The document of `track --json`. */
    json_t *(*figures)(const char *policy, void *user, GError **error);
    /* That document, of the agency or all, with `rows` (at most `limit`), and `more`: true when others follow. */
    json_t *(*evidence)(const struct page_evidence *wanted, void *user, GError **error);
    /* The newest leads, with what lead-list.sql says of each. */
    json_t *(*leads)(int limit, void *user, GError **error);
    /* Words for a code: reasons, headings. */
    const char *(*word)(const char *code, bool chinese);
    bool (*ready)(void *user, GError **error);
    /* Told of every error that a reader sees as 500 or 503. */
    void (*log)(const char *path, const GError *error, void *user);
    void *user;
};

/* A server_handler; `source` is a struct page_source. */
void page_answer(const struct request *request, struct answer *answer, void *source);
