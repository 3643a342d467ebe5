/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine without hypervisors: implements core/engine/engine.h with scans made up from the tick's number
 * alone, for the tests of the screen.  Link it instead of libengine's engine.o. */
#ifndef TESTS_FAKE_ENGINE_H
#define TESTS_FAKE_ENGINE_H

#include "core/engine/engine.h"

struct fake_options {
  int guests; /* 0: the usual five */
  int cores;  /* 0: 2 */
  bool readonly;
  bool lost;           /* a second connection that is lost */
  double tick;         /* seconds between scans made by themselves; 0: only fake_step makes them */
  const char *hostile; /* name of one more guest; NULL: none */
};

struct engine *fake_engine_new(const struct fake_options *options, const struct settings *settings);
/* Make the next scan and take it in, as engine_poll would. */
void fake_step(struct engine *engine);
/* The last thing that was asked: "stop 6d1f..."; "" at first. Borrowed. */
const char *fake_asked(const struct engine *engine);
/* Take a guest away from the next scan on. */
void fake_remove(struct engine *engine, const char *name);

#endif
