/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two benchmarks at once on one machine would measure one another. */
#ifndef BENCH_LONE_H
#define BENCH_LONE_H

#include <glib.h>

/* Hold this machine for a benchmark, until lone_end or the end of the process: a descriptor.  -1 with
 * ERROR_REFUSED: another has it. */
int lone_begin(GError **err);
void lone_end(int fd); /* -1 is fine */

#endif
