/* follow.h - the board of what is followed up, over HTTP. */
#pragma once
#include "service/http/api.h"

bool follow_ups_list(struct call *call, GError **error);
bool follow_ups_get(struct call *call, GError **error);
/* Another stage, day, deal, or a note; each is a step that stays on record. */
bool follow_ups_change(struct call *call, GError **error);
