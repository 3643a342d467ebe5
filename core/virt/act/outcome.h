/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what an action was to bring about is there: one function for each kind of aim.  For a job whose
 * connection was lost in the middle, by a new connection (aftermath.h).  Worker threads only; may wait. */
#ifndef VIRT_OUTCOME_H
#define VIRT_OUTCOME_H

#include "core/virt/act/acting.h"

enum outcome { OUTCOME_NOT_KNOWN, OUTCOME_DONE, OUTCOME_NOT_DONE };

/* DOMAIN is the action's guest; NULL: it is about none, or it is gone.  What is found is appended to SAID.
 * Nothing is guessed: what libvirt does not tell is OUTCOME_NOT_KNOWN. */
typedef enum outcome outcome_look(const struct acting *acting, virDomainPtr domain, GString *said);

outcome_look outcome_started, outcome_off, outcome_paused, outcome_resumed, outcome_saved, outcome_not_saved;
outcome_look outcome_launched, outcome_cloned, outcome_toured;
outcome_look outcome_deleted, outcome_renamed;
outcome_look outcome_taken, outcome_reverted, outcome_snapshot_gone;
/* Of an action that leaves nothing by which it can be seen. */
outcome_look outcome_unseen;

#endif
