/* outbox.h - what must go over a wire for pushes; rows are written by push_make.
 *
 *   due --claim--> leased --2xx--> done
 *    ^               |------> due (a later attempt), or dead (no attempt left, endpoint turned off)
 *    '----replay---- dead <-- done, when a mail server says later that the mail was given up
 *
 * A lease ends by itself, and at once when its worker's session is gone. At least once on the wire; events are kept the first
 * time only, so exactly once in the counts. Every call but outbox_enter and outbox_leave runs in the caller's transaction.
 * Moments are text that PostgreSQL reads. The JSON that these answer is the caller's. */
#pragma once
#include "sql/db.h"
#include <jansson.h>

/* Says that worker `number` (> 0, drawn at random) lives, for as long as this session does; outside of a transaction. */
bool outbox_enter(struct db *db, int number, GError **error);
void outbox_leave(struct db *db, int number);

struct outbox_claim {
    int worker;
    int agency_id; /* 0: every one */
    const char *now;
    const char *until; /* the lease's end */
    int limit;
    const json_t *busy;  /* {endpoint_id: rows on their way to it} */
    int each;            /* rows on their way to one endpoint at most */
    const json_t *paces; /* {channel: milliseconds between two rows to one endpoint} */
};
enum { OUTBOX_BREAKER = 5 }; /* failures in a row that open an endpoint's breaker */

/* Makes dead letters of what waits for endpoints that were turned off; their array. */
json_t *outbox_drop_orphans(struct db *db, const char *now, GError **error);
/* Takes rows of the outbox: array of {outbox_id, push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body,
 * attempts, next_attempt_at, url, secret_sealed (hex), old_secret_sealed (hex or null), disabled, failures, quiet}. */
json_t *outbox_claim(struct db *db, const struct outbox_claim *claim, GError **error);
/* Gives a row back untried, for later. */
bool outbox_postpone(struct db *db, int worker, const json_t *row, const char *until,
                     GError **error);

struct outbox_result {
    const json_t *row; /* as claimed */
    int worker;
    const char *outcome; /* accepted, sent, retry, dead, endpoint_off */
    const char *next;    /* of retry: when */
    const char *started, *ended;
    long status;         /* of HTTP; 0 when none came */
    const char *answer;  /* its beginning, or NULL */
    const char *failure; /* or NULL */
    const char *request; /* its beginning, without what is secret, or NULL */
    json_t *
        touched; /* [push_id] of pushes to which something happened: appended; outbox_touch() tells the ledger */
    const char *
        hold; /* of retry: nothing goes to the endpoint before; NULL: it did not ask for that */
};

/* Keeps what came of an attempt: the row's state, the attempt, and the event (accepted, or failed when it is dead), once;
 * endpoint_off turns the endpoint off. *news: an acceptance that was not known before. */
bool outbox_record(struct db *db, const struct outbox_result *result, bool *news,
                   GError **error);

/* Before the commit: the ledger's entry has the events of these pushes (struct outbox_result) of that moment. */
void outbox_touch(struct db *db, const json_t *touched, const char *at);

/* What a mail server said later of a mail that it had taken. */
struct outbox_bounce {
    const json_t *row; /* of outbox_mail */
    bool
        failed; /* it was given up: the event `bounced`, once, and a dead letter; else it is only noted as delayed */
    const char *answer;     /* the server's status and words: the same ones again are no news */
    const char *no_mailbox; /* why the endpoint is turned off, or NULL: it is not */
    const char *now;
};
/* The mail that went out for a push {outbox_id, push_id, patent_id, agency_id, endpoint_id, channel, enterprise, secret_sealed,
 * disabled}; SQL_ERROR_NOT_FOUND: none did. */
json_t *outbox_mail(struct db *db, const char *push_id, GError **error);
/* *news: it was not known before. */
bool outbox_bounced(struct db *db, const struct outbox_bounce *bounce, bool *news,
                    GError **error);

/* Milliseconds until a row that is due may go to an endpoint that is held for a moment, within `within_ms`; -1: none. */
bool outbox_soonest(struct db *db, int agency_id, const char *now, const char *latest,
                    int64_t *wait_ms, GError **error);

/* ---- Looking, and putting back */

/* {waiting, dead, next_attempt_at (or null)} */
json_t *outbox_waiting(struct db *db, int agency_id, GError **error);
/* Dead letters with their last attempt, the latest first; ids: a JSON array of them, or NULL for all; limit: 0 for all. */
json_t *outbox_dead(struct db *db, int agency_id, const json_t *ids, int limit, GError **error);
/* What can be put back: rows of these ids (NULL: any) made since that moment (NULL: ever), dead letters and those that arrived. */
json_t *outbox_replayable(struct db *db, int agency_id, const json_t *ids, const char *since,
                          GError **error);
/* What is asked of the delivery log; NULL and 0: everything. */
struct outbox_question {
    int agency_id;
    const char *since, *uscc, *push_id;
    const json_t *after; /* the last row of the page before */
    int limit;
};
/* The delivery log, newest first, as outbox-log.sql says. */
json_t *outbox_log(struct db *db, const struct outbox_question *question, GError **error);
/* Puts one letter back: its schedule starts anew, to the endpoint in use. SQL_ERROR_STATE when the enterprise has none
 * in use or said stop. `dead` is a row of
 * outbox_dead or outbox_replayable. */
bool outbox_replay(struct db *db, const json_t *dead, const char *now, GError **error);
