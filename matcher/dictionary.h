/* dictionary.h - Chinese words with their frequencies, and the most probable way to cut a run of characters into them.
 *
 * A word's cost is ln(total / frequency), in steps of 1/1024: the cheapest sequence of words is the most probable one, when
 * words are taken to be independent. A character that begins no word stands alone at the cost of frequency 1; of equally
 * cheap ways the one with the longer first word is taken. No new words are guessed. (This is what the segmenter jieba does
 * without its hidden Markov model.)
 *
 * The words are a trie, kept as one hash table over its edges:
 *
 *     slots[h(parent, character)] = parent | character | cost of the word that ends here, 0 for none
 *     a node is known by its slot's number + 1; the root is 0
 *
 * Never changes once made, and may be read from many threads. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dictionary {
    uint64_t *slots;
    uint32_t mask; /* slots - 1 */
    uint32_t word_count;
    uint32_t alone; /* cost of an unknown character */
    uint64_t
        digest; /* of the text it was read from: two dictionaries with one digest cut alike */
};

/* Reads lines "word frequency", and whatever follows after another blank. A word with anything but Han characters in it is
 * passed over; of a word that comes twice the last frequency holds. MATCHER_ERROR_INPUT names the line that can't be read, or
 * says that there are no words. Nothing is kept of the text. */
struct dictionary *dictionary_new(const char *text, size_t len, GError **error);
void dictionary_free(struct dictionary *dictionary);

/* Scratch for cutting: dictionary_route fills next[i] with where the word that begins at i ends. All `count` characters are
 * covered: the words are [0, next[0]), [next[0], next[next[0]]), … `costs` needs room for count + 1. */
void dictionary_route(const struct dictionary *dictionary, const gunichar *chars,
                      uint32_t count, uint32_t *costs, uint32_t *next);

typedef struct dictionary match_dictionary;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(match_dictionary, dictionary_free)
