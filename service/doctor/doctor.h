/* doctor.h - what is wrong with an installation, and what to do about it. It looks and changes nothing.
 *
 * Each doctor_…() below looks at one subject and adds what it finds. A finding is {code, subject, level, what, do, detail}: the
 * code is one of the table in words.c, which has its sentences. */
#pragma once
#include "service/cli/app.h"

struct doctor {
    struct app *app;
    struct db *db;    /* NULL: not reached; app's */
    bool schema;      /* the database has this program's schema */
    json_t *findings; /* owned */
    int patience_s;   /* how long a transaction, or a piece of work, may take */
    guint64 room_mb;  /* free space that a file system must have */
    bool connect;     /* try the channels, too */
};

/* What there is to look at, in the order in which it is told. */
extern const char *const doctor_subjects[]; /* NULL at the end */

/* Looks at everything. */
void doctor_look(struct doctor *doctor);
void doctor_clear(struct doctor *doctor);

/* Adds a finding; `detail`: which one, how many, what the system said. */
void doctor_add(struct doctor *doctor, const char *code, const char *detail);
void doctor_addf(struct doctor *doctor, const char *code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* Adds a list of {code, detail}, or, where there is no list, that looking failed. Takes the list's reference. */
void doctor_add_all(struct doctor *doctor, json_t *rows, GError *why);

/* The level of a code ("fault", "warning"), and its sentences in the language of the app. */
struct doctor_words {
    const char *code, *subject;
    bool
        fault; /* something does not work; else: it will not for long, or is not as it should be */
    const char *what, *act, *what_zh, *act_zh;
};
const struct doctor_words *doctor_words_of(const char *code);

/* ---- The subjects */
void doctor_settings(struct doctor *doctor);
void doctor_database(struct doctor *doctor); /* opens it */
void doctor_records(struct doctor *doctor);
void doctor_files(struct doctor *doctor);
void doctor_channels(struct doctor *doctor);

/* The file or folder that a setting names, or its usual place. The caller frees. */
char *doctor_place(const struct doctor *doctor, const char *setting, const char *usual);
