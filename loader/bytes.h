/* bytes.h - the bytes of a file, line by line, with a place to put lines back. Internal to the reader.
 *
 * A byte order mark is taken off; UTF-16, with a mark or told by its zeros, becomes UTF-8 here (half a surrogate pair becomes the byte 0xFF, which no
 * encoding has, so that its row alone is refused). All other encodings stay as they are: a comma, a quotation mark and
 * a line feed are the same bytes in UTF-8 and GB18030 and never part of another character.
 *
 * Memory: what is asked for by `max`, and a buffer. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct bytes;

/* Takes over the descriptor. */
struct bytes *bytes_new(int fd);
void bytes_free(struct bytes *bytes);

/* Looks at the beginning (up to `size` bytes, fewer at the end of the file) without taking it. NULL on a failure to read.
 * The text is valid until the next call. */
const char *bytes_peek(struct bytes *bytes, size_t size, size_t *len, GError **error);

/* Takes `len` bytes that a peek has shown. */
void bytes_skip(struct bytes *bytes, size_t len);

/* The encoding is known beforehand: "UTF-16LE" and "UTF-16BE" matter, others are left alone. Before the first peek. */
void bytes_assume(struct bytes *bytes, const char *encoding);

/* The descriptor, given back with all its bytes before it: a nameless copy where it can't be sought in. `bytes` has nothing to
 * read any more. -1 and an error when the copy can't be made. */
int bytes_release(struct bytes *bytes, GError **error);

/* Carriage returns end lines (the file has no line feeds): they are read as line feeds from now on. */
void bytes_lines_end_with_cr(struct bytes *bytes);

enum bytes_line {
    BYTES_LINE, /* a line, its line feed included when it has one */
    BYTES_TOO_LONG, /* the line had more than `max` bytes: the first `max` were appended, the rest is gone */
    BYTES_END,
    BYTES_FAILED
};

/* Appends the next line to `out`. */
enum bytes_line bytes_take_line(struct bytes *bytes, GString *out, size_t max, GError **error);

/* Puts text back in front, to be read again. */
void bytes_put_back(struct bytes *bytes, const char *text, size_t len);

/* "UTF-8", "UTF-16LE", "UTF-16BE" when a mark or the zeros said so, else NULL. Known after the first bytes_peek. */
const char *bytes_marked(const struct bytes *bytes);
