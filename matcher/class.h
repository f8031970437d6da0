/* class.h - IPC and CPC symbols such as "G06F 17/30", and Locarno classes such as "02-04".
 *
 * Pure: no I/O, no clock, no globals. The structs own nothing and may be copied.
 *
 *   G      06     F         17          /30
 *   section class subclass  main group  group       levels 1 to 5; a symbol may end at any of them
 *
 * Read are all spellings met in exports: G06F17/30, "G06F 17/30", E01B3/32(2006.01)I, G06F-003/0481/7 (a dash, zeros,
 * a fifth digit), the 14 characters of G06F0017300000 and the 50 of a WIPO ST.8 record; in full width and lower case too.
 * Being old or missing from today's scheme is no error here: whoever has a scheme falls back along class_cut(). */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct class_code {
    char section;  /* 'A'..'H', or 'Y' for CPC */
    int class_no;  /* 6; 0 when the symbol is a bare section */
    char subclass; /* 'F'; 0 when it stops at the class */
    int group;     /* 17; 0 when it stops at the subclass */
    /* "30": its digits as printed, for 31/045 and 31/45 are two places; "" when there is no "/nn". */
    char subgroup[8];
    /* '7' of G06F-003/0481/7: most likely the CPC symbol G06F3/04817 (class_join_fifth); else 0. */
    char fifth;
    char edition[8]; /* "2006.01", or "" */
    char role;       /* 'I' invention, 'N' additional, another letter as printed, or 0 */
};

enum { CLASS_LEVELS = 5 };
enum { CLASS_TEXT = 48 }; /* room for any symbol written out, with its end */

/* Reads one symbol. MATCHER_ERROR_INPUT names the value, what was wrong and how it should look. */
bool class_parse(const char *text, struct class_code *out, GError **error);

/* What a person should be told about a symbol that was read: NULL mostly, or a sentence (free it with g_free) when it stops
 * at the main group or carries a fifth digit. `text` is the spelling as read. */
char *class_note(const char *text, const struct class_code *code);

/* The level a symbol ends at, 1 (section) to 5 (group), and the symbol cut at a level (its ancestor; edition, role and fifth
 * digit are dropped). "G06F17/00" is the main group itself, so its depth is 4. */
int class_depth(const struct class_code *code);
struct class_code class_cut(const struct class_code *code, int level);

/* How many levels two symbols share: 0 (other sections) to 5 (the same group). */
int class_shared(const struct class_code *a, const struct class_code *b);

/* G06F3/0481 with fifth digit 7 -> G06F3/04817, for a look into a scheme. Returns a copy when there is none. */
struct class_code class_join_fifth(const struct class_code *code);

/* Order of the printed scheme: section, class, subclass, main group as a number, subgroup as text. <0, 0, >0. */
int class_compare(const struct class_code *a, const struct class_code *b);

/* Normal form "G06F17/30" (kept and compared) and print form "G06F 17/30" (shown). Both return `out`. */
const char *class_write(const struct class_code *code, char out[CLASS_TEXT]);
const char *class_print(const struct class_code *code, char out[CLASS_TEXT]);

/* Locarno, for designs: "02-04", with the edition "02-04(13)" or without (0). */
struct locarno_code {
    int main_class; /* 2 */
    int sub_class;  /* 4 */
    int edition;    /* 13, or 0 */
};
bool locarno_parse(const char *text, struct locarno_code *out, GError **error);
const char *locarno_write(const struct locarno_code *code,
                          char out[CLASS_TEXT]); /* without the edition */

/* The places on the way down to a symbol in print form, widest first: "G", "G06", "G06F", "G06F 17", "G06F 17/30"; for
 * Locarno "02", "02-04". This is what matching compares. depth is 0 when the symbol can't be read by either reader. */
struct class_path {
    int depth;
    char place[CLASS_LEVELS][CLASS_TEXT];
};
struct class_path class_path(const char *symbol);
