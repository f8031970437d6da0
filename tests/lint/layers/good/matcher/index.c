/* Neither "SELECT 1 FROM need" nor time(NULL) nor #include "sql/needs.h" counts in a comment. */
#include "matcher/index.h"
#include <glib.h>

// "INSERT INTO need"
const char *message = "could not select a row from the list; update the settings, time(NULL)";
