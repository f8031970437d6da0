/* zone.h - time zones that are read once and kept.
 *
 * GLib frees a zone when its last user lets go of it, behind locks of its own that ThreadSanitizer does not see. A daemon asks
 * for two or three zones all its life, from many threads. */
#pragma once
#include <glib.h>

/* The zone of an IANA name ("Asia/Shanghai") or an offset ("+08:00"); NULL when there is none of that name. Borrowed: it lives
 * as long as the process. Names must come from a configuration or a pack, not from whoever asks: none is ever dropped.
 * Thread-safe. */
GTimeZone *zone_named(const char *name);

/* Asia/Shanghai, in which days are reckoned where nothing else is said; +08:00 on a machine that knows no names. Borrowed. */
GTimeZone *zone_china(void);
