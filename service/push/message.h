/* message.h - what a webhook says about a push: {"type":"lead.pushed","timestamp":…,"data":{…}}. Pure. */
#pragma once
#include <jansson.h>

enum { MESSAGE_MOST = 20000 }; /* bytes; Standard Webhooks: usually under 20 kB */

/* The body, made once and then sent as these bytes: compact, no \u escapes. `candidate` is a row of push_candidates, public_url
 * the front of links to the agency's pages ("https://host"), NULL for links that begin with "/". Titles are cut at a code point,
 * reasons are left out from the last one (and their number said) until it is short enough. The caller frees. */
char *message_body(const json_t *candidate, const char *push_id, const char *moment,
                   const char *public_url);
