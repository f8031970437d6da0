#include "service/http/keys.h"
#include <pthread.h>
#include <sodium.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned role;
} roles[] = {
    {"administrator", ROLE_ADMINISTRATOR}, {"agency_manager", ROLE_MANAGER},
    {"agency_clerk", ROLE_CLERK},          {"official", ROLE_OFFICIAL},
    {"enterprise", ROLE_ENTERPRISE},
};

unsigned role_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (g_strcmp0(roles[i].name, name) == 0)
            return roles[i].role;
    return 0;
}

const char *role_name(unsigned role)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (roles[i].role == role)
            return roles[i].name;
    return "";
}

struct key {
    struct principal who;
    unsigned char digest[crypto_hash_sha256_BYTES];
    int64_t expires_s; /* 0: never */
};

struct keys {
    pthread_mutex_t lock;
    GHashTable *by_id;   /* struct key *, owned; its id is the key */
    GHashTable *buckets; /* id, owned -> struct bucket *, owned */
    GHashTable *used;    /* ids, owned */
    bool known;
};

/* ---- Their form */

static void digest_of(const char *secret, unsigned char out[static crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256(out, (const unsigned char *)secret, strlen(secret));
}

void key_make(char text[static KEY_TEXT_LEN], char id[static KEY_ID_LEN + 1],
              char digest[static KEY_DIGEST_LEN + 1])
{
    unsigned char random[KEY_SECRET_BYTES], name[KEY_ID_LEN / 2],
        hash[crypto_hash_sha256_BYTES];
    char secret[sodium_base64_ENCODED_LEN(KEY_SECRET_BYTES,
                                          sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(random, sizeof random);
    randombytes_buf(name, sizeof name);
    sodium_bin2hex(id, KEY_ID_LEN + 1, name, sizeof name);
    sodium_bin2base64(secret, sizeof secret, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    digest_of(secret, hash);
    sodium_bin2hex(digest, KEY_DIGEST_LEN + 1, hash, sizeof hash);
    g_snprintf(text, KEY_TEXT_LEN, "pb_%s_%s", id, secret);
    sodium_memzero(random, sizeof random);
    sodium_memzero(secret, sizeof secret);
}

/* The two parts of "pb_ID_SECRET". */
static bool split(const char *text, char id[static KEY_ID_LEN + 1], const char **secret)
{
    if (strncmp(text, "pb_", 3) != 0 || strlen(text) < 3 + KEY_ID_LEN + 2 ||
        strlen(text) >= KEY_TEXT_LEN || text[3 + KEY_ID_LEN] != '_')
        return false;
    g_strlcpy(id, text + 3, KEY_ID_LEN + 1);
    *secret = text + 3 + KEY_ID_LEN + 1;
    return true;
}

/* The same behind "Bearer ". */
static bool read_header(const char *header, char id[static KEY_ID_LEN + 1], const char **secret)
{
    static const char scheme[] = "Bearer ";
    return header && g_ascii_strncasecmp(header, scheme, strlen(scheme)) == 0 &&
           split(header + strlen(scheme), id, secret);
}

bool key_read(const char *text, char id[static KEY_ID_LEN + 1],
              char digest[static KEY_DIGEST_LEN + 1])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const char *secret;
    if (!split(text, id, &secret))
        return false;
    digest_of(secret, hash);
    sodium_bin2hex(digest, KEY_DIGEST_LEN + 1, hash, sizeof hash);
    return true;
}

/* ---- The table */

struct keys *keys_new(void)
{
    struct keys *keys = g_new0(struct keys, 1);
    pthread_mutex_init(&keys->lock, NULL);
    keys->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    keys->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    keys->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return keys;
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    g_hash_table_unref(keys->by_id);
    g_hash_table_unref(keys->buckets);
    g_hash_table_unref(keys->used);
    pthread_mutex_destroy(&keys->lock);
    g_free(keys);
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static struct key *key_of(const json_t *row)
{
    struct key *key = g_new0(struct key, 1);
    struct principal *who = &key->who;
    size_t len = 0;
    g_strlcpy(who->key_id, text_of(row, "key_id"), sizeof who->key_id);
    g_strlcpy(who->agency, text_of(row, "agency"), sizeof who->agency);
    g_strlcpy(who->account, text_of(row, "account"), sizeof who->account);
    who->role = role_of(text_of(row, "role"));
    who->agency_id = (int)json_integer_value(json_object_get(row, "agency_id"));
    who->enterprise_id = g_ascii_strtoll(text_of(row, "enterprise_id"), NULL, 10);
    who->rate_per_minute = (int)json_integer_value(json_object_get(row, "rate_per_minute"));
    key->expires_s = json_integer_value(json_object_get(row, "expires_s"));
    const char *digest = text_of(row, "secret_digest");
    if (sodium_hex2bin(key->digest, sizeof key->digest, digest, strlen(digest), NULL, &len,
                       NULL) == 0 &&
        len == sizeof key->digest)
        return key;
    g_free(key);
    return NULL;
}

void keys_replace(struct keys *keys, const json_t *rows)
{
    GHashTable *fresh = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free), *old;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct key *key = key_of(json_array_get(rows, i));
        if (key)
            g_hash_table_replace(fresh, key->who.key_id, key);
    }
    pthread_mutex_lock(&keys->lock);
    old = keys->by_id;
    keys->by_id = fresh;
    keys->known = true;
    pthread_mutex_unlock(&keys->lock);
    g_hash_table_unref(old);
}

bool keys_are_known(struct keys *keys)
{
    pthread_mutex_lock(&keys->lock);
    bool known = keys->known;
    pthread_mutex_unlock(&keys->lock);
    return known;
}

bool keys_find(struct keys *keys, const char *authorization, int64_t now_s,
               struct principal *out)
{
    char id[KEY_ID_LEN + 1];
    unsigned char digest[crypto_hash_sha256_BYTES];
    const char *secret;
    if (!read_header(authorization, id, &secret))
        return false;
    digest_of(secret, digest);
    pthread_mutex_lock(&keys->lock);
    const struct key *key = g_hash_table_lookup(keys->by_id, id);
    bool found = key && sodium_memcmp(digest, key->digest, sizeof digest) == 0 &&
                 (!key->expires_s || key->expires_s > now_s);
    if (found)
        *out = key->who;
    pthread_mutex_unlock(&keys->lock);
    return found;
}

/* ---- Their use */

/* With the lock held. */
static struct bucket *bucket_of(struct keys *keys, const struct principal *who, int64_t now_us)
{
    struct bucket *bucket = g_hash_table_lookup(keys->buckets, who->key_id);
    if (bucket)
        return bucket;
    bucket = g_new(struct bucket, 1);
    *bucket = (struct bucket){who->rate_per_minute, now_us};
    g_hash_table_insert(keys->buckets, g_strdup(who->key_id), bucket);
    return bucket;
}

bool bucket_spend(struct bucket *bucket, int rate, int64_t now_us, int *retry_after_s)
{
    double a_second = rate / 60.0;
    bucket->left += a_second * (double)(now_us - bucket->at_us) / G_USEC_PER_SEC;
    bucket->left = MIN(bucket->left, rate);
    bucket->at_us = now_us;
    if (bucket->left >= 1) {
        bucket->left -= 1;
        return true;
    }
    *retry_after_s = 1 + (int)((1 - bucket->left) / a_second);
    return false;
}

bool keys_spend(struct keys *keys, const struct principal *who, int64_t now_us,
                int *retry_after_s)
{
    bool spent = true;
    pthread_mutex_lock(&keys->lock);
    if (!g_hash_table_contains(keys->used, who->key_id))
        g_hash_table_add(keys->used, g_strdup(who->key_id));
    if (who->rate_per_minute > 0)
        spent = bucket_spend(bucket_of(keys, who, now_us), who->rate_per_minute, now_us,
                             retry_after_s);
    pthread_mutex_unlock(&keys->lock);
    return spent;
}

json_t *keys_take_used(struct keys *keys)
{
    json_t *ids = NULL;
    GHashTableIter iter;
    gpointer id;
    pthread_mutex_lock(&keys->lock);
    if (g_hash_table_size(keys->used) > 0)
        ids = json_array();
    for (g_hash_table_iter_init(&iter, keys->used); g_hash_table_iter_next(&iter, &id, NULL);)
        json_array_append_new(ids, json_string(id));
    g_hash_table_remove_all(keys->used);
    pthread_mutex_unlock(&keys->lock);
    return ids;
}
