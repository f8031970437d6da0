/* address.h - which addresses may be connected to.
 *
 * The address of a webhook or a feed is written by others: it must never lead into a private network. It is judged where the
 * socket is opened (outbound.h), after the name was resolved, so that a name that changes its mind changes nothing. The one way in is a configuration that
 * allows that very host and port. Pure. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

/* True for an address of the public internet. Loopback, private, link-local, shared (CGNAT), multicast, reserved and
 * documentation addresses are not; nor is any IPv6 address outside 2000::/3 (which has mapped, compatible and NAT64 ones), nor
 * those inside it that carry an IPv4 address (6to4, Teredo). */
bool address_is_public(const struct sockaddr *address);

/* True when the list "host:port, [::1]:8080, …" names this very host and port. Names are compared without regard to case;
 * nothing is resolved. list may be NULL. */
bool address_is_allowed(const char *list, const char *host, int port);
