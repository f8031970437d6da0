#include "service/doctor/doctor.h"
#include "service/push/seal.h"
#include "service/track/paper.h"
#include "service/track/sign.h"
#include "sql/document.h"
#include "sql/health.h"
#include "sql/snapshot.h"
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- Folders, and how full their file systems are */

/* The nearest folder above that is there: where it would be made. */
static char *standing(const char *folder)
{
    char *path = g_canonicalize_filename(folder, NULL);
    while (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        char *above = g_path_get_dirname(path);
        g_free(path);
        path = above;
    }
    return path;
}

static void look_at_folder(struct doctor *doctor, const char *folder)
{
    g_autofree char *place = standing(folder);
    if (!g_file_test(place, G_FILE_TEST_IS_DIR))
        doctor_addf(doctor, "folder_bad", "%s: %s is no folder", folder, place);
    else if (access(place, W_OK | X_OK) != 0)
        doctor_addf(doctor, "folder_bad", "%s: %s", place, g_strerror(errno));
}

static void look_at_room(struct doctor *doctor, const char *folder)
{
    struct statvfs about;
    g_autofree char *place = standing(folder);
    if (statvfs(place, &about) != 0)
        return;
    guint64 room = (guint64)about.f_bavail * about.f_frsize >> 20;
    if (room < doctor->room_mb)
        doctor_addf(doctor, "room_short",
                    "%s: %" G_GUINT64_FORMAT " MB are free, %" G_GUINT64_FORMAT " wanted",
                    place, room, doctor->room_mb);
    if (about.f_files && about.f_favail < about.f_files / 100)
        doctor_addf(doctor, "nodes_short", "%s: %lu", place, (unsigned long)about.f_favail);
}

static void look_at_folders(struct doctor *doctor)
{
    static const char *const named[][2] = {{"evidence", "var/evidence"},
                                           {"feed_folder", "var/feeds"}};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
        g_autofree char *folder = doctor_place(doctor, named[i][0], named[i][1]);
        look_at_folder(doctor, folder);
        if (g_hash_table_add(seen, standing(folder)))
            look_at_room(doctor, folder);
    }
    g_autofree char *data = doctor->db ? health_place(doctor->db) : NULL;
    if (data)
        look_at_room(doctor, data);
}

/* ---- Keys. What is not there is not made: a key that appears would hide that one is gone. */

static void try_to_open(struct doctor *doctor, const struct seal_key *key,
                        const json_t *channels)
{
    for (size_t i = 0; i < json_array_size(channels); i++) {
        const json_t *row = json_array_get(channels, i);
        const char *hex = json_string_value(json_object_get(row, "sealed"));
        gsize len = strlen(hex) / 2;
        g_autofree unsigned char *sealed = g_malloc(len + 1);
        for (gsize at = 0; at < len; at++)
            sealed[at] = (unsigned char)(g_ascii_xdigit_value(hex[2 * at]) << 4 |
                                         g_ascii_xdigit_value(hex[2 * at + 1]));
        g_autofree char *secret = seal_open(key, sealed, len, NULL);
        if (!secret)
            doctor_addf(doctor, "key_other", "of the channel %s",
                        json_string_value(json_object_get(row, "channel")));
    }
}

static void look_at_seal(struct doctor *doctor, const json_t *channels)
{
    g_autofree char *file = doctor_place(doctor, "key_file", "var/secret.key");
    g_autoptr(GError) why = NULL;
    struct seal_key key;
    bool there = g_file_test(file, G_FILE_TEST_EXISTS);
    if (!there && json_array_size(channels))
        doctor_add(doctor, "key_missing", file);
    if (!there)
        return;
    if (seal_key_load(file, &key, &why)) {
        try_to_open(doctor, &key, channels);
        seal_key_clear(&key);
    } else {
        doctor_addf(doctor, "key_bad", "%s", why->message);
    }
}

static void look_at_sign(struct doctor *doctor, const char *signed_with)
{
    g_autofree char *file = doctor_place(doctor, "sign_key", "var/sign.key");
    g_autoptr(GError) why = NULL;
    g_auto(sign_key_t) key = {.public_hex = ""};
    bool there = g_file_test(file, G_FILE_TEST_EXISTS);
    if (!there && signed_with)
        doctor_add(doctor, "sign_key_missing", file);
    if (!there)
        return;
    if (!sign_key_load(file, &key, &why))
        doctor_addf(doctor, "key_bad", "%s", why->message);
    else if (signed_with && !g_str_equal(signed_with, key.public_hex))
        doctor_addf(doctor, "sign_key_other", "%.16s…, and %s is of %.16s…", signed_with, file,
                    key.public_hex);
}

static void look_at_keys(struct doctor *doctor)
{
    json_auto_t *channels = doctor->schema ? health_channels(doctor->db, NULL) : NULL;
    json_auto_t *snapshots = NULL;
    if (doctor->schema && db_begin(doctor->db, DB_READONLY, 0, NULL)) {
        snapshots = snapshot_list(doctor->db, NULL);
        db_rollback(doctor->db);
    }
    size_t count = json_array_size(snapshots);
    const json_t *last = count ? json_array_get(snapshots, count - 1) : NULL;
    look_at_seal(doctor, channels);
    look_at_sign(doctor, json_string_value(json_object_get(last, "public_key")));
}

/* ---- Papers */

static void look_at_papers(struct doctor *doctor)
{
    g_autofree char *folder = doctor_place(doctor, "evidence", "var/evidence");
    g_autoptr(GError) why = NULL;
    json_auto_t *papers = NULL;
    if (!doctor->schema)
        return;
    if (db_begin(doctor->db, DB_READONLY, 0, &why)) {
        papers = document_list(doctor->db, 0, NULL, NULL, &why);
        db_rollback(doctor->db);
    }
    if (!papers)
        doctor_addf(doctor, "not_looked", "%s", why->message);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const json_t *paper = json_array_get(papers, i);
        const char *sha256 = json_string_value(json_object_get(paper, "sha256"));
        const char *trouble = paper_trouble(folder, sha256);
        if (trouble)
            doctor_addf(doctor, "paper_bad", "%s (%s %s, %.12s…) is %s",
                        json_string_value(json_object_get(paper, "name")),
                        json_string_value(json_object_get(paper, "kind")),
                        json_string_value(json_object_get(paper, "key")), sha256, trouble);
    }
}

void doctor_files(struct doctor *doctor)
{
    look_at_folders(doctor);
    look_at_keys(doctor);
    look_at_papers(doctor);
}
