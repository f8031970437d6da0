/* trials.h - how often test messages go out: some in a minute for an agency, one of it at a time, and few in all, for each holds one of
 * the workers. Thread-safe. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { TRIALS_A_MINUTE = 5, TRIALS_AT_ONCE = 2 };

typedef struct trials trials_t;
struct trials *trials_new(void);
void trials_free(struct trials *trials);

/* True: it may go out now, and trials_leave() follows. Else *wait_s says when to ask again. now_us: a clock that goes on steadily. */
bool trials_enter(struct trials *trials, int agency_id, int64_t now_us, int *wait_s);
void trials_leave(struct trials *trials, int agency_id);
