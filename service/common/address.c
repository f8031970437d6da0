#include "service/common/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* IANA's special-purpose registries (RFC 6890 and its updates), and multicast. */
static const struct {
    const char *network;
    int bits;
} refused4[] =
    {
        {"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10}, {"127.0.0.0", 8},
        {"169.254.0.0", 16}, {"172.16.0.0", 12},  {"192.0.0.0", 24},  {"192.0.2.0", 24},
        {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
        {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4},
},
  refused6[] = {
      {"2001::", 23},     /* protocol assignments, with Teredo */
      {"2001:db8::", 32}, /* documentation */
      {"2002::", 16},     /* 6to4 */
      {"3fff::", 20},     /* documentation */
};

static bool in_network(const unsigned char *address, const unsigned char *network, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(address, network, (size_t)whole) != 0)
        return false;
    unsigned mask = rest ? 0xffU << (8 - rest) & 0xffU : 0;
    return !rest || ((address[whole] ^ network[whole]) & mask) == 0;
}

static bool is_public4(const unsigned char *address)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused4); i++) {
        unsigned char network[4];
        inet_pton(AF_INET, refused4[i].network, network);
        if (in_network(address, network, refused4[i].bits))
            return false;
    }
    return true;
}

static bool is_public6(const unsigned char *address)
{
    if ((address[0] & 0xe0) != 0x20) /* all that is given out lies in 2000::/3 */
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(refused6); i++) {
        unsigned char network[16];
        inet_pton(AF_INET6, refused6[i].network, network);
        if (in_network(address, network, refused6[i].bits))
            return false;
    }
    return true;
}

bool address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return is_public4((const unsigned char *)&in.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        return is_public6((const unsigned char *)&in.sin6_addr);
    }
    return false;
}

bool address_is_allowed(const char *list, const char *host, int port)
{
    if (!list || !host)
        return false;
    g_autofree char *wanted = g_strdup_printf("%s:%d", host, port);
    g_auto(GStrv) allowed = g_strsplit(list, ",", -1);
    for (char **entry = allowed; *entry; entry++)
        if (g_ascii_strcasecmp(g_strstrip(*entry), wanted) == 0)
            return true;
    return false;
}
