#include "matcher/error.h"

G_DEFINE_QUARK(patbridge - matcher - error, matcher_error)
