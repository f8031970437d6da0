/* leads_view.h - leads as cards: which patent for which need, how well it fits, and the reasons that add up to its score. */
#pragma once
#include <glib.h>
#include <jansson.h>

void leads_view(GString *out, const json_t *leads);
