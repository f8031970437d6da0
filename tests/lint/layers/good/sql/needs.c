#include "sql/needs.h"
#include "sql_embedded.h"
#include <libpq-fe.h>

const char *query = "SELECT count(*) FROM need";
