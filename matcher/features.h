/* features.h - a short text as a vector, for telling which class it belongs to (classify.h).
 *
 * Three blocks of features: words of the dictionary and stems, pairs (both as in terms.h), and single Han characters. Of a
 * feature that a text has f times, in a collection of N texts of which df have it:
 *
 *     value = (1 + ln f) · (ln((1 + N)/(1 + df)) + 1), each block then scaled to length 1, and all of it by 1/√3
 *
 * A feature that no text of the collection has is left out. */
#pragma once
#include "matcher/terms.h"

enum { FEATURE_BLOCKS = 3 };

struct feature {
    uint32_t id;
    float value;
};

/* All features that have been met. Ids count from 0 in the order of first appearance. */
struct vocabulary {
    uint32_t count, room;
    uint64_t *hashes; /* of each feature; its block is in it */
    uint32_t *docs;   /* df */
    uint8_t *blocks;
    uint32_t texts;  /* N */
    uint32_t *slots; /* hash table: id + 1, or 0; twice as many as room, a power of two */
    struct terms_reader *reader;
    GArray *terms; /* scratch */
};

void vocabulary_init(struct vocabulary *v, const struct dictionary *dictionary);
void vocabulary_clear(struct vocabulary *v);

/* The features of a text, by id, rising; value is how often. With `learn` new features are added to the vocabulary. It may be
 * called again for the same `out`, which is emptied first. */
void vocabulary_read(struct vocabulary *v, const char *text, bool learn, GArray *out);

/* Counts a text that was read into df and N, or takes it out again (sign -1). */
void vocabulary_count(struct vocabulary *v, const struct feature *features, uint32_t count,
                      int sign);

/* Turns times into values. Features without df are dropped; returns how many are left. */
uint32_t vocabulary_weigh(const struct vocabulary *v, struct feature *features, uint32_t count);

/* Adds a feature by its hash (a vocabulary that is read from a file). */
void vocabulary_add(struct vocabulary *v, uint64_t hash, uint8_t block, uint32_t docs);
