/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine without hypervisors behind it, for the tests of the screen: the same door, a fixed
 * world, and answers that depend on what is asked for alone.
 *
 *   a guest's name has "fail"   its launch fails with libvirt's words
 *                  "hold"       its launch goes on for ever
 */
#ifndef SCREEN_FAKE_H
#define SCREEN_FAKE_H

#include "core/engine/engine.h"

enum fake_world {
  FAKE_PLAIN,   /* the guests of a lab */
  FAKE_HOSTILE, /* names, titles and paths that hold escape sequences and bidi marks */
  FAKE_MANY,    /* a hundred guests */
  FAKE_EMPTY,   /* no guest */
  FAKE_OPENING, /* the connection is being opened */
  FAKE_FAILED,  /* it could not be opened */
};

/* The scan number TICK of WORLD. */
struct scan *fake_scan(enum fake_world world, uint64_t tick);
struct offers *fake_offers(void);
struct engine *fake_engine_new(enum fake_world world, bool readonly, bool unfinished);

#endif
