/* journal.h - the log: one JSON object a line on stderr. Lines of requests are gathered for a second at most; what is wrong is
 * written at once.
 *
 * A request's line has its id, route (not its address: that may hold names), status, time and sizes, the key's public part and
 * the agency. Neither query, keys of records, bodies nor addresses of people stand in it. From any thread. */
#pragma once
#include "service/http/keys.h"
#include <stdbool.h>
#include <stdint.h>

struct journal_request {
    const char *id, *method, *route;
    const char *problem; /* or NULL */
    int status;          /* 0: it went away */
    int64_t took_us, bytes_in, bytes_out;
    const struct principal *who;
};

void journal_request(const struct journal_request *line);
/* Something that a person may want to know. `request_id` and `detail` may be NULL. */
void journal_say(const char *level, const char *event, const char *request_id,
                 const char *detail);
/* Whether the database can be reached: said once when it goes, once when it is back, whoever finds out. */
void journal_database(bool there, const char *detail);
/* Writes what is gathered. Once a second, and at the end. */
void journal_flush(void);
