/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be known of the host, to judge what was measured on it. */
#ifndef BENCH_HOST_FACTS_H
#define BENCH_HOST_FACTS_H

#include "core/bench/results.h"
#include "core/virt/virt.h"

/* Put the facts of this machine and of VIRT's hypervisor into RESULTS.  Waits: worker threads only. */
void host_facts_read(struct bench_results *results, struct virt *virt);
/* Those that a guest told, where they are not known yet (NULL: it did not tell). */
void host_facts_of_guest(struct bench_results *results, const char *fio, const char *kernel);

#endif
