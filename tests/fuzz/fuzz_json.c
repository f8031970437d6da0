/* A JSON array, or objects over several lines; and what a PDF was parsed into. */
#include "tests/fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return reading_run(data, size, "fuzz.json", "patent");
}
