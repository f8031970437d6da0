#include "loader/record.h"
