/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a job whose connection was lost in the middle: its outcome is looked up when there is a
 * connection again, and told. */
#ifndef VIRT_AFTERMATH_H
#define VIRT_AFTERMATH_H

#include "core/virt/act/outcome.h"

/* Was it FAULT's cause that ACTING's connection went away? */
bool aftermath_is_due(const struct acting *acting, const GError *fault);
/* LOST (taken) ended the job ACTING.  True: what was asked for is done, and the act's result tells it.
 * Else ERR: ERROR_GENERAL, it was not done; ERROR_LOST, it is not known, or could not be looked up within a
 * minute, or was no longer wanted (cancelled).  Worker threads only. */
bool aftermath(struct acting *acting, enum aim aim, GError *lost, GError **err);

#endif
