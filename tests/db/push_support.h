/* push_support.h - what the tests of pushing share: an agency, enterprises, patents, leads, a receiver.
 *
 * Enterprises are numbered 1…, their needs 100 + number, patents 1000…; a lead joins a patent and a need. */
#pragma once
#include "service/push/push.h"
#include "tests/support/testdb.h"

enum { SUPPORT_AGENCY = 7 };

struct support {
    struct db *db;
    char *folder; /* of its own; removed at the end */
    char *secret_file, *log_file, *port_file;
    struct seal_key key;
    pid_t receiver;
    int port;
    char *allow_private; /* "127.0.0.1:PORT" */
};
extern struct support support;

/* For TestSuite's .init and .fini. */
void support_begin(void);
void support_end(void);

void given_enterprise(int number, const char *wishes); /* and its need; wishes: JSON */
void given_lead(int patent, int enterprise, double fit, const char *state); /* and its patent */
/* The receiver, told how to misbehave (answers: NULL-ended, "--answer" and "--retry-after" with their values, or NULL). On the same
 * port when it ran before. */
void given_receiver(const char *const answers[]);
void stop_receiver(int signal);
/* A webhook to the receiver, or to another address. */
void given_webhook(int enterprise, const char *url);

/* Options that allow all but what was stopped or pushed before; quiet hours ignored; now: NULL for the server's clock. */
struct push_options support_options(const char *now);
/* One run, or its first half; fails the test when it fails. The report is the support's. */
struct push_report support_run(const struct push_options *options);
struct push_report support_make(const struct push_options *options);
/* How many lines of the receiver's log say so; NULL: any. */
int logged(const char *field, bool value);
/* How many different ids the receiver took. */
int logged_ids(void);
