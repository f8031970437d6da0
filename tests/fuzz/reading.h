/* reading.h - a file of unknown bytes read to its end: no row may crash the reader, every refusal says why, good and bad rows add
 * up, and places grow. Shared by the fuzzers of the reader. */
#pragma once
#include "loader/record.h"
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int reading_fd(const void *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    return fd;
}

static inline void reading_rows(struct reader *reader)
{
    struct refusal refusal = {0};
    struct record record;
    struct raw_row row;
    int64_t rows = 0, place = 0;
    enum reader_step step;
    while ((step = reader_next(reader, &row, &refusal, NULL)) == READER_ROW ||
           step == READER_BAD_ROW) {
        rows++;
        if (row.place <= place)
            abort();
        place = row.place;
        if (step == READER_ROW && record_read(reader, &row, &record, &refusal))
            record_clear(&record);
        else if (!refusal.reason_en || !refusal.reason_zh || *refusal.reason_en == '\0')
            abort();
    }
    if (rows != reader_read(reader))
        abort();
    refusal_clear(&refusal);
}

/* Reads `size` bytes as a file of this name and kind. */
static inline int reading_run(const void *data, size_t size, const char *name, const char *kind)
{
    const struct plan plan = {.kind = kind_find(kind), .today = "2025-06-30"};
    g_autoptr(GError) error = NULL;
    g_autoptr(reader_t) reader = reader_open_fd(reading_fd(data, size), name, &plan, &error);
    if (!reader && !error)
        abort(); /* a file that can't be read says why */
    if (reader)
        reading_rows(reader);
    return 0;
}
