/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan carried out by a model in place of guests: needs neither a hypervisor nor privileges, shows what
 * results look like, and is never to be mistaken for a measurement: its results say that they are simulated.
 *
 * The model is a closed network of three stations in a row, first come first served: the vCPU (the guest's
 * driver, and the exits that a request takes), the proxy (QEMU's own work on it; one thread), and the disk of
 * the host (several requests at once).  As many requests go round as the workload has depth, or fewer where
 * the device takes no more.  Service times are drawn: exponential for the disk, constant but for noise
 * elsewhere.
 * - An exit to user space and back costs EXIT_S with all that it pushes out of caches: some microseconds
 * (Gordon et al., ELI, ASPLOS 2012, for the cost of exits; the value is set so that the next line holds).
 * - Against the bare disk emulated devices come out 2 to 10 times slower, paravirtual ones 10 to 50 %, direct
 * ones 0.1 to 1.5 % (Gregg, AWS EC2 Virtualization 2017, for these stages); at depth 1 and 4 KiB the tests
 * prove it.
 * - Exits per request are set by hand between these bounds: a virtio ring needs one register write, the task
 * file alone of PIIX IDE eleven, with 48-bit addresses.  The emulated NVMe controller is drawn slower than it
 * may be.
 * - Emulated CPUs (TCG) run guest code TCG_SLOWER times slower.
 * It knows nothing of caches, schedulers, interrupts that are merged, or any particular machine. */
#ifndef BENCH_SIMULATE_H
#define BENCH_SIMULATE_H

#include "core/bench/results.h"

/* PLAN (taken over, expanded; its seed decides everything) carried out with plan->runs runs of each cell. */
struct bench_results *bench_simulate(struct bench_plan *plan, int64_t wall_ns);
/* Requests per second and seconds per request of the bare disk at DEPTH and BLOCK_SIZE: what no device can
 * exceed. */
double bench_simulate_bare(uint64_t block_size, int depth);

#endif
