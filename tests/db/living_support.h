/* living_support.h - what the tests of the living index share: patents of ten trades, stores over one folder, what is found. */
#pragma once
#include "service/steps/living_own.h"
#include "tests/support/testdb.h"

struct living_support {
    struct db *db;
    char *folder;    /* of files; removed at the end */
    GPtrArray *said; /* char *: "LEVEL: LINE" */
};
extern struct living_support living_support;

/* For TestSuite's .init and .fini. */
void living_begin(void);
void living_end(void);

/* Numbers first … first + count - 1, with the word in their titles and texts; the same again changes them. */
void given_patents(int first, int count, const char *word);

/* `beside`: merges have a connection of their own. */
struct living_store *store_of(uint32_t least, uint32_t tail, bool beside);
struct living *caught_up(struct living_store *store);

/* What is found for some needs: "id score owners" a line, best first; the same of an index that is built now. The caller frees. */
char *found(struct living *living);
char *found_anew(void);
void expect_as_anew(struct living *living, const char *when);

/* A store that is caught up and thrown away: its files stay. */
void leave_snapshot(void);
/* The path of the file that ends so; the caller frees. */
char *file_with(const char *suffix);
/* Changes one byte at a share of the file's length, or cuts the rest off. */
void damage(const char *path, double where, bool cut);
