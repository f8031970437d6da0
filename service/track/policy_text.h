/* policy_text.h - a policy pack as people read it: window, clauses with their own words, thresholds and awards in yuan, and every choice with its
 * reason and its alternative. */
#pragma once
#include "service/track/pack.h"

/* The caller owns the text. */
char *policy_text(const struct pack *pack, bool chinese);
