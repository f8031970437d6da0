/* problem.h - what is wrong with a value, in the words of a clerk: a stable code and one sentence in
 * English and in Chinese. The sentences stand side by side in sentences.c.
 *
 * A problem is a refusal (the row is not loaded) or, where a function says so, a warning.
 * A struct problem owns its texts: problem_clear() frees them; clearing an empty one is fine. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The codes of the load report. Their names are stable; code_name() gives them. */
enum refusal_code {
    CODE_OTHER = 0,
    CODE_MISSING,
    CODE_BAD_NUMBER,
    CODE_BAD_CHECK,
    CODE_BAD_DATE,
    CODE_BAD_VALUE,
    CODE_TOO_LONG,
    CODE_BAD_ENCODING,
    CODE_BAD_STRUCTURE,
    CODE_DUPLICATE_CONFLICT,
    CODE_NOT_FOUND,
    CODE_COUNT
};

/* "bad_number" and so on. */
const char *code_name(enum refusal_code code);

struct problem {
    enum refusal_code code;
    char *en; /* NULL: no problem */
    char *zh;
    const char
        *field; /* of a reference that leads nowhere: the field's name, a constant; else NULL */
    char *value; /* and what stands there */
};

void problem_clear(struct problem *problem);

/* Moves `from` into `to` (clearing what `to` held); `from` is empty afterwards. */
void problem_move(struct problem *to, struct problem *from);

/* The sentence in the language of the reader: Chinese when `chinese`, else English. */
const char *problem_text(const struct problem *problem, bool chinese);
