/* bounces.h - what mail servers say of pushes that went out as mail (service/push/bounce.h). */
#pragma once
#include "service/http/api.h"

/* POST /v1/bounces: a report as it came, with the address it came to in `to`. */
bool bounces_take(struct call *call, GError **error);
