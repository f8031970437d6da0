/* settings.h - what a desk's settings show beside the accounts (users.c): keys of the interface, where pushes go, feeds. */
#pragma once
#include "service/http/api.h"

/* Of an agency's staff those of the agency. Secrets are in none of them. */
bool keys_list(struct call *call, GError **error);
/* For the agency's own programs: the key is told once. */
bool keys_make(struct call *call, GError **error);
bool keys_revoke(struct call *call, GError **error);
/* Where enterprises receive pushes (endpoints.c): set, rolled, turned off and on, tested. Secrets go in, never out. */
bool endpoints_list(struct call *call, GError **error);
bool endpoints_set(struct call *call, GError **error);
bool endpoints_roll(struct call *call, GError **error);
bool endpoints_off(struct call *call, GError **error);
bool endpoints_on(struct call *call, GError **error);
/* One message, now; API_RATE after some in a minute. */
bool endpoints_test(struct call *call, GError **error);
/* Where records come from by themselves (sources.c). A folder lies on the server: only the command sets one. */
bool feeds_list(struct call *call, GError **error);
bool feeds_add(struct call *call, GError **error);
bool feeds_change(struct call *call, GError **error);
bool feeds_end(struct call *call, GError **error);
