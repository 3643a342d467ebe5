/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys work now: hints with the condition under which each does something. */
#ifndef TUI_HINTS_H
#define TUI_HINTS_H

#include "tui/app.h"

enum hint_when {
  WHEN_ACTIVE = 1 << 0, /* the guest is on */
  WHEN_INACTIVE = 1 << 1,
  WHEN_RUNNING = 1 << 2, /* and not paused */
  WHEN_PAUSED = 1 << 3,
  WHEN_GUEST = 1 << 4, /* there is one */
  WHEN_WRITABLE = 1 << 5,
  WHEN_REPLAY = 1 << 6,
  WHEN_REPLAY_RUNS = 1 << 7,
  WHEN_REPLAY_PAUSED = 1 << 8,
  WHEN_HELD = 1 << 9,
  WHEN_NOT_HELD = 1 << 10,
  WHEN_LIVE = 1 << 11, /* no replay: there is something to export */
};

struct hint_rule {
  struct hint hint;
  unsigned when; /* all of these bits */
};

#define HINTS_MAX 24
/* The conditions that hold for GUEST (NULL: none) now. */
unsigned hints_now(const struct app *app, const struct guest *guest);
/* Copy the hints whose conditions hold to RET; returns how many. */
int hints_pick(const struct hint_rule *rules, size_t n, unsigned now, struct hint ret[HINTS_MAX]);

#endif
