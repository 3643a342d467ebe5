/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine without hypervisors behind it: the door of core/engine/engine.h, a made-up world, and answers
 * that depend on what is asked for alone.
 *
 *   a guest's name has "fail"   its launch fails with libvirt's words
 *                  "hold"       its launch goes on for ever
 *
 * A function that is new in engine.h gets its twin in fake_engine.c (what is watched), fake_act.c (what is
 * done) or fake_ask.c (what is asked); without it libengine's own comes in, and nothing links. */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include "core/engine/engine.h"

enum fake_world {
  FAKE_PLAIN,   /* the guests of a lab */
  FAKE_HOSTILE, /* names, titles and paths that hold escape sequences and bidi marks */
  FAKE_MANY,    /* as many guests as are wanted */
  FAKE_EMPTY,   /* no guest */
  FAKE_OPENING, /* the connection is being opened */
  FAKE_FAILED,  /* it could not be opened */
};

struct fake_options {
  enum fake_world world;
  int guests;        /* of FAKE_MANY; 0: 100 */
  int cores;         /* of the host; 0: 2 */
  const char *extra; /* the name of one more guest; NULL: none */
  bool lost;         /* a second connection, which is lost */
  bool twin;         /* a second connection, with the guests of the first */
  bool readonly;
  bool replay;     /* it says that it plays a record */
  bool sink;       /* memory requests go into a database, which does not take them at present */
  bool unfinished; /* there are sessions that ended without an export */
};

/* The scan number TICK, a second after the one before.  The first, number 0, has counters and no rates. */
struct scan *fake_scan(const struct fake_options *options, uint64_t tick);
struct offers *fake_offers(void);
/* A tree of four: base, after-install below it, try-ide (current) below that, other below base. */
struct snapshot_list *fake_snapshots(const char *uuid);
/* A disk of three images, the last moved away, and one that stands on its own. */
struct chain *fake_chain(const char *uuid);
/* What the guest NAME tells of itself: one with an agent, two without, one that tells escape sequences; NULL:
 * it is not asked. */
struct inside *fake_inside(const char *name);
/* KVM, with a device of each path. */
struct explanation *fake_explanation(const char *uuid);

/* An NVMe drive of four functions: one free, one that a guest holds, one offline. */
struct sriov_list *fake_functions(void);

/* An engine with scan number 0; engine_free. */
struct engine *fake_engine_new(const struct fake_options *options);
/* Make the next scan, which is news. */
void fake_step(struct engine *engine);
/* Take a guest away, from the next scan on. */
void fake_remove(struct engine *engine, const char *name);
/* Something happened, at the time of the newest scan; UUID may be "". */
void fake_event(struct engine *engine, enum event_kind kind, const char *uuid, const char *text);
/* The last thing that was to be done: "stop 6d1f..."; "" at first.  Borrowed. */
const char *fake_done(const struct engine *engine);

/* A turn of memory requests as WISH asks for it; caller unrefs. */
struct memory_turn *fake_turn(const struct memory_wish *wish);
/* Durations, some of them of the guest UUID; caller unrefs. */
struct span_turn *fake_span_turn(enum span_kind kind, const char *uuid);

#endif
