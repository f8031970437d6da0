#include "service/http/cookie.h"
#include <sodium.h>
#include <string.h>

static const char *name_of(bool secure)
{
    return secure ? "__Host-patbridge" : "patbridge";
}

bool cookie_is_secure(const char *secure_cookie, const char *public_url)
{
    static const char *const no[] = {"false", "no", "0", NULL};
    if (!secure_cookie)
        return public_url && g_ascii_strncasecmp(public_url, "https://", 8) == 0;
    g_autofree char *lower = g_ascii_strdown(secure_cookie, -1);
    return !g_strv_contains(no, lower);
}

/* The value of one "name=value" where it has this name; NULL else. */
static const char *value_of(const char *pair, const char *name)
{
    size_t len = strlen(name);
    return strncmp(pair, name, len) == 0 && pair[len] == '=' ? pair + len + 1 : NULL;
}

bool cookie_read(const char *header, bool secure, char token[static KEY_TEXT_LEN])
{
    int found = 0;
    token[0] = 0;
    while (header && *header) {
        header += strspn(header, " \t;");
        size_t len = strcspn(header, ";");
        const char *value = value_of(header, name_of(secure));
        size_t before = value ? (size_t)(value - header) : 0;
        if (value && found++ == 0 && len - before < KEY_TEXT_LEN)
            g_strlcpy(token, value, len - before + 1);
        header += len;
    }
    g_strchomp(token);
    return found == 1 && *token;
}

char *cookie_write(const char *token, bool secure, int life_s)
{
    return g_strdup_printf("%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s",
                           name_of(secure), token ? token : "", token ? life_s : 0,
                           secure ? "; Secure" : "");
}

void cookie_csrf(const char *token, char out[static CSRF_LEN + 1])
{
    static const char purpose[] = "patbridge csrf 1";
    unsigned char hash[CSRF_LEN / 4 * 3];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)token, strlen(token),
                       (const unsigned char *)purpose, strlen(purpose));
    sodium_bin2base64(out, CSRF_LEN + 1, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool cookie_csrf_fits(const char *token, const char *sent)
{
    char wanted[CSRF_LEN + 1];
    cookie_csrf(token, wanted);
    return sent && strlen(sent) == CSRF_LEN && sodium_memcmp(sent, wanted, CSRF_LEN) == 0;
}

/* Whether it is the "https://host:port" that a setting begins with, which may have a path behind. */
static bool is_site(const char *origin, const char *site)
{
    const char *name = strstr(site, "://");
    size_t len = name ? (size_t)(name + 3 - site) + strcspn(name + 3, "/") : 0;
    return len > 0 && strlen(origin) == len && g_ascii_strncasecmp(origin, site, len) == 0;
}

static bool is_host(const char *origin, const char *host)
{
    const char *name = strstr(origin, "://");
    return host && name && g_ascii_strcasecmp(name + 3, host) == 0;
}

bool cookie_from_us(const struct request *request, const char *site)
{
    const char *fetch = request->headers[HEADER_FETCH_SITE];
    const char *origin = request->headers[HEADER_ORIGIN];
    const char *host = request->headers[HEADER_HOST];
    if (fetch && !g_str_equal(fetch, "same-origin"))
        return false;
    if (origin && !(site && is_site(origin, site)) && !is_host(origin, host))
        return false;
    return fetch || origin;
}
