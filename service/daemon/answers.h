/* answers.h - pages behind the signed links of pushes: whoever has the link answers for the enterprise, without a key. GET shows
 * and changes nothing, for scanners and previews fetch links; POST answers. */
#pragma once
#include "service/http/api.h"

bool answers_show(struct call *call, GError **error);
/* Of the page's buttons: a form with `answer`, or with enter=inbox, which signs in by the link. */
bool answers_give(struct call *call, GError **error);
/* One click of a mail program (RFC 8058), or the page's button: no more pushes of this agency. */
bool answers_stop(struct call *call, GError **error);

/* The beginning of such a page, with its title, and its end, which makes it the answer. */
GString *answers_page(const char *title);
/* The way on to the inbox. */
void answers_lead_on(GString *out);
void answers_end(struct call *call, int status, GString *out);
