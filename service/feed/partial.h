/* partial.h - what has come of a file so far, kept over the end of the program: the bytes as they came (packed as they are), and
 * beside them, in NAME.json, what they are part of. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct partial {
    char *path;
    int fd;        /* of the bytes; -1: not open */
    int64_t len;   /* bytes there */
    int64_t total; /* bytes in all; -1: not said */
    char *url, *etag, *last_modified, *encoding;
    bool
        strong; /* the rest may be asked for: what names this state of the file names no other */
};

/* Opens it, as it was left; empty where nothing is there, or where it is part of another address. False and errno. */
bool partial_open(struct partial *part, const char *path, const char *url);
/* Forgets the bytes, and what they are part of. */
bool partial_empty(struct partial *part);
/* Writes what it is part of. False and errno. */
bool partial_note(const struct partial *part);
bool partial_append(struct partial *part, const char *data, size_t len);
void partial_close(struct partial *part);
/* Removes the note, once the bytes have been taken. */
void partial_forget(const char *path);

/* What names the state of the file in If-Range: its ETag, or when it was changed. NULL: the rest can't be asked for. */
const char *partial_state(const struct partial *part);
