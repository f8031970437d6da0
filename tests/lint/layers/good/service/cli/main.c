#include "loader/reader.h"
#include "service/http/server.h"
#include "service/steps/match.h"
