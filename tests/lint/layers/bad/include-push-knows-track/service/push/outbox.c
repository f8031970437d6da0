#include "service/track/metric.h"
