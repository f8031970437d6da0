/* Patent offices' XML and PatSnap's. */
#include "tests/fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return reading_run(data, size, "fuzz.xml", "patent");
}
