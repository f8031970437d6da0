/* supervisor.h - tells systemd how the daemon is (sd_notify's protocol: datagrams to the socket that NOTIFY_SOCKET names). Does
 * nothing where nobody asked for it. */
#pragma once
#include <stdbool.h>

/* Sends "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…"; false: it could not be sent, or nobody listens. */
bool supervisor_tell(const char *state);
/* Says that the daemon is alive, if a watchdog asked for it (WATCHDOG_USEC, for this process). */
void supervisor_alive(void);
