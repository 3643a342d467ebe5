/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/acting.h"

#include "core/base/clock.h"

#define LOOK_EVERY_US 50000

void acting_step(const struct acting *acting, double fraction, const char *step)
{
  if (acting->act->progress)
    acting->act->progress(acting->act->context, fraction, step);
}

static bool cancelled(const struct acting *acting)
{
  return acting->act->cancel && atomic_load(acting->act->cancel);
}

bool acting_goes_on(const struct acting *acting, GError **err)
{
  return !cancelled(acting) || error_set(err, ERROR_CANCELLED, NULL, "cancelled");
}

bool acting_wait(const struct acting *acting, bool (*done)(void *context), void *context,
                 double deadline_seconds, enum error_code late, const char *what, const char *advice,
                 GError **err)
{
  int64_t deadline = clock_mono_ns() + (int64_t)(deadline_seconds * (double)NS_PER_S);
  while (!done(context)) {
    if (!acting_goes_on(acting, err))
      return false;
    if (acting->conn && virConnectIsAlive(acting->conn) == 0)
      return error_set(err, ERROR_LOST, "Look at the guest again when the connection is back.",
                       "the connection went away while waiting");
    if (clock_mono_ns() >= deadline)
      return error_set(err, late, advice, "%s: not within %.0f s", what, deadline_seconds);
    g_usleep(LOOK_EVERY_US);
  }
  return true;
}
