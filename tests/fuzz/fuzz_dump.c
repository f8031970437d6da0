/* Text whose format and encoding are guessed: dumps with colons, pipes, UTF-16 without a mark, Big5. */
#include "tests/fuzz/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return reading_run(data, size, "fuzz", "patent");
}
