/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The capabilities of virtlens-trace: three to begin with, fewer as soon as can be.  Each returns 0 or an
 * errno. */
#ifndef TRACE_PRIVILEGE_H
#define TRACE_PRIVILEGE_H

#include <stdbool.h>

/* Have CAP_BPF and CAP_PERFMON, which load and attach programs, and CAP_DAC_READ_SEARCH, which reads in
 * tracefs which number an event has; and no other. */
int privilege_raise(void);
/* Give up all that attached programs do not need: all, but where this kernel lets maps be read with CAP_BPF
 * alone (before Linux 5.19), that one is kept; READABLE tells. */
int privilege_drop(bool (*readable)(void *context), void *context);

#endif
