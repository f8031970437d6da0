/* right.h - numbers of rights in a contract: Chinese patents as everywhere else, overseas patents by the form of their office,
 * trademarks and layouts as they stand. Pure. */
#pragma once
#include "loader/problem.h"

/* `type` is the right's type by name or NULL; *type_out gets the type read off a Chinese number, else NULL. The normal form goes
 * to *out, which the caller frees. No checksum is verified for overseas numbers; an application's number, and a PCT
 * publication, are no granted right: taken with a warning. */
bool right_read(const char *text, const char *type, const char *today, char **out,
                const char **type_out, struct problem *warning, struct problem *problem);
