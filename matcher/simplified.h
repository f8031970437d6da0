/* simplified.h - traditional Chinese characters as simplified ones, character by character: 發泡 and 发泡 are one. Pure. */
#pragma once
#include <glib.h>
#include <stdint.h>

/* The simplified form of a traditional character; everything else as it is. */
gunichar simplified_of(gunichar c);
