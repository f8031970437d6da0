#include "service/http/server.h"
