/* date.h - days as written in files -> "YYYY-MM-DD". Pure.
 *
 * Read: 2017-07-21, 2017.7.21, 2017/7/21, 20170721, 2017年7月21日, in full width too, and a time of day behind it
 * (" 00:00:00"), which is dropped. A time with a zone is refused: it may mean another day. */
#pragma once
#include "loader/problem.h"

enum { DATE_LEN = 11 }; /* with the closing zero */

bool date_read(const char *text, char out[DATE_LEN], struct problem *problem);
