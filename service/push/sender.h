/* sender.h - sends what is due from the outbox, many at once, until nothing is: what is slow or dead holds up nobody else.
 *
 * To one endpoint a few rows at a time, one only where it failed last time; none while its breaker is open. A call that ends
 * makes room for the next at once. Nobody outside of service/push includes this. */
#pragma once
#include "service/push/push.h"

bool sender_run(struct db *db, const struct push_options *options, struct push_report *report,
                GError **error);
