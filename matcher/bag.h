/* bag.h - what one document (or need) says: each of its terms once, with how often and where.
 *
 * A bag is scratch: bag_init once, bag_reset + bag_add_… for each document, bag_clear at the end. Adding a term is one probe
 * of a small hash table; entries keep the order of first appearance. */
#pragma once
#include "matcher/terms.h"

/* A document as the matcher takes it. Nothing is kept of it but numbers: the strings may go after the call. */
struct document {
    int64_t id;           /* any number, no two alike in an index; ties go to the smaller */
    const char *title;    /* UTF-8, or NULL */
    const char *abstract; /* UTF-8, or NULL */
    const char *const *
        classes; /* IPC, CPC and Locarno symbols in any spelling; what can't be read is passed over */
    size_t class_count;
};

struct bag_entry {
    uint64_t hash;
    uint32_t in_title; /* how often */
    uint32_t in_text;  /* how often in the abstract, or anywhere in a need */
    uint8_t
        level; /* 0: a term; 1 (section) to 5 (group): a place in a classification, always counted once */
    uint8_t kind; /* enum term_kind */
};

struct bag {
    struct bag_entry *entries;
    uint32_t count, room;
    uint32_t *slots; /* entry + 1, or 0; twice as many as room, a power of two */
    uint32_t title_terms[TERM_KINDS],
        text_terms[TERM_KINDS]; /* terms added, repeats included; places are not counted */
    struct terms_reader *reader;
    GArray *terms; /* scratch for reading */
};

void bag_init(struct bag *bag, const struct dictionary *dictionary); /* which may be NULL */
void bag_clear(struct bag *bag);
void bag_reset(struct bag *bag);

void bag_add_term(struct bag *bag, uint64_t hash, enum term_kind kind, bool in_title);
void bag_add_token(struct bag *bag,
                   uint64_t hash); /* one of a text that somebody else has cut */
void bag_add_symbol(struct bag *bag, const char *symbol); /* the places on the way down to it */
void bag_add_document(struct bag *bag, const struct document *document);

/* The number of the entry of a hash; UINT32_MAX when it has none. */
uint32_t bag_find(const struct bag *bag, uint64_t hash);
