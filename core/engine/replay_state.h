/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a replay stands: what its thread tells with each frame, and the screen shows. */
#ifndef ENGINE_REPLAY_STATE_H
#define ENGINE_REPLAY_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct replay_state {
  bool active, paused, at_end;
  double speed; /* 1: as recorded */
  int64_t from_wall_ns, to_wall_ns, now_wall_ns;
};

#endif
