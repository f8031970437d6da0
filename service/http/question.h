/* question.h - the parameters, headers and media type of a call, held against what its route takes. */
#pragma once
#include "service/http/api.h"

/* False: API_WRONG or API_MEDIA says what can't be read. */
bool question_check(const struct routes *routes, const struct call *call, GError **error);

/* True when text is one that the parameter takes. */
bool question_is_value(const struct param *param, const char *text);
