/* settings.h - what a desk's settings show beside the accounts (users.c): keys of the interface, where pushes go, feeds. */
#pragma once
#include "service/http/api.h"

/* Of an agency's staff those of the agency. Secrets are in none of them. */
bool keys_list(struct call *call, GError **error);
/* For the agency's own programs: the key is told once. */
bool keys_make(struct call *call, GError **error);
bool keys_revoke(struct call *call, GError **error);
bool endpoints_list(struct call *call, GError **error);
bool feeds_list(struct call *call, GError **error);
