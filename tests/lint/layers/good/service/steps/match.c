#include "loader/reader.h"
#include "matcher/index.h"
#include "service/push/outbox.h"
#include "service/track/metric.h"
#include "sql/leads.h"

long now(void)
{
    g_message("%ld", (long)time(NULL));
    return time(NULL);
}
