#include "sql/notice.h"
#include "sql/internal.h"
#include <poll.h>

void notice_tell(struct db *db, const char *topic)
{
    db->topic = topic;
}

bool notice_listen(struct db *db, GError **error)
{
    return db_do(db, sql_notice_listen, 0, NULL, "listen for changes", error);
}

static bool hand_on(struct db *db, void (*each)(const char *topic, void *user), void *user)
{
    bool any = false;
    PGnotify *notice;
    while ((notice = PQnotifies(db->conn))) {
        each(notice->extra, user);
        PQfreemem(notice);
        any = true;
    }
    return any;
}

bool notice_wait(struct db *db, int wait_ms, void (*each)(const char *topic, void *user),
                 void *user, GError **error)
{
    struct pollfd fd = {.fd = PQsocket(db->conn), .events = POLLIN};
    if (hand_on(db, each, user)) /* it came beside an answer */
        return true;
    if (poll(&fd, 1, wait_ms) > 0 && !PQconsumeInput(db->conn)) {
        db_fail(db, NULL, "listen for changes", error);
        return false;
    }
    hand_on(db, each, user);
    return true;
}
