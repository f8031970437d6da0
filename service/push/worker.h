/* worker.h - what the two halves of a run (make.c, push.c) share; nobody outside of service/push includes it. */
#pragma once
#include "service/push/push.h"

/* The moment, by the options or the server's clock. */
bool worker_now(struct db *db, const struct push_options *options, int64_t *out,
                GError **error);
