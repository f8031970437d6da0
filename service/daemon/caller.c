#include "service/daemon/caller.h"
#include "service/daemon/daemon.h"
#include "service/daemon/sending.h"
#include <arpa/inet.h>
#include <string.h>

bool caller_key(const struct call *call, struct seal_key *key, GError **error)
{
    const struct daemon *daemon = call->user;
    return sending_key(daemon->app, key, error);
}

static char *network_of(const char *address)
{
    struct in6_addr bytes;
    char text[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, &bytes) != 1)
        return g_strdup(address);
    if (!IN6_IS_ADDR_V4MAPPED(&bytes))
        memset(&bytes.s6_addr[8], 0, 8);
    return g_strdup(inet_ntop(AF_INET6, &bytes, text, sizeof text));
}

char *caller_address(const struct call *call, bool network)
{
    const char *said = call->request->headers[HEADER_FORWARDED_FOR];
    const char *last = said ? strrchr(said, ',') : NULL; /* the one that our proxy wrote */
    g_autofree char *address = g_strstrip(g_strdup(last ? last + 1 : said ? said : ""));
    if (!g_hostname_is_ip_address(address))
        return g_strdup("");
    return network ? network_of(address) : g_steal_pointer(&address);
}

char *caller_digest(const struct seal_key *key, const char *text)
{
    return g_compute_hmac_for_string(G_CHECKSUM_SHA256, key->bytes, sizeof key->bytes, text,
                                     -1);
}

char *caller_mark(const struct call *call)
{
    g_autofree char *address = caller_address(call, false);
    struct seal_key key;
    if (!*address || !caller_key(call, &key, NULL))
        return NULL;
    g_autofree char *digest = caller_digest(&key, address);
    seal_key_clear(&key);
    return g_strdup_printf("hmac:%.32s", digest);
}
