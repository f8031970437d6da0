#include "loader/reader.h"
#include "matcher/class.h"
#include "sql/stage.h"
