/* evidence_view.h - the rows behind a number, a page of them at a time. */
#pragma once
#include "service/http/figures_view.h"
#include "service/http/page.h"

/* `document` as page_source.evidence answers it; `root` leads back to "/". */
void evidence_view(GString *out, const json_t *document, const struct page_evidence *wanted,
                   const char *root, view_word word);

/* Reads a cursor, "1.CN201710027729.1": an agency's id and the key of a row. `key` points into the text. */
bool evidence_view_cursor(const char *text, int *agency, const char **key);
