/* cookie.h - the cookie of a session, and what else a browser has to say so that it was our own page that asked.
 *
 * A session's token has the form of a key (keys.h). Behind TLS the cookie is __Host-patbridge, Secure: no other host, no page in the
 * clear can set or read it; else patbridge. It is HttpOnly and SameSite=Strict either way, and read under the one name alone.
 *
 * Whoever changes something by a cookie sends X-CSRF-Token, which is a digest of the token under another purpose: only a page that may
 * read our answers knows it; and the browser's own word where the request came from (Sec-Fetch-Site, Origin) must name us. No answer of
 * ours lets foreign origins in (CORS), so that neither can be had elsewhere. Pure. */
#pragma once
#include "service/http/exchange.h"
#include "service/http/keys.h"

/* Whether cookies are to be Secure: as the setting secure_cookie says ("true", "false"), else where public_url is https. Both may be
 * NULL. */
bool cookie_is_secure(const char *secure_cookie, const char *public_url);

/* The token that a Cookie header holds, in `token`. False: none, one that is none, or two of them. */
bool cookie_read(const char *header, bool secure, char token[static KEY_TEXT_LEN]);
/* What Set-Cookie says of it for so many seconds; NULL: the browser shall forget it. The caller frees. */
char *cookie_write(const char *token, bool secure, int life_s);

enum { CSRF_LEN = 32 };
/* The token's X-CSRF-Token. */
void cookie_csrf(const char *token, char out[static CSRF_LEN + 1]);
bool cookie_csrf_fits(const char *token, const char *sent);

/* True when the browser says that the request is of our own page: Sec-Fetch-Site is same-origin, Origin is `site` (https://host, of
 * the setting public_url; NULL: none) or the host that was asked. One of the two must be there. */
bool cookie_from_us(const struct request *request, const char *site);
