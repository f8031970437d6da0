/* words.h - the Chinese dictionary that comes with the program: made part of it by the build, out of Debian's package
 * python3-jieba (MIT licence, © Sun Junyi). A build without that package has none, and matching then goes by pairs of
 * characters alone. */
#pragma once
#include "matcher/dictionary.h"

/* `name` is NULL or "" for the dictionary that comes with the program, "none" for no dictionary, or a file of lines "word
 * frequency". *out is NULL where there is none; free it with dictionary_free. Fails when the file can't be read. */
bool words_open(const char *name, struct dictionary **out, GError **error);
