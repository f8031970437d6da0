#include "sql/feed.h"
#include "sql/internal.h"

enum { NUMBER_LEN = 24 };

static const char *number(int64_t value, char text[NUMBER_LEN])
{
    g_snprintf(text, NUMBER_LEN, "%" G_GINT64_FORMAT, value);
    return text;
}

bool feed_add(struct db *db, const struct feed_new *feed, const char *now, int64_t *id,
              GError **error)
{
    char agency[NUMBER_LEN], every[NUMBER_LEN];
    const char *const values[] = {
        number(feed->agency_id, agency), feed->kind, feed->address, feed->options,
        number(feed->every_s, every),    now};
    return db_number(db, sql_feed_add, 6, values, "add a feed", id, error);
}

json_t *feed_list(struct db *db, int agency_id, int64_t feed_id, GError **error)
{
    char agency[NUMBER_LEN], feed[NUMBER_LEN];
    const char *const values[] = {number(agency_id, agency), number(feed_id, feed)};
    return db_rows(db, sql_feed_list, 2, values, "list feeds", error);
}

json_t *feed_due(struct db *db, int agency_id, const char *now, GError **error)
{
    char agency[NUMBER_LEN];
    const char *const values[] = {number(agency_id, agency), now};
    return db_rows(db, sql_feed_due, 2, values, "look for feeds that are due", error);
}

bool feed_off(struct db *db, int agency_id, int64_t feed_id, const char *now,
              const char *reason, GError **error)
{
    char agency[NUMBER_LEN], feed[NUMBER_LEN];
    const char *const values[] = {number(agency_id, agency), number(feed_id, feed), now,
                                  reason};
    g_autoptr(PGresult) res = db_run(db, sql_feed_off, 4, values, "turn a feed off", error);
    if (res && PQntuples(res) == 0)
        g_set_error(error, SQL_ERROR, SQL_ERROR_NOT_FOUND,
                    "there is no feed %" G_GINT64_FORMAT " in use", feed_id);
    return res && PQntuples(res) > 0;
}

bool feed_take(struct db *db, int64_t feed_id, bool *taken, GError **error)
{
    char feed[NUMBER_LEN];
    const char *const values[] = {number(feed_id, feed)};
    g_autoptr(PGresult) res = db_run(db, sql_feed_take, 1, values, "take a feed", error);
    *taken = res && PQntuples(res) > 0;
    return res != NULL;
}

void feed_leave(struct db *db, int64_t feed_id)
{
    char feed[NUMBER_LEN];
    const char *const values[] = {number(feed_id, feed)};
    db_rollback(db);
    db_do(db, sql_feed_leave, 1, values, "let go of a feed", NULL);
}

bool feed_page(struct db *db, int64_t feed_id, const char *page, GError **error)
{
    char feed[NUMBER_LEN];
    const char *const values[] = {number(feed_id, feed), page};
    return db_do(db, sql_feed_page, 2, values, "note a feed's page", error);
}

bool feed_note(struct db *db, const struct feed_tried *tried, const char *now, GError **error)
{
    char feed[NUMBER_LEN], wait[NUMBER_LEN], failures[NUMBER_LEN], batch[NUMBER_LEN];
    const char *const values[] = {number(tried->feed_id, feed),
                                  now,
                                  number(tried->wait_s, wait),
                                  tried->outcome,
                                  tried->message,
                                  number(tried->failures, failures),
                                  tried->etag,
                                  tried->last_modified,
                                  tried->page,
                                  tried->batch_id ? number(tried->batch_id, batch) : NULL};
    return db_do(db, sql_feed_tried, 10, values, "note what came of a feed", error);
}
