/* inference.h - what the commands `classify` and `train` share: reading texts whose classes are known, and asking about texts. */
#pragma once
#include "matcher/classify.h"
#include <stdio.h>

enum { CLASSIFY_K = 3 }; /* how many subclasses a text gets when nobody says */

struct inference_sources {
    char **
        train; /* JSON Lines: title, abstract (may be absent), ipc or ipc_subclasses; NULL-ended, may be NULL */
    const char *
        scheme; /* columns symbol … title_zh with a header line, as the IPC is published; may be NULL */
    const struct dictionary *dictionary;
};

struct inference_report {
    uint32_t texts;   /* learned from, with the scheme's subclasses */
    uint32_t skipped; /* rows without a subclass or without a text */
};

/* NULL with an error that names file, line and reason. A text that comes again with the same title is learned again. */
struct classifier *inference_train(const struct inference_sources *sources,
                                   struct inference_report *report, GError **error);

/* A model that was kept by `train`. Refused when it is torn, foreign, or made with another dictionary. */
struct classifier *inference_load(const char *path, const struct dictionary *dictionary,
                                  GError **error);

/* Learned from the patents of the sample that comes with the program, which is invented: enough to try things out. */
struct classifier *inference_default(const struct dictionary *dictionary, GError **error);

/* For each query (a header line, then `qid<TAB>text`) writes the k most probable subclasses, `qid<TAB>subclass<TAB>probability`,
 * best first. A text in which nothing is known gets no line. */
bool inference_run(struct classifier *classifier, const char *queries, int k, FILE *out,
                   GError **error);
