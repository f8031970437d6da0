#include "service/daemon/answers.h"
#include "service/daemon/bounces.h"
#include "service/daemon/daemon.h"
#include "service/daemon/documents.h"
#include "service/daemon/follow.h"
#include "service/daemon/inbox.h"
#include "service/daemon/leads.h"
#include "service/daemon/mending.h"
#include "service/daemon/official.h"
#include "service/daemon/probes.h"
#include "service/daemon/records.h"
#include "service/daemon/search.h"
#include "service/daemon/settings.h"
#include "service/daemon/signin.h"
#include "service/daemon/tracking.h"

/* ---- Parameters */

static const char
    *const lead_states[] = {"proposed", "accepted", "rejected", "pushed", "superseded", NULL},
           *const answers[] = {"interested", "not_fit", "stop", NULL},
           *const shows[] = {"counted", "left-out", NULL},
           *const stages[] = {"interested", "contact",    "visit", "offer",
                              "contract",   "registered", "ended", NULL},
           *const helpers[] = {"experts", "institutions", "enterprises", NULL},
           *const languages[] = {"zh", "en", NULL}, *const yes_no[] = {"true", "false", NULL};

static const struct param agency = {"agency", PARAM_TEXT, NULL, 0, 0},
                          after = {"after", PARAM_TEXT, NULL, 0, 0},
                          limit = {"limit", PARAM_NUMBER, NULL, 1, 1000},
                          recorded_since = {"recorded_since", PARAM_MOMENT, NULL, 0, 0},
                          held_since = {"held_since", PARAM_DAY, NULL, 0, 0},
                          dry_run = {"dry_run", PARAM_WORD, yes_no, 0, 0},
                          lang = {"lang", PARAM_WORD, languages, 0, 0},
                          state = {"state", PARAM_WORD, lead_states, 0, 0},
                          need = {"need", PARAM_TEXT, NULL, 0, 0},
                          patent = {"patent", PARAM_TEXT, NULL, 0, 0},
                          enterprise = {"enterprise_uscc", PARAM_TEXT, NULL, 0, 0},
                          who = {"who", PARAM_WORD, helpers, 0, 0},
                          answer = {"answer", PARAM_WORD, answers, 0, 0},
                          kind = {"kind", PARAM_TEXT, NULL, 0, 0},
                          key = {"key", PARAM_TEXT, NULL, 0, 0},
                          file = {"file", PARAM_TEXT, NULL, 0, 0},
                          progress = {"progress", PARAM_TEXT, NULL, 0, 0},
                          paper = {"paper", PARAM_TEXT, NULL, 0, 0},
                          policy = {"policy", PARAM_TEXT, NULL, 0, 0},
                          as_of = {"as_of", PARAM_DAY, NULL, 0, 0},
                          known_at = {"known_at", PARAM_MOMENT, NULL, 0, 0},
                          before = {"before", PARAM_DAY, NULL, 0, 0},
                          before_known_at = {"before_known_at", PARAM_MOMENT, NULL, 0, 0},
                          rule = {"rule", PARAM_TEXT, NULL, 0, 0},
                          since = {"since", PARAM_MOMENT, NULL, 0, 0},
                          push = {"push", PARAM_TEXT, NULL, 0, 0},
                          to = {"to", PARAM_TEXT, NULL, 0, 0},
                          all_of_them = {"all", PARAM_WORD, yes_no, 0, 0},
                          stage = {"stage", PARAM_WORD, stages, 0, 0},
                          view = {"view", PARAM_WORD, yes_no, 0, 0},
                          words = {"q", PARAM_TEXT, NULL, 0, 0},
                          columns = {"columns", PARAM_TEXT, NULL, 0, 0},
                          show = {"show", PARAM_WORD, shows, 0, 0};

/* ---- The table. Of a kind's records, its own readers and writers (kinds.c) are asked as well. */

enum {
    READERS = ROLES_STAFF | ROLE_OFFICIAL | ROLE_ADMINISTRATOR,
    WRITERS = ROLES_STAFF | ROLE_ADMINISTRATOR,
    RECEIVERS = READERS | ROLE_ENTERPRISE,
    RULERS = ROLE_ADMINISTRATOR | ROLE_MANAGER,
    KEEPERS = ROLE_OFFICIAL |
              ROLE_ADMINISTRATOR, /* of snapshots and the ledger, which are of every agency */
};

/* clang-format off */
static const struct route routes[] = {
    {.name = "openapi", .method = "GET", .path = "/v1/openapi.json", .handle = probes_openapi,
     .summary = "This description"},
    {.name = "metrics", .method = "GET", .path = "/metrics", .handle = probes_metrics,
     .summary = "Counts for Prometheus, to this machine alone"},

    {.name = "answer.show", .method = "GET", .path = "/a/{token}", .handle = answers_show, .summary = "The page behind a push's signed link"},
    {.name = "answer.give", .method = "POST", .path = "/a/{token}", .body = BODY_FORM, .writes = true, .handle = answers_give,
     .summary = "Answers a push by its signed link"},
    {.name = "stop.show", .method = "GET", .path = "/u/{token}", .handle = answers_show, .summary = "The same page"},
    {.name = "stop.give", .method = "POST", .path = "/u/{token}", .body = BODY_FORM, .writes = true, .handle = answers_stop,
     .summary = "No more pushes of this agency: one click of a mail program (RFC 8058)"},

    {.name = "session.sign-in", .method = "POST", .path = "/v1/session", .body = BODY_JSON, .writes = true, .handle = session_sign_in,
     .summary = "Signs in by name and password"},
    {.name = "session.link", .method = "POST", .path = "/v1/session/link", .body = BODY_JSON, .writes = true, .handle = session_link,
     .summary = "Signs in by the link of an invitation or a push, once"},
    {.name = "session.show", .method = "GET", .path = "/v1/session", .roles = ROLES_ALL, .handle = session_show,
     .summary = "Who asks, and what a page needs to ask further"},
    {.name = "session.end", .method = "DELETE", .path = "/v1/session", .roles = ROLES_ALL, .writes = true, .handle = session_end,
     .summary = "Signs out"},
    {.name = "sessions.list", .method = "GET", .path = "/v1/sessions", .roles = ROLES_ALL, .handle = sessions_list,
     .summary = "One's own sessions that go on"},
    {.name = "sessions.end", .method = "DELETE", .path = "/v1/sessions", .roles = ROLES_ALL, .writes = true, .handle = sessions_end,
     .summary = "Signs out everywhere"},
    {.name = "session.password", .method = "POST", .path = "/v1/session/password", .roles = ROLES_ALL, .body = BODY_JSON, .writes = true,
     .handle = session_password, .summary = "Changes one's own password, or makes an enterprise's account"},
    {.name = "session.totp", .method = "POST", .path = "/v1/session/totp", .roles = ROLES_ALL, .body = BODY_JSON, .writes = true,
     .handle = session_totp, .summary = "One-time codes of one's own: a secret, then a code that confirms it"},
    {.name = "session.totp-remove", .method = "POST", .path = "/v1/session/totp/remove", .roles = ROLES_ALL, .body = BODY_JSON,
     .writes = true, .handle = session_totp_remove, .summary = "No more one-time codes"},
    {.name = "invitation.show", .method = "GET", .path = "/s/{token}", .handle = invitations_show, .summary = "The page behind an invitation"},
    {.name = "invitation.use", .method = "POST", .path = "/s/{token}", .body = BODY_FORM, .writes = true, .handle = invitations_use,
     .summary = "Signs in by an invitation, once"},
    {.name = "invitations.make", .method = "POST", .path = "/v1/invitations", .roles = WRITERS, .body = BODY_JSON, .writes = true,
     .handle = invitations_make, .params = {&agency}, .summary = "Invites an enterprise: a link by which it signs in, once"},

    {.name = "users.list", .method = "GET", .path = "/v1/users", .roles = RULERS, .handle = users_list,
     .params = {&agency, &limit, &after}, .summary = "Accounts, by name"},
    {.name = "users.get", .method = "GET", .path = "/v1/users/{user}", .roles = RULERS, .tags = true, .handle = users_get,
     .summary = "One account"},
    {.name = "users.add", .method = "POST", .path = "/v1/users", .roles = RULERS, .body = BODY_JSON, .writes = true, .handle = users_add,
     .params = {&agency}, .summary = "Adds an account; its password is told once"},
    {.name = "users.change", .method = "PUT", .path = "/v1/users/{user}", .roles = RULERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .tags = true, .handle = users_change, .params = {&agency}, .summary = "Another role, out of use, or back"},
    {.name = "users.password", .method = "POST", .path = "/v1/users/{user}/password", .roles = RULERS, .body = BODY_JSON, .writes = true,
     .handle = users_password, .summary = "Another password, told once"},
    {.name = "users.totp-remove", .method = "POST", .path = "/v1/users/{user}/totp/remove", .roles = RULERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = users_totp_remove, .summary = "No more one-time codes for somebody who lost them"},
    {.name = "users.sessions-end", .method = "DELETE", .path = "/v1/users/{user}/sessions", .roles = RULERS, .writes = true,
     .handle = users_sessions_end, .summary = "Signs somebody out everywhere"},
    {.name = "users.remove", .method = "POST", .path = "/v1/users/{user}/remove", .roles = RULERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = users_remove, .summary = "Ends an account for ever"},

    {.name = "keys.list", .method = "GET", .path = "/v1/keys", .roles = RULERS, .handle = keys_list, .params = {&agency},
     .summary = "Keys of the interface, without their secrets"},
    {.name = "keys.make", .method = "POST", .path = "/v1/keys", .roles = RULERS, .body = BODY_JSON, .writes = true, .handle = keys_make,
     .params = {&agency}, .summary = "A key for an agency's own programs, told once"},
    {.name = "keys.revoke", .method = "POST", .path = "/v1/keys/{id}/revoke", .roles = RULERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = keys_revoke, .params = {&agency}, .summary = "Ends a key"},
    {.name = "endpoints.list", .method = "GET", .path = "/v1/endpoints", .roles = WRITERS, .handle = endpoints_list, .params = {&agency},
     .summary = "Where enterprises receive pushes, beside the inbox"},
    {.name = "endpoints.set", .method = "PUT", .path = "/v1/endpoints/{uscc}/{channel}", .roles = RULERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = endpoints_set, .params = {&agency}, .summary = "Sets up a channel of an enterprise, or changes it"},
    {.name = "endpoints.roll", .method = "POST", .path = "/v1/endpoints/{uscc}/{channel}/roll", .roles = RULERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = endpoints_roll, .params = {&agency}, .summary = "Another secret for a webhook; both sign for a while"},
    {.name = "endpoints.off", .method = "POST", .path = "/v1/endpoints/{uscc}/{channel}/off", .roles = RULERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = endpoints_off, .params = {&agency}, .summary = "Turns a channel of an enterprise off"},
    {.name = "endpoints.on", .method = "POST", .path = "/v1/endpoints/{uscc}/{channel}/on", .roles = RULERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = endpoints_on, .params = {&agency}, .summary = "Turns on what it had last"},
    {.name = "endpoints.test", .method = "POST", .path = "/v1/endpoint-tests", .roles = RULERS, .body = BODY_JSON, .writes = true,
     .handle = endpoints_test, .params = {&agency}, .summary = "Sends one test message over a channel, and says what the other side answered"},
    {.name = "feeds.list", .method = "GET", .path = "/v1/feeds", .roles = WRITERS, .handle = feeds_list, .params = {&agency},
     .summary = "Where records come from by themselves, and how the last look went"},

    {.name = "feeds.add", .method = "POST", .path = "/v1/feeds", .roles = RULERS, .body = BODY_JSON, .repeats = true, .writes = true,
     .handle = feeds_add, .params = {&agency}, .summary = "An address that is looked at from now on"},
    {.name = "feeds.change", .method = "PUT", .path = "/v1/feeds/{feed}", .roles = RULERS, .body = BODY_JSON, .repeats = true, .writes = true,
     .handle = feeds_change, .params = {&agency}, .summary = "Another rhythm or other options; looked at at once, also one that was turned off"},
    {.name = "feeds.off", .method = "POST", .path = "/v1/feeds/{feed}/off", .roles = RULERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = feeds_end, .params = {&agency}, .summary = "Turns a feed off"},

    {.name = "leads.list", .method = "GET", .path = "/v1/leads", .roles = READERS, .handle = leads_list,
     .params = {&agency, &state, &need, &patent, &limit, &after}, .summary = "Leads, best first"},
    {.name = "leads.get", .method = "GET", .path = "/v1/leads/{lead}", .roles = READERS, .recall = leads_recall, .handle_many = leads_get,
     .summary = "One lead"},
    {.name = "leads.accept", .method = "POST", .path = "/v1/leads/{lead}/accept", .roles = ROLES_STAFF, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = leads_accept, .params = {&agency}, .summary = "Accepts a lead: it is pushed when its turn comes"},
    {.name = "leads.reject", .method = "POST", .path = "/v1/leads/{lead}/reject", .roles = ROLES_STAFF, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = leads_reject, .params = {&agency}, .summary = "Rejects a lead"},
    {.name = "leads.detail", .method = "GET", .path = "/v1/leads/{lead}/detail", .roles = READERS, .handle = leads_detail,
     .params = {&agency}, .summary = "One lead with what its need and its patent say, and where they agree"},
    {.name = "leads.accept-likely", .method = "POST", .path = "/v1/leads/accept-likely", .roles = ROLES_STAFF, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = leads_accept_likely, .params = {&agency}, .summary = "Accepts every proposed lead from a probability on"},
    {.name = "leads.take-back", .method = "POST", .path = "/v1/leads/take-back", .roles = ROLES_STAFF, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = leads_take_back, .params = {&agency}, .summary = "Takes back what one decided a moment ago"},
    {.name = "leads.why-not", .method = "GET", .path = "/v1/leads/{lead}/why-not", .roles = READERS, .handle = leads_why_not,
     .params = {&agency, &patent}, .summary = "Why a patent is no lead of a need, or was not pushed"},

    {.name = "who.find", .method = "GET", .path = "/v1/who", .roles = READERS, .handle = leads_who,
     .params = {&agency, &who, &need, &patent, &limit}, .summary = "Who can help: experts or institutions for a need or a patent, enterprises for a patent"},

    {.name = "pushes.list", .method = "GET", .path = "/v1/pushes", .roles = RECEIVERS, .handle = pushes_list,
     .params = {&agency, &enterprise, &limit, &after}, .summary = "Pushes, newest first"},
    {.name = "pushes.get", .method = "GET", .path = "/v1/pushes/{push}", .roles = RECEIVERS, .handle = pushes_get,
     .params = {&agency}, .summary = "One push, with what happened to it"},
    {.name = "pushes.story", .method = "GET", .path = "/v1/pushes/{push}/story", .roles = RECEIVERS, .handle = inbox_story,
     .params = {&agency}, .summary = "What a push is about, word by word, and what came of it"},
    {.name = "pushes.opened", .method = "POST", .path = "/v1/pushes/{push}/opened", .roles = ROLE_ENTERPRISE, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = inbox_opened, .summary = "Somebody of the enterprise, signed in, opened the push"},
    {.name = "because.list", .method = "GET", .path = "/v1/because", .roles = ROLES_ALL, .handle = inbox_because,
     .summary = "Why an enterprise answered as it did: the codes, in words"},
    {.name = "deliveries.list", .method = "GET", .path = "/v1/deliveries", .roles = READERS, .handle = pushes_deliveries,
     .params = {&agency, &push, &enterprise, &since, &limit, &after}, .summary = "Every attempt to deliver a push, newest first"},
    {.name = "dead-letters.list", .method = "GET", .path = "/v1/dead-letters", .roles = READERS, .handle = dead_letters_list,
     .params = {&agency, &limit}, .summary = "Pushes that could not be delivered, and why, the latest first"},
    {.name = "dead-letters.replay", .method = "POST", .path = "/v1/dead-letters/replay", .roles = WRITERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = dead_letters_replay, .params = {&agency}, .summary = "Sends them once more, under the same ids"},
    {.name = "feedback.list", .method = "GET", .path = "/v1/feedback", .roles = RECEIVERS, .handle = feedback_list,
     .params = {&agency, &answer, &limit, &after}, .summary = "Answers to pushes, newest first"},
    {.name = "feedback.give", .method = "POST", .path = "/v1/feedback", .roles = ROLES_STAFF | ROLE_ENTERPRISE, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = feedback_give, .params = {&agency}, .summary = "Records what an enterprise answered"},

    {.name = "follow-ups.list", .method = "GET", .path = "/v1/follow-ups", .roles = READERS, .handle = follow_ups_list,
     .params = {&agency, &stage, &limit}, .summary = "Leads that enterprises are interested in, and how far each has come"},
    {.name = "follow-ups.get", .method = "GET", .path = "/v1/follow-ups/{lead}", .roles = READERS, .tags = true, .handle = follow_ups_get,
     .params = {&agency}, .summary = "One of them, with the steps it took"},
    {.name = "follow-ups.change", .method = "PUT", .path = "/v1/follow-ups/{lead}", .roles = ROLES_STAFF, .body = BODY_JSON, .repeats = true,
     .writes = true, .tags = true, .handle = follow_ups_change, .params = {&agency}, .summary = "Another stage, day or deal, or a note"},

    {.name = "own.wishes", .method = "GET", .path = "/v1/own/wishes", .roles = ROLE_ENTERPRISE, .handle = own_wishes_show,
     .summary = "How many pushes an enterprise wants, and when not"},
    {.name = "own.wishes-put", .method = "PUT", .path = "/v1/own/wishes", .roles = ROLE_ENTERPRISE, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = own_wishes_put, .summary = "Changes one's own wishes about pushes"},
    {.name = "own.resume", .method = "POST", .path = "/v1/own/resume", .roles = ROLE_ENTERPRISE, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = own_resume_pushes, .summary = "Takes \"stop\" back: the agency's pushes are wanted again"},
    {.name = "own.needs", .method = "GET", .path = "/v1/own/needs", .roles = ROLE_ENTERPRISE, .handle = own_needs_list,
     .params = {&limit, &after}, .summary = "An enterprise's own needs, the latest first"},
    {.name = "own.need-put", .method = "PUT", .path = "/v1/own/needs/{need}", .roles = ROLE_ENTERPRISE, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = own_needs_put, .params = {&lang}, .summary = "Posts a need of one's own, or says it anew"},
    {.name = "own.need-close", .method = "POST", .path = "/v1/own/needs/{need}/close", .roles = ROLE_ENTERPRISE, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = own_needs_close, .summary = "Ends a need of one's own"},
    {.name = "own.look", .method = "POST", .path = "/v1/own/look", .roles = ROLE_ENTERPRISE, .body = BODY_JSON, .handle = own_needs_look,
     .summary = "What a text lacks to be matched by, and which patents it finds"},
    {.name = "own.lookups", .method = "POST", .path = "/v1/own/lookups", .roles = ROLE_ENTERPRISE, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = own_lookups_make, .summary = "A patent of the agency by its number; that it was looked up is kept"},

    {.name = "bounces.take", .method = "POST", .path = "/v1/bounces", .roles = ROLES_STAFF, .body = BODY_MAIL, .writes = true,
     .handle = bounces_take, .params = {&agency, &to}, .summary = "Takes a mail server's report about a push that went out as mail"},

    {.name = "decisions.list", .method = "GET", .path = "/v1/decisions", .roles = READERS, .handle = decisions_list,
     .params = {&agency, &kind, &key, &limit, &after}, .summary = "Officials' decisions, newest first"},
    {.name = "decisions.make", .method = "POST", .path = "/v1/decisions", .roles = ROLE_OFFICIAL, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = decisions_make, .params = {&agency}, .summary = "Decides on records of an agency"},
    {.name = "decisions.waiting", .method = "GET", .path = "/v1/decisions/waiting", .roles = READERS, .handle = decisions_waiting,
     .params = {&agency}, .summary = "Decisions that wait for a second official, the latest first"},
    {.name = "parameters.list", .method = "GET", .path = "/v1/parameters/{policy}", .roles = READERS, .handle = parameters_list,
     .summary = "What officials decided on a policy's parameters, in its order"},
    {.name = "parameters.decide", .method = "POST", .path = "/v1/parameters/{policy}", .roles = ROLE_OFFICIAL, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = parameters_decide, .summary = "Decides on a parameter of a policy"},

    {.name = "documents.list", .method = "GET", .path = "/v1/documents", .roles = READERS, .handle = documents_list,
     .params = {&agency, &kind, &key}, .summary = "Papers handed in, in the order of attaching"},
    {.name = "documents.get", .method = "GET", .path = "/v1/documents/{digest}", .roles = READERS, .handle = documents_get,
     .params = {&agency, &view}, .summary = "The file of a paper, by its SHA-256"},
    {.name = "documents.attach", .method = "POST", .path = "/v1/documents", .roles = WRITERS, .body = BODY_PAPER, .writes = true,
     .handle = documents_attach, .params = {&agency, &kind, &key, &file, &paper}, .summary = "Hands in a paper for a fact: the body is the file"},

    {.name = "track", .method = "GET", .path = "/v1/track", .roles = READERS, .handle = tracking_track,
     .params = {&agency, &policy, &as_of, &known_at}, .summary = "Figures of a policy"},
    {.name = "forecast", .method = "GET", .path = "/v1/forecast", .roles = READERS, .handle = tracking_forecast,
     .params = {&agency, &policy, &as_of, &known_at}, .summary = "The same figures, with when each open threshold will be met"},
    {.name = "applications.make", .method = "POST", .path = "/v1/applications", .roles = ROLE_ADMINISTRATOR | ROLE_MANAGER, .body = BODY_JSON,
     .writes = true, .handle = applications_make, .params = {&agency}, .summary = "The application file of a clause; a snapshot is taken for it"},
    {.name = "evidence", .method = "GET", .path = "/v1/evidence/{policy}/{metric}", .roles = READERS, .handle = tracking_rows,
     .params = {&agency, &as_of, &known_at, &show, &limit, &after}, .summary = "The rows behind a number, and those left out"},

    {.name = "changes", .method = "GET", .path = "/v1/changes/{policy}/{metric}", .roles = READERS, .handle = changes_list,
     .params = {&agency, &before, &before_known_at, &as_of, &known_at, &limit, &after},
     .summary = "What a number counts on one day and not on another, and why"},
    {.name = "policies.list", .method = "GET", .path = "/v1/policies", .roles = READERS, .handle = policies_list,
     .summary = "The policies that there are"},
    {.name = "words", .method = "GET", .path = "/v1/words", .roles = ROLES_ALL, .handle = words_show,
     .summary = "What codes of reasons and states mean, in both languages"},
    {.name = "charts", .method = "GET", .path = "/v1/charts", .roles = READERS, .handle = charts_show, .params = {&agency},
     .summary = "Numbers for charts: pushes and what became of them, needs by section, late records"},

    {.name = "snapshots.list", .method = "GET", .path = "/v1/snapshots", .roles = KEEPERS, .handle = snapshots_list,
     .summary = "Official snapshots, in their order"},
    {.name = "snapshots.take", .method = "POST", .path = "/v1/snapshots", .roles = ROLE_OFFICIAL, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = snapshots_take, .summary = "Takes a snapshot: the figures, and every row behind them, signed"},
    {.name = "snapshots.file", .method = "GET", .path = "/v1/snapshots/{snapshot}", .roles = KEEPERS, .handle = snapshots_file,
     .summary = "A snapshot in one file, which can be checked without any server"},
    {.name = "ledger.head", .method = "GET", .path = "/v1/ledger/head", .roles = KEEPERS, .handle = ledger_head_show,
     .summary = "The head of ledger and snapshots, for the official to keep"},
    {.name = "ledger.verify", .method = "POST", .path = "/v1/ledger/verify", .roles = KEEPERS, .body = BODY_JSON, .handle = ledger_verify,
     .summary = "Begins to look whether everything is as the ledger and the snapshots say"},
    {.name = "ledger.verified", .method = "GET", .path = "/v1/ledger/verify", .roles = KEEPERS, .handle = ledger_verified,
     .summary = "How that goes, and what was found"},
    {.name = "oddities.list", .method = "GET", .path = "/v1/oddities", .roles = KEEPERS, .handle = oddities_list,
     .params = {&agency, &policy, &rule}, .summary = "What looks odd in the records: shown, not judged"},
    {.name = "oddities.look", .method = "POST", .path = "/v1/oddities", .roles = ROLE_OFFICIAL, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = oddities_look, .summary = "Says that an oddity was looked at, with a word why"},

    {.name = "batches.list", .method = "GET", .path = "/v1/batches", .roles = READERS, .handle = batches_list,
     .params = {&agency, &kind, &limit, &after}, .summary = "Loads, the latest first"},
    {.name = "batches.get", .method = "GET", .path = "/v1/batches/{batch}", .roles = READERS, .handle = batches_get,
     .params = {&agency}, .summary = "One load, with its counts"},
    {.name = "batches.refusals", .method = "GET", .path = "/v1/batches/{batch}/refusals", .roles = READERS, .handle = batches_refusals,
     .params = {&agency, &lang, &limit, &after}, .summary = "The rows that a load refused, each with its reason"},
    {.name = "batches.refused-file", .method = "GET", .path = "/v1/batches/{batch}/refused.xlsx", .roles = READERS,
     .handle = batches_refused_file, .params = {&agency, &lang}, .summary = "The same rows as a workbook, to be mended and loaded"},
    {.name = "batches.settle", .method = "POST", .path = "/v1/batches/{batch}/refusals/{place}/settle", .roles = WRITERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = batches_settle, .params = {&agency, &held_since, &lang},
     .summary = "Loads a refused row that was mended, or sets it aside"},
    {.name = "loads.progress", .method = "GET", .path = "/v1/progress/{load}", .roles = WRITERS, .handle = loads_progress,
     .summary = "How far a load has come that one began: server-sent events"},
    {.name = "today", .method = "GET", .path = "/v1/today", .roles = READERS, .handle = desk_today, .params = {&agency},
     .summary = "What waits for an agency"},
    {.name = "batches.undo", .method = "POST", .path = "/v1/batches/{batch}/undo", .roles = WRITERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = batches_undo, .params = {&agency}, .summary = "Takes back what a load brought"},

    {.name = "reviews.list", .method = "GET", .path = "/v1/reviews", .roles = WRITERS, .handle = reviews_list,
     .params = {&agency, &all_of_them}, .summary = "Rows without a credit code that bear a known organisation's name"},
    {.name = "reviews.accept", .method = "POST", .path = "/v1/reviews/{review}/accept", .roles = ROLES_STAFF, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = reviews_accept, .params = {&agency}, .summary = "It is that organisation: the row is loaded"},
    {.name = "reviews.reject", .method = "POST", .path = "/v1/reviews/{review}/reject", .roles = ROLES_STAFF, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = reviews_reject, .params = {&agency}, .summary = "It is another organisation"},
    {.name = "reviews.undo", .method = "POST", .path = "/v1/reviews/{review}/undo", .roles = ROLES_STAFF, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = reviews_undo, .params = {&agency}, .summary = "Takes back what was said of the row"},

    {.name = "mappings.list", .method = "GET", .path = "/v1/mappings", .roles = WRITERS, .handle = mappings_list,
     .params = {&agency, &kind}, .summary = "Mappings of columns to fields that an agency keeps"},
    {.name = "mappings.keep", .method = "PUT", .path = "/v1/mappings/{kind}/{name}", .roles = WRITERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .handle = mappings_keep, .params = {&agency}, .summary = "Keeps a mapping for files with this header"},
    {.name = "mappings.remove", .method = "POST", .path = "/v1/mappings/{kind}/{name}/remove", .roles = WRITERS, .body = BODY_JSON,
     .repeats = true, .writes = true, .handle = mappings_remove, .params = {&agency}, .summary = "Forgets a mapping"},

    {.name = "records.preview", .method = "POST", .path = "/v1/{records}:preview", .roles = WRITERS, .body = BODY_FILE,
     .writes = true, .handle = records_preview, .params = {&agency, &lang}, .summary = "What a file would become: columns, and its first records"},
    {.name = "records.load", .method = "POST", .path = "/v1/{records}:load", .roles = WRITERS, .body = BODY_FILE, .repeats = true,
     .writes = true, .handle = records_load, .params = {&agency, &held_since, &dry_run, &lang, &file, &progress}, .summary = "Loads a file of records"},
    {.name = "records.export", .method = "GET", .path = "/v1/{records}:export", .roles = READERS, .filters = true, .handle = registers_export,
     .params = {&agency, &recorded_since, &words, &columns}, .summary = "The same list as a workbook"},
    {.name = "records.linked", .method = "GET", .path = "/v1/{records}:linked", .roles = READERS, .handle = registers_linked,
     .params = {&agency, &key, &limit}, .summary = "Everything that a record is linked to"},
    {.name = "records.list", .method = "GET", .path = "/v1/{records}", .roles = READERS, .filters = true, .handle = records_list,
     .params = {&agency, &recorded_since, &words, &columns, &limit, &after}, .summary = "Records of a kind, by their ids, or those that words find"},
    {.name = "records.get", .method = "GET", .path = "/v1/{records}/{key}", .roles = READERS, .tags = true, .handle = records_get,
     .params = {&agency}, .summary = "One record as stored"},
    {.name = "records.put", .method = "PUT", .path = "/v1/{records}/{key}", .roles = WRITERS, .body = BODY_JSON, .repeats = true,
     .writes = true, .tags = true, .handle = records_put, .params = {&agency, &held_since, &lang}, .summary = "Adds a record, or changes it"},
};
/* clang-format on */

const struct route *daemon_routes(size_t *count)
{
    *count = G_N_ELEMENTS(routes);
    return routes;
}

/* ---- The same as JSON */

static json_t *names_of(unsigned roles)
{
    json_t *names = json_array();
    for (unsigned role = 1; role <= ROLE_ENTERPRISE; role <<= 1)
        if (roles & role)
            json_array_append_new(names, json_string(role_name(role)));
    return names;
}

static json_t *params_of(const struct route *route)
{
    static const char *const types[] = {[PARAM_TEXT] = "text",
                                        [PARAM_WORD] = "word",
                                        [PARAM_NUMBER] = "number",
                                        [PARAM_DAY] = "day",
                                        [PARAM_MOMENT] = "moment"};
    json_t *params = json_object();
    for (size_t i = 0; i < ROUTE_PARAMS_MOST && route->params[i]; i++)
        json_object_set_new(params, route->params[i]->name,
                            json_string(types[route->params[i]->type]));
    return params;
}

static json_t *describe_route(const struct route *route)
{
    static const char *const bodies[] = {
        [BODY_NONE] = "none", [BODY_JSON] = "json",   [BODY_FILE] = "file",
        [BODY_FORM] = "form", [BODY_PAPER] = "paper", [BODY_MAIL] = "mail"};
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:b, s:b, s:b, s:b, s:o, s:s}", "name",
                     route->name, "method", route->method, "path", route->path, "roles",
                     names_of(route->roles), "body", bodies[route->body], "repeats",
                     (int)route->repeats, "writes", (int)route->writes, "filters",
                     (int)route->filters, "tags", (int)route->tags, "params", params_of(route),
                     "summary", route->summary);
}

static json_t *describe_kind(const struct kind_of_record *one)
{
    json_t *filters = json_array();
    for (const char *const *name = one->filters; *name; name++)
        json_array_append_new(filters, json_string(*name));
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o}", "kind", one->name, "plural", one->plural,
                     "fact", (int)one->fact, "readers", names_of(one->readers), "writers",
                     names_of(one->writers), "filters", filters);
}

json_t *daemon_describe(void)
{
    size_t count;
    struct kind_of_record *of_records = daemon_kinds(&count);
    json_t *all = json_array(), *kinds = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++)
        json_array_append_new(all, describe_route(&routes[i]));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(kinds, describe_kind(&of_records[i]));
    daemon_kinds_free(of_records, count);
    return json_pack("{s:o, s:o}", "routes", all, "kinds", kinds);
}
