/* Pushes: what their channels and receivers said by the day. */
#include "tests/support/testdb.h"
#include "tests/support/trackdb.h"
#include <criterion/criterion.h>

#define PUSH_ID "'push_id': '00000000-0000-4000-8000-000000000001'"

static void give_event(const char *columns)
{
    givef("push_event", "{'patent_id': 1, " PUSH_ID ", %s}", columns);
}

static void give_patent(void)
{
    give("patent", "{'patent_id': 1, 'application_number': 'CN202010000001.1'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN202010000001'}");
    give("patent_alias", "{'patent_id': 1, 'number': 'CN106970934A'}");
    give("need", "{'need_id': 1, 'source_id': 'N1'}");
}

static void give_push(const char *columns)
{
    givef("push", "{'patent_id': 1, 'origin_patent_id': 1, " PUSH_ID "%s}", columns);
}

Test(track, a_push_counts_once_a_receiver_has_it)
{
    static const struct {
        const char *row, *events[3], *expected;
    } rows[] = {
        {"made, not sent", {NULL}, "{'value': 0, 'left_out': {'waiting': 1}}"},
        {"sent", {"'event': 'sent'"}, "{'value': 0, 'left_out': {'not_opened': 1}}"},
        {"webhook took it", {"'event': 'accepted'"}, "{'value': 1, 'late': 0, 'invented': 0}"},
        {"mail relay took it",
         {"'channel': 'email', 'event': 'accepted'"},
         "{'value': 0, 'left_out': {'not_opened': 1}}"},
        {"group took it", {"'channel': 'wecom', 'event': 'accepted'"}, "{'value': 0}"},
        {"mail opened",
         {"'channel': 'email', 'event': 'accepted'", "'channel': 'email', 'event': 'opened'"},
         "{'value': 1}"},
        {"answered", {"'channel': 'inbox', 'event': 'answered'"}, "{'value': 1}"},
        {"bounced",
         {"'channel': 'email', 'event': 'accepted'", "'channel': 'email', 'event': 'bounced'"},
         "{'value': 0, 'left_out': {'bounced': 1}}"},
        {"webhook took it back",
         {"'event': 'accepted'", "'event': 'bounced'"},
         "{'value': 0, 'left_out': {'bounced': 1}}"},
        {"mail bounced, inbox opened",
         {"'channel': 'email', 'event': 'bounced'", "'channel': 'inbox', 'event': 'opened'"},
         "{'value': 1}"},
        {"failed", {"'event': 'failed'"}, "{'value': 0, 'left_out': {'failed': 1}}"},
        {"opened on the day's last second",
         {"'event': 'sent'", "'event': 'opened', 'at': '2025-06-30 23:59:59+08'"},
         "{'value': 1}"},
        {"opened a day later",
         {"'event': 'sent'", "'event': 'opened', 'at': '2025-07-01 00:00+08'"},
         "{'value': 0, 'left_out': {'not_opened': 1}}"},
        {"made up", {"'event': 'accepted', 'invented': true"}, "{'value': 1, 'invented': 1}"},
    };
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_patent();
    give_push("");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        testdb_sql("TRUNCATE push_event");
        for (size_t e = 0; e < 3 && rows[i].events[e]; e++)
            give_event(rows[i].events[e]);
        count_figures(db, pack, "2025-06-30", NULL);
        expect(rows[i].row, "JJ01", "pushes", rows[i].expected);
    }
    db_close(db);
}

Test(track, a_push_without_a_stated_reason_or_taken_out_by_an_official_does_not_count)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_patent();
    give_push(", 'reasons': []");
    give_event("'event': 'accepted'");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("no reason", "JJ01", "pushes", "{'value': 0, 'left_out': {'no_stated_reason': 1}}");
    give(
        "decision",
        "{'kind': 'push', 'key': '00000000-0000-4000-8000-000000000001', 'verdict': 'reject'}");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("rejected", "JJ01", "pushes", "{'value': 0, 'left_out': {'rejected': 1}}");
    db_close(db);
}

Test(track, a_declared_push_counts_once_an_official_has_accepted_it_and_only_the_first)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) pack = pack_with("{}");
    give_patent();
    give("declared_push",
         "{'declared_push_id': 9, 'patent': 'CN202010000001.1', 'enterprise_uscc': 'U100'}");
    give_push(""); /* of the same patent to the same enterprise, a month later */
    give_event("'event': 'accepted'");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("a claim", "JJ01", "pushes", "{'value': 1, 'left_out': {'not_accepted': 1}}");
    give("decision", "{'kind': 'declared_push', 'key': 'CN202010000001/U100', 'effective': "
                     "'2025-06-30', 'decided_at': '2025-06-30 09:00+08'}");
    count_figures(db, pack, "2025-06-30", NULL);
    expect("accepted", "JJ01", "pushes", "{'value': 1, 'left_out': {'sent_before': 1}}");
    count_figures(db, pack, "2025-06-29", NULL);
    expect("a day before", "JJ01", "pushes", "{'value': 1, 'left_out': {'not_accepted': 1}}");
    db_close(db);
}

Test(track, the_pack_says_which_channels_acceptance_counts)
{
    struct db *db = trackdb_open();
    g_autoptr(pack_t) mail =
        pack_with("{'parameters': {'push_accepting_channels': ['email']}}");
    g_autoptr(pack_t) answers = pack_with(
        "{'parameters': {'push_accepting_channels': [], 'push_opened_counts': false}}");
    give_patent();
    give_push("");
    give_event("'channel': 'email', 'event': 'accepted'");
    give_event("'channel': 'email', 'event': 'opened'");
    count_figures(db, mail, "2025-06-30", NULL);
    expect("mail counts", "JJ01", "pushes", "{'value': 1}");
    count_figures(db, answers, "2025-06-30", NULL);
    expect("only answers count", "JJ01", "pushes",
           "{'value': 0, 'left_out': {'not_opened': 1}}");
    db_close(db);
}
