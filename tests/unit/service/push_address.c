#include "service/common/address.h"
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

static bool is_public(const char *text)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&storage;
    if (strchr(text, ':')) {
        six->sin6_family = AF_INET6;
        cr_assert_eq(inet_pton(AF_INET6, text, &six->sin6_addr), 1, "%s", text);
    } else {
        four->sin_family = AF_INET;
        cr_assert_eq(inet_pton(AF_INET, text, &four->sin_addr), 1, "%s", text);
    }
    return address_is_public((struct sockaddr *)&storage);
}

Test(push_address, addresses_of_the_public_internet_are_public)
{
    static const char *const addresses[] = {"1.1.1.1",
                                            "8.8.8.8",
                                            "11.0.0.1",
                                            "100.63.255.255",
                                            "100.128.0.1",
                                            "169.253.1.1",
                                            "172.15.255.255",
                                            "172.32.0.1",
                                            "192.167.1.1",
                                            "192.169.0.1",
                                            "223.255.255.254",
                                            "2400:3200::1",
                                            "2606:4700:4700::1111",
                                            "2001:4860:4860::8888"};
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
        cr_expect(is_public(addresses[i]), "%s", addresses[i]);
}

Test(push_address, private_local_and_reserved_addresses_are_not_public)
{
    static const char *const addresses[] = {"0.0.0.0",
                                            "0.1.2.3",
                                            "10.0.0.1",
                                            "10.255.255.255",
                                            "100.64.0.1",
                                            "100.127.255.255",
                                            "127.0.0.1",
                                            "127.255.0.1",
                                            "169.254.169.254",
                                            "172.16.0.1",
                                            "172.31.255.255",
                                            "192.0.0.8",
                                            "192.0.2.1",
                                            "192.88.99.1",
                                            "192.168.1.1",
                                            "198.18.0.1",
                                            "198.19.255.255",
                                            "198.51.100.7",
                                            "203.0.113.9",
                                            "224.0.0.1",
                                            "239.1.1.1",
                                            "240.0.0.1",
                                            "255.255.255.255",
                                            "::",
                                            "::1",
                                            "fe80::1",
                                            "fec0::1",
                                            "fc00::1",
                                            "fd12:3456::1",
                                            "ff02::1",
                                            "2001:db8::1",
                                            "2001::1",
                                            "100::1",
                                            "3fff::1"};
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
        cr_expect(!is_public(addresses[i]), "%s", addresses[i]);
}

Test(push_address, an_IPv4_address_inside_an_IPv6_address_is_not_public)
{
    static const char *const addresses[] = {
        "::ffff:127.0.0.1",  "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b:1::1",   "2002:7f00:1::",   "2002:0a00:0001::1"};
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
        cr_expect(!is_public(addresses[i]), "%s", addresses[i]);
}

Test(push_address, another_family_is_not_public)
{
    struct sockaddr address = {.sa_family = AF_UNIX};
    cr_expect(!address_is_public(&address));
}

Test(push_address, the_configuration_allows_the_very_host_and_port_and_nothing_else)
{
    const char *list = " 127.0.0.1:8099, Hook.Intern:443 ,[::1]:80";
    cr_expect(address_is_allowed(list, "127.0.0.1", 8099));
    cr_expect(address_is_allowed(list, "hook.intern", 443));
    cr_expect(address_is_allowed(list, "[::1]", 80));
    cr_expect(!address_is_allowed(list, "127.0.0.1", 809));
    cr_expect(!address_is_allowed(list, "127.0.0.1", 80990));
    cr_expect(!address_is_allowed(list, "127.0.0.2", 8099));
    cr_expect(!address_is_allowed(list, "a.hook.intern", 443));
    cr_expect(!address_is_allowed("", "", 0));
    cr_expect(!address_is_allowed(NULL, "127.0.0.1", 80));
}
