/* documents.h - papers handed in for facts, by HTTP: the same as `attach`. A paper is known by its SHA-256; whoever may see the
 * facts of an agency may read its papers. */
#pragma once
#include "service/http/api.h"

bool documents_list(struct call *call, GError **error);
/* The file itself. */
bool documents_get(struct call *call, GError **error);
/* The body is the file, whatever it is. */
bool documents_attach(struct call *call, GError **error);
