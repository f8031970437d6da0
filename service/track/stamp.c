#include "service/track/stamp.h"
#include "service/track/pack.h"
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ts.h>
#include <string.h>

enum { NONCE_BYTES = 8, ANSWER_MOST = 1 << 20, SECONDS = 30 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_RESP, TS_RESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_INTEGER, ASN1_INTEGER_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)

/* The last thing that OpenSSL complained of. The caller frees. */
static char *complaint(void)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return g_strdup(reason ? reason : "it can't be read");
}

/* ---- The question */

static TS_MSG_IMPRINT *imprint_of(const char *digest)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)digest, strlen(digest), hash);
    g_autoptr(TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new();
    g_autoptr(X509_ALGOR) algorithm = X509_ALGOR_new();
    if (!imprint || !algorithm ||
        !X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) ||
        !TS_MSG_IMPRINT_set_algo(imprint, algorithm) ||
        !TS_MSG_IMPRINT_set_msg(imprint, hash, sizeof hash))
        return NULL;
    return g_steal_pointer(&imprint);
}

static bool set_nonce(TS_REQ *request)
{
    g_autoptr(BIGNUM) number = BN_new();
    g_autoptr(ASN1_INTEGER) nonce = NULL;
    return number && BN_rand(number, NONCE_BYTES * 8, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
           (nonce = BN_to_ASN1_INTEGER(number, NULL)) && TS_REQ_set_nonce(request, nonce);
}

static TS_REQ *request_of(const char *digest)
{
    g_autoptr(TS_REQ) request = TS_REQ_new();
    g_autoptr(TS_MSG_IMPRINT) imprint = imprint_of(digest);
    if (!request || !imprint || !TS_REQ_set_version(request, 1) ||
        !TS_REQ_set_msg_imprint(request, imprint) || !TS_REQ_set_cert_req(request, 1) ||
        !set_nonce(request))
        return NULL;
    return g_steal_pointer(&request);
}

/* ---- Over the wire */

static size_t take(char *data, size_t one, size_t count, void *user)
{
    GByteArray *answer = user;
    if (answer->len + one * count > ANSWER_MOST)
        return 0;
    g_byte_array_append(answer, (const guint8 *)data, (guint)(one * count));
    return one * count;
}

static void set_up(CURL *easy, const char *url, struct curl_slist *headers,
                   const unsigned char *body, int len, GByteArray *answer)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)SECONDS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, (const char *)body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)len);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
}

static bool post(const char *url, const unsigned char *body, int len, GByteArray *answer,
                 GError **error)
{
    CURL *easy = curl_easy_init();
    struct curl_slist *headers =
        curl_slist_append(NULL, "Content-Type: application/timestamp-query");
    long status = 0;
    set_up(easy, url, headers, body, len, answer);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    if (code == CURLE_OK && status == 200)
        return true;
    g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT,
                "no time-stamp from %s: %s (HTTP status %ld)", url, curl_easy_strerror(code),
                status);
    return false;
}

/* ---- The answer */

static TS_RESP *read_answer(const unsigned char *data, size_t len)
{
    const unsigned char *at = data;
    return d2i_TS_RESP(NULL, &at, (long)len);
}

static bool answers(TS_RESP *response, TS_REQ *request, char **why)
{
    g_autoptr(TS_VERIFY_CTX) context = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    if (context) /* whose signature it is is asked by those who know the authority's certificate */
        TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE);
    if (response && context && TS_RESP_verify_response(context, response) == 1)
        return true;
    *why = complaint();
    return false;
}

static char *ask(const char *url, TS_REQ *request, GError **error)
{
    unsigned char *der = NULL;
    int len = i2d_TS_REQ(request, &der);
    g_autoptr(GByteArray) answer = g_byte_array_new();
    bool there = len > 0 && post(url, der, len, answer, error);
    OPENSSL_free(der);
    if (!there)
        return NULL;
    g_autoptr(TS_RESP) response = read_answer(answer->data, answer->len);
    g_autofree char *why = NULL;
    if (answers(response, request, &why))
        return g_base64_encode(answer->data, answer->len);
    g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT,
                "what %s answered is no time-stamp of this: %s", url, why);
    return NULL;
}

char *stamp_fetch(const char *url, const char *digest, GError **error)
{
    g_autoptr(TS_REQ) request = request_of(digest);
    if (request)
        return ask(url, request, error);
    g_set_error(error, PACK_ERROR, PACK_ERROR_FORMAT, "could not ask for a time-stamp");
    return NULL;
}

/* ---- Later */

static char *time_of(TS_RESP *response)
{
    TS_TST_INFO *info = TS_RESP_get_tst_info(response);
    struct tm tm;
    if (!info || !ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm))
        return NULL;
    char text[sizeof "2026-03-01T08:00:00Z"];
    return strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) ? g_strdup(text) : NULL;
}

/* The context takes the store, and frees it. */
static bool trust(TS_VERIFY_CTX *context, const char *ca)
{
    X509_STORE *store = X509_STORE_new();
    if (!store)
        return false;
    TS_VERIFY_CTX_set_store(context, store);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    return X509_STORE_load_file(store, ca) == 1;
}

static TS_VERIFY_CTX *expecting(const char *digest, const char *ca)
{
    g_autoptr(TS_VERIFY_CTX) context = TS_VERIFY_CTX_new();
    unsigned char *hash = OPENSSL_malloc(SHA256_DIGEST_LENGTH); /* the context frees it */
    SHA256((const unsigned char *)digest, strlen(digest), hash);
    TS_VERIFY_CTX_set_imprint(context, hash, SHA256_DIGEST_LENGTH);
    TS_VERIFY_CTX_set_flags(context,
                            TS_VFY_VERSION | TS_VFY_IMPRINT | (ca ? TS_VFY_SIGNATURE : 0));
    if (ca && !trust(context, ca))
        return NULL;
    return g_steal_pointer(&context);
}

char *stamp_trouble(const char *answer, const char *digest, const char *ca, char **time)
{
    gsize len;
    g_autofree guchar *data = g_base64_decode(answer, &len);
    g_autoptr(TS_RESP) response = read_answer(data, len);
    *time = NULL;
    if (!response || !TS_RESP_get_token(response))
        return g_strdup("it can't be read");
    g_autoptr(TS_VERIFY_CTX) context = expecting(digest, ca);
    if (!context || TS_RESP_verify_response(context, response) != 1)
        return complaint();
    *time = time_of(response);
    return NULL;
}
