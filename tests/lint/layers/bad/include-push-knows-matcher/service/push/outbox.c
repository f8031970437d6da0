#include "matcher/reason.h"
