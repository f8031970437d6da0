#include "service/http/server.h"
#include "sql/leads.h"
