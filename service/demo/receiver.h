/* receiver.h - a webhook receiver such as an enterprise's own system has: for the demonstration and the tests.
 *
 *   receiver --port N --log FILE --secret-file FILE [--port-file FILE] [--answer PATTERN=KIND[:TIMES]]… [--retry-after VALUE]
 *
 * It listens on 127.0.0.1 (port 0: any; --port-file gets the number) and checks what a real one checks, with code of its own: the
 * signature over the bytes as they came, the time (300 s to either side), the id. Each delivery is a line of JSON in the log, on
 * the disk before a 2xx goes out:
 *     {"id", "timestamp", "received_at", "verified", "problem" (or null), "duplicate", "delivery" (of this id, from 1), "status",
 *      "type", "lead", "body"}
 * duplicate: an id that it answered 2xx to before, in an earlier run too (the log is read at the start). A delivery that does not
 * verify gets 400 or 401.
 *
 * --answer makes it misbehave for ids that match PATTERN (a glob), for the first TIMES deliveries of each: KIND is a status
 * (500, 429, 410 …), `redirect` (301 to itself), `slow` (silent for 20 s), `reset` (the connection is cut before an answer),
 * `late` (cut after it was logged as taken: the sender can't know) or `endless` (200, and a body without end). --retry-after is
 * sent with each 429 and 503. SIGTERM ends it. */
#pragma once

/* Runs until it is told to end. The exit code: 0, 1 could not do it, 2 wrong use. */
int receiver_main(int argc, char **argv);
