/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/hints.h"

static unsigned guest_conditions(const struct guest *guest)
{
  if (!guest)
    return 0;
  unsigned now = WHEN_GUEST | (guest_state_active(guest->state) ? WHEN_ACTIVE : WHEN_INACTIVE);
  if (guest->state == GUEST_PAUSED || guest->state == GUEST_PMSUSPENDED)
    now |= WHEN_PAUSED;
  else if (guest_state_active(guest->state))
    now |= WHEN_RUNNING;
  return now;
}

unsigned hints_now(const struct app *app, const struct guest *guest)
{
  struct replay_state replay;
  unsigned now = guest_conditions(guest) | (app_held(app) ? WHEN_HELD : WHEN_NOT_HELD);
  engine_replay_state(app_engine(app), &replay);
  if (replay.active)
    now |= WHEN_REPLAY | (replay.paused ? WHEN_REPLAY_PAUSED : WHEN_REPLAY_RUNS);
  else
    now |= WHEN_LIVE | (engine_readonly(app_engine(app)) ? 0 : WHEN_WRITABLE);
  return now;
}

int hints_pick(const struct hint_rule *rules, size_t n, unsigned now, struct hint ret[HINTS_MAX])
{
  int count = 0;
  for (size_t i = 0; i < n && count < HINTS_MAX; i++)
    if ((rules[i].when & now) == rules[i].when)
      ret[count++] = rules[i].hint;
  return count;
}
