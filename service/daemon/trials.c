#include "service/daemon/trials.h"
#include <glib.h>
#include <pthread.h>

static const int64_t minute_us = INT64_C(60) * G_USEC_PER_SEC;

struct agency_trials {
    bool going;
    int64_t at[TRIALS_A_MINUTE]; /* the latest, in a ring; 0: none */
    int next;
};

struct trials {
    pthread_mutex_t lock;
    int going;
    GHashTable *
        agencies; /* struct agency_trials under the agency's id; touched under the lock alone */
};

struct trials *trials_new(void)
{
    struct trials *trials = g_new0(struct trials, 1);
    pthread_mutex_init(&trials->lock, NULL);
    trials->agencies = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return trials;
}

void trials_free(struct trials *trials)
{
    if (!trials)
        return;
    pthread_mutex_destroy(&trials->lock);
    g_hash_table_unref(trials->agencies);
    g_free(trials);
}

static struct agency_trials *of_agency(struct trials *trials, int agency_id)
{
    struct agency_trials *own =
        g_hash_table_lookup(trials->agencies, GINT_TO_POINTER(agency_id));
    if (!own) {
        own = g_new0(struct agency_trials, 1);
        g_hash_table_insert(trials->agencies, GINT_TO_POINTER(agency_id), own);
    }
    return own;
}

bool trials_enter(struct trials *trials, int agency_id, int64_t now_us, int *wait_s)
{
    pthread_mutex_lock(&trials->lock);
    struct agency_trials *own = of_agency(trials, agency_id);
    int64_t oldest = own->at[own->next];
    int64_t left = oldest ? oldest + minute_us - now_us : 0;
    bool room = trials->going < TRIALS_AT_ONCE && !own->going && left <= 0;
    *wait_s = left > 0 ? (int)(left / G_USEC_PER_SEC) + 1 : 1;
    if (room) {
        own->going = true;
        own->at[own->next] = now_us;
        own->next = (own->next + 1) % TRIALS_A_MINUTE;
        trials->going++;
    }
    pthread_mutex_unlock(&trials->lock);
    return room;
}

void trials_leave(struct trials *trials, int agency_id)
{
    pthread_mutex_lock(&trials->lock);
    of_agency(trials, agency_id)->going = false;
    trials->going--;
    pthread_mutex_unlock(&trials->lock);
}
