#include "service/push/outbox.h"
