/* official.h - what the official's desk asks for beside figures, rows and decisions: snapshots, oddities, charts. */
#pragma once
#include "service/http/api.h"

/* Decisions that wait for a second official. */
bool decisions_waiting(struct call *call, GError **error);

/* Every snapshot; one is taken; one in a file; the head; whether everything is as the ledger says. */
bool snapshots_list(struct call *call, GError **error);
bool snapshots_take(struct call *call, GError **error);
bool snapshots_file(struct call *call, GError **error);
bool ledger_head_show(struct call *call, GError **error);
/* Begins; the other tells how that goes, and what was found. */
bool ledger_verify(struct call *call, GError **error);
bool ledger_verified(struct call *call, GError **error);

bool oddities_list(struct call *call, GError **error);
bool oddities_look(struct call *call, GError **error);

/* What a metric counts on one day and not on another. */
bool changes_list(struct call *call, GError **error);

bool charts_show(struct call *call, GError **error);
/* What codes mean, in both languages. */
bool words_show(struct call *call, GError **error);
/* The policies that there are. */
bool policies_list(struct call *call, GError **error);
