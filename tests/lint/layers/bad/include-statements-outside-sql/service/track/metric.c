#include "sql_embedded.h"
