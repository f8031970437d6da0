/* facts.h - what matching asks of patents beside their texts: owners, dates, status, a sketch. Read from the database once, then
 * kept as a file beside the index (living.h), which is used where it lies.
 *
 *   header   magic, version, whose and up to where (struct facts_mark), sizes, XXH3-64 of the body, its own
 *   items    struct fact, by patent_id, rising
 *   pool     texts, each ended by a zero byte; begins and ends with one
 *
 * A file is never trusted: sizes, checksums, the order of ids and every place in the pool are looked at first. */
#pragma once
#include "matcher/sketch.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    FACT_GONE = -1,   /* as seq: held no more, which only a file of what is newer has to say */
    FACT_FAMILY = '=' /* begins what a family is known by, which stands behind the owners */
};

struct fact {
    int64_t patent_id, seq; /* seq: of its latest change, or FACT_GONE */
    struct sketch sketch;
    uint32_t owners; /* places in the pool; 0: not known */
    uint32_t legal_status, type, application_date;
};

/* What a file of facts was made from. */
struct facts_mark {
    char database[72];  /* of the first entry of the ledger: its digest */
    char ledger[72];    /* digest of the entry below */
    int64_t ledger_seq; /* the latest entry when it was made */
    int64_t patent_seq; /* the latest change that it knows */
    int64_t removals;   /* living.h */
    uint64_t index_key; /* of the index files that belong to it */
    uint64_t identity;  /* of this file alone */
    uint64_t follows;   /* of what is newer than another file: that one's identity; else 0 */
    int32_t agency_id;
    uint32_t part, parts; /* range of ids; 0 of 1: all */
    uint32_t files;       /* index files */
};

struct facts {
    const struct fact *items;
    uint32_t count;
    const char *pool;
    uint32_t pool_size;
    bool is_lent; /* items and pool lie in a file or in somebody else's memory */
    void *map;    /* of a file, which goes with the facts */
    size_t map_size;
};

/* What the filters ask about a patent. Points into facts, or into memory of its own. */
struct held_patent {
    int64_t patent_id, seq;
    const char *owners; /* folded, each ended by a zero byte, one more behind the last */
    const char *legal_status, *type, *application_date; /* NULL: not known */
    struct sketch sketch;
};

struct facts_builder;
struct facts_builder *facts_builder_new(void);
void facts_builder_free(struct facts_builder *builder);
void facts_add(struct facts_builder *builder, const struct held_patent *patent);
/* Takes the builder. Where an id was added more than once, the last holds. */
struct facts *facts_finish(struct facts_builder *builder);
void facts_free(struct facts *facts);

/* The number of a patent, or UINT32_MAX. */
uint32_t facts_find(const struct facts *facts, int64_t patent_id);
struct held_patent facts_get(const struct facts *facts, uint32_t number);

/* Written beside and renamed. G_FILE_ERROR. */
bool facts_save(const struct facts *facts, const struct facts_mark *mark, const char *path,
                GError **error);
/* G_FILE_ERROR, or MATCHER_ERROR_INPUT: the message says what is wrong with the file. */
struct facts *facts_load(const char *path, struct facts_mark *mark, GError **error);
/* The same of bytes that lie in memory, at a multiple of 8; they stay the caller's and must outlive the facts. */
struct facts *facts_view(const void *data, size_t size, struct facts_mark *mark,
                         GError **error);
/* Puts the right checksums into an image of a file, whatever it says; false when it is too short to have any. For tests that
 * must get past them. */
bool facts_reseal(void *data, size_t size);

/* Whether two lists of owners have one in common; and whether they are of one family. */
bool owners_meet(const char *a, const char *b);
bool families_meet(const char *a, const char *b);
/* A list of folded names as such a block; the caller frees. */
char *owners_block(const char *const *names, size_t *len);
/* With the zero byte behind the last. */
size_t owners_block_len(const char *block);

typedef struct facts facts_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts_t, facts_free)
