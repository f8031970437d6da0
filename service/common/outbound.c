#include "service/common/outbound.h"

bool outbound_target_read(const char *url, struct outbound_target *out)
{
    CURLU *parts = curl_url();
    char *port = NULL;
    bool good =
        curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &out->host, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    if (good) {
        out->port = (int)g_ascii_strtoll(port, NULL, 10);
        curl_url_get(parts, CURLUPART_USER, &out->user, 0);
    }
    curl_free(port);
    curl_url_cleanup(parts);
    return good;
}

void outbound_target_clear(struct outbound_target *target)
{
    curl_free(target->scheme);
    curl_free(target->host);
    curl_free(target->user);
    *target = (struct outbound_target){0};
}

static bool has_control(const char *text)
{
    for (const char *c = text; *c; c++)
        if (g_ascii_iscntrl(*c) || *c == ' ')
            return true;
    return false;
}

const char outbound_only_https[] =
    "only https is used, unless the setting allow_private names its host:port";

const char *outbound_url_problem(const char *url, const char *allowed)
{
    g_auto(outbound_target_t) target = {0};
    if (has_control(url) || !g_utf8_validate(url, -1, NULL))
        return "it holds blanks or control characters";
    if (!outbound_target_read(url, &target))
        return "it is no address of the form https://host/path";
    if (target.user)
        return "it holds a user's name, which would stand in logs";
    if (g_str_equal(target.scheme, "https"))
        return NULL;
    if (!g_str_equal(target.scheme, "http"))
        return "only https is used";
    if (!address_is_allowed(allowed, target.host, target.port))
        return outbound_only_https;
    return NULL;
}

bool outbound_same_place(const char *url, const char *other)
{
    g_auto(outbound_target_t) a = {0};
    g_auto(outbound_target_t) b = {0};
    return outbound_target_read(url, &a) && outbound_target_read(other, &b) &&
           g_ascii_strcasecmp(a.scheme, b.scheme) == 0 &&
           g_ascii_strcasecmp(a.host, b.host) == 0 && a.port == b.port;
}

char *outbound_url_mask(const char *url)
{
    g_auto(outbound_target_t) target = {0};
    if (!outbound_target_read(url, &target))
        return g_strdup("…");
    return g_strdup_printf("%s://%s:%d/…", target.scheme, target.host, target.port);
}

static curl_socket_t open_socket(void *user, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct outbound *outbound = user;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!outbound->allowed && !address_is_public(&address->addr))) {
        outbound->refused = true;
        return CURL_SOCKET_BAD;
    }
    outbound->opened = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void outbound_guard(CURL *easy, struct outbound *outbound, const char *url, const char *allowed)
{
    g_auto(outbound_target_t) target = {0};
    *outbound =
        (struct outbound){.allowed = outbound_target_read(url, &target) &&
                                     address_is_allowed(allowed, target.host, target.port)};
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, outbound->allowed ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, outbound);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A socket opened for one call is not used by another: each is judged by itself. */
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "PatBridge/1");
}

bool outbound_was_refused(const struct outbound *outbound)
{
    return outbound->refused && !outbound->opened;
}
