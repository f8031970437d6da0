/* repeat.h - Idempotency-Key: what was asked under one key is done once, and answered the same for a day. */
#pragma once
#include "service/http/api.h"

/* Answers a call by its route's handler, or by the answer that it had before. API_KEY_REUSED: the key stood for another
 * request; API_KEY_WORKING: that is still being worked on. Answers of 500 and above are not kept. */
bool repeat_call(struct call *call, GError **error);
