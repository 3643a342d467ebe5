/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what an action was to bring about is there: for a job whose connection was lost in the middle, by a
 * new connection (aftermath.h).  Worker threads only; may wait. */
#ifndef VIRT_OUTCOME_H
#define VIRT_OUTCOME_H

#include "core/virt/act/acting.h"

enum outcome { OUTCOME_NOT_KNOWN, OUTCOME_DONE, OUTCOME_NOT_DONE };

/* What an action brings about. */
enum aim {
  AIM_UNSEEN, /* nothing by which it can be seen */
  AIM_STARTED,
  AIM_OFF,
  AIM_PAUSED,
  AIM_RESUMED,
  AIM_SAVED,
  AIM_NOT_SAVED,
  AIM_LAUNCHED,
  AIM_MADE, /* guests that need not run */
  AIM_TOUR,
  AIM_DELETED,
  AIM_RENAMED,
  AIM_SNAPSHOT,
  AIM_NO_SNAPSHOT,
  AIM_REVERTED,
};

/* DOMAIN is the action's guest; NULL: it is about none, or it is gone.  What is found is appended to SAID.
 * Nothing is guessed: what libvirt does not tell is OUTCOME_NOT_KNOWN. */
enum outcome outcome_look(enum aim aim, const struct acting *acting, virDomainPtr domain, GString *said);

#endif
