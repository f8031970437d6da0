#include "service/steps/load.h"
