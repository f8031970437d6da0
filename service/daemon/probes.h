/* probes.h - what machines ask: how it goes, and what can be asked. */
#pragma once
#include "service/http/api.h"

bool probes_metrics(struct call *call, GError **error);
bool probes_openapi(struct call *call, GError **error);
