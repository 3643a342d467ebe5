/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job under way: what it acts on, and how it tells its steps, is cancelled and waits.  Worker threads only.
 */
#ifndef VIRT_ACTING_H
#define VIRT_ACTING_H

#include "core/base/error.h"
#include "core/model/act.h"
#include "core/virt/act/trail.h"
#include "core/virt/conn/hub.h"

struct acting {
  struct hub *hub;
  virConnectPtr conn; /* NULL: lost, and not there again */
  struct act *act;
  struct trail *trail; /* NULL: nothing is noted */
};
void acting_step(const struct acting *acting, double fraction, const char *step);
/* ERROR_CANCELLED when the user asked for it. */
bool acting_goes_on(const struct acting *acting, GError **err);
/* Wait for DONE(context) to become true, looking every 50 ms: ERROR_CANCELLED on cancel, ERROR_LOST when the
 * connection went away, LATE "WHAT: not within N s" and ADVICE at the deadline. */
bool acting_wait(const struct acting *acting, bool (*done)(void *context), void *context,
                 double deadline_seconds, enum error_code late, const char *what, const char *advice,
                 GError **err);

#endif
