/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A benchmark of real guests without a screen: `virtlens bench`. */
#ifndef ENGINE_BENCH_GUESTS_H
#define ENGINE_BENCH_GUESTS_H

#include <glib.h>
#include <stdbool.h>

struct bench_results;
struct bench_progress;

/* Where it runs, and how it is followed. */
struct bench_where {
  const char *uri; /* NULL: libvirt's choice */
  bool lab;        /* the embedded lab; URI is then ignored */
  const char *lab_root;
  bool together; /* also while another benchmark runs on this machine */
  int quit_fd;   /* readable: stop, and keep what was measured (a signal came) */
  /* A line for the user, called on the main thread: LASTING, or of what is done just now, in place of the one
   * before that was such. */
  void (*say)(const char *line, bool lasting);
};
/* Carry out the plan of RESULTS, as far as it is not; FILE is written anew after each run.  Main thread,
 * until its end.  What bench_do says of its value (core/bench/run.h). */
bool bench_guests(struct bench_results *results, const char *file, const struct bench_where *where,
                  GError **err);

/* "run 3 of 8, left 40 s: virtio-blk, randread 4 KiB qd1: booting".  Caller frees. */
char *bench_progress_text(const struct bench_progress *progress);

#endif
