/* The archive of a workbook, byte by byte. */
#include "tests/fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return size < 4 ? 0 : reading_run(data, size, "fuzz.xlsx", "patent");
}
