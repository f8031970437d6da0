/* A file of unknown bytes, read as JSON Lines: no line may crash the reader, and good and bad rows must add up. */
#include "loader/record.h"
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"patent", "need", "deal", "enterprise"};
    if (size < 1)
        return 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1) ||
        lseek(fd, 0, SEEK_SET) != 0)
        abort();
    struct plan plan = {.kind = kind_find(kinds[data[0] % 4]), .today = "2025-06-30"};
    struct reader *reader = reader_open_fd(fd, "fuzz.jsonl", &plan, NULL);
    struct refusal refusal = {0};
    struct record record;
    struct raw_row row;
    int64_t rows = 0;
    enum reader_step step;
    while (reader && ((step = reader_next(reader, &row, &refusal, NULL)) == READER_ROW ||
                      step == READER_BAD_ROW)) {
        rows++;
        if (step == READER_ROW && record_read(reader, &row, &record, &refusal))
            record_clear(&record);
        else if (!refusal.reason_en || !refusal.reason_zh || *refusal.reason_en == '\0')
            abort(); /* every refusal says why */
    }
    if (reader && rows != reader_read(reader))
        abort();
    refusal_clear(&refusal);
    reader_close(reader);
    return 0;
}
