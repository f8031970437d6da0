#include "matcher/index.h"
#include "sql/needs.h"
