/* tokens.c - an invented collection, already cut into tokens, for tests/bench/match.sh:
 *
 *     tokens DOCS QUERIES FOLDER    writes FOLDER/docs.txt and FOLDER/queries.txt, one text a line, always the same
 *
 * A text is about one of 5,000 subjects, a few subjects are frequent and most rare. Two words in five are anybody's (Zipf's
 * law over 60,000 words), the others belong to its subject (300 words) or the subject's field (2,000 words, 500 fields), a few
 * of them far more often than the rest. One place in four repeats a word that was said before. Documents have some 130 words,
 * queries 60; of the words of a document some 90 differ. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    COMMON = 60000,
    SUBJECTS = 5000,
    FIELDS = 500,
    OF_SUBJECT = 300,
    OF_FIELD = 2000,
    RARE = 240000, /* words that subjects and fields draw theirs from */
    LENGTH_MAX = 600
};

static uint64_t state = 1;

static double uniform(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) * 0x1p-53;
}

static double gauss(void)
{
    return sqrt(-2 * log(uniform() + 1e-12)) * cos(6.283185307179586 * uniform());
}

/* A rank from 0: the chance of rank r falls about as 1 / (r + shift). */
static uint32_t zipf(uint32_t count, double shift)
{
    return (uint32_t)(shift * (pow((count + shift) / shift, uniform()) - 1)) % count;
}

/* The same word for the same owner and rank, without a table. */
static uint32_t word_of(uint32_t owner, uint32_t rank)
{
    uint64_t x = ((uint64_t)owner << 32 | rank) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
    return COMMON + (uint32_t)((x ^ x >> 32) % RARE);
}

static uint32_t pick_word(uint32_t subject)
{
    double kind = uniform();
    if (kind < .42)
        return zipf(COMMON, 4);
    if (kind < .70)
        return word_of(SUBJECTS + subject % FIELDS, zipf(OF_FIELD, 8));
    return word_of(subject, zipf(OF_SUBJECT, 3));
}

static void write_text(FILE *out, double mean, uint32_t least)
{
    static uint32_t said[LENGTH_MAX];
    uint32_t subject = zipf(SUBJECTS, 5);
    double wanted = mean * exp(.35 * gauss());
    uint32_t length = wanted > LENGTH_MAX ? LENGTH_MAX
                      : wanted < least    ? least
                                          : (uint32_t)wanted;
    for (uint32_t i = 0; i < length; i++) {
        said[i] =
            i > 4 && uniform() < .25 ? said[(uint32_t)(uniform() * i)] : pick_word(subject);
        fprintf(out, "%sw%u", i ? " " : "", said[i]);
    }
    fputc('\n', out);
}

static void write_file(const char *folder, const char *name, long count, double mean)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    for (long i = 0; out && i < count; i++)
        write_text(out, mean, 15);
    if (!out || fclose(out) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "use: tokens DOCS QUERIES FOLDER\n");
        return 2;
    }
    write_file(argv[3], "queries.txt", atol(argv[2]), 57);
    write_file(argv[3], "docs.txt", atol(argv[1]), 126);
    return 0;
}
