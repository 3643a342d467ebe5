/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a benchmark measured: every run with its raw figures, what it cost the host, what disturbed it, and
 * all that must be known to judge or repeat it.  Plain data; statistics are made from it, never stored alone.
 */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include "core/bench/histogram.h"
#include "core/bench/plan.h"
#include "core/model/metric.h"

enum bench_group { BENCH_GIVEN, BENCH_BOOTED, BENCH_COMPUTED, BENCH_COST, BENCH_NOISE, BENCH_GROUPS };
const char *bench_group_title(enum bench_group group); /* "What the guest got" */

/* clang-format off */
/* X(id, group, unit, better, name, title, text): BETTER 1: more is, -1: less is, 0: neither.  NAME is the field
 * of results.json with its unit; TITLE a column heading of at most 8 columns.
 * "Of the run's window": the seconds that are measured, without boot and warm-up. */
#define BENCH_FIGURES(X) \
  X(THROUGHPUT,  GIVEN,    BYTES_PER_S, 1, "throughput_bytes_per_s", "BYTES/s", "read and written by the guest") \
  X(IOPS,        GIVEN,    PER_S,       1, "iops_per_s", "IOPS", "requests of the guest that were done") \
  X(LAT_MEAN,    GIVEN,    SECONDS,    -1, "latency_mean_s", "LAT", "of a request, as the guest sees it: the mean") \
  X(LAT_P50,     GIVEN,    SECONDS,    -1, "latency_p50_s", "p50", "half of the requests took no longer") \
  X(LAT_P99,     GIVEN,    SECONDS,    -1, "latency_p99_s", "p99", "99 % of the requests took no longer") \
  X(LAT_P999,    GIVEN,    SECONDS,    -1, "latency_p99_9_s", "p99.9", "99.9 % of the requests took no longer") \
  X(LAT_MAX,     GIVEN,    SECONDS,    -1, "latency_max_s", "LATMAX", "the longest that a request took") \
  X(BOOT,        BOOTED,   SECONDS,    -1, "boot_s", "BOOT", "from start until user space is ready") \
  X(FIRMWARE,    BOOTED,   SECONDS,    -1, "boot_firmware_s", "FIRMWARE", "from start until the kernel's first sign") \
  X(KERNEL,      BOOTED,   SECONDS,    -1, "boot_kernel_s", "KERNEL", "from the kernel's first sign until user space begins") \
  X(USERSPACE,   BOOTED,   SECONDS,    -1, "boot_userspace_s", "USER", "from the first process until user space is ready") \
  X(INTEGER,     COMPUTED, PER_S,       1, "integer_per_s", "INT/s", "turns of the integer loop in the guest") \
  X(FLOAT,       COMPUTED, PER_S,       1, "float_per_s", "FLOAT/s", "turns of the float loop in the guest") \
  X(WALK,        COMPUTED, BYTES_PER_S, 1, "memory_walk_bytes_per_s", "WALK/s", "memory walked through in the guest") \
  X(HOST_INTEGER, COMPUTED, PER_S,      0, "host_integer_per_s", "HINT/s", "turns of the integer loop, the same program on the host") \
  X(HOST_FLOAT,  COMPUTED, PER_S,       0, "host_float_per_s", "HFLOAT/s", "turns of the float loop, the same program on the host") \
  X(HOST_WALK,   COMPUTED, BYTES_PER_S, 0, "host_memory_walk_bytes_per_s", "HWALK/s", "memory walked through, the same program on the host") \
  X(HOST_CPU,    COST,     PERCENT,    -1, "host_cpu_percent", "HOSTCPU", "CPU of the host that was not idle, of the run's window, 100 is one CPU") \
  X(QEMU_CPU,    COST,     PERCENT,    -1, "qemu_cpu_percent", "QEMUCPU", "CPU of the guest's QEMU, all threads, 100 is one CPU") \
  X(VCPU_CPU,    COST,     PERCENT,    -1, "vcpu_percent", "VCPU", "of these, its vCPU threads") \
  X(PROXY_CPU,   COST,     PERCENT,    -1, "proxy_percent", "PROXY", "of these, what is beside its vCPUs: the I/O proxy") \
  X(MAIN_CPU,    COST,     PERCENT,    -1, "main_percent", "MAIN", "of the proxy, QEMU's main loop") \
  X(IOTHREAD_CPU, COST,    PERCENT,    -1, "iothread_percent", "IOTHR", "of the proxy, its iothreads") \
  X(WORKER_CPU,  COST,     PERCENT,    -1, "worker_percent", "WORKER", "of the proxy, its worker threads") \
  X(PER_CPU,     COST,     PER_S,       1, "requests_per_cpu_s", "IO/CPU", "requests done for one second of QEMU's CPU time") \
  X(EXITS,       COST,     NONE,       -1, "exits_per_request", "EXIT/IO", "times the guest left its vCPUs for one request") \
  X(STEAL,       COST,     PERCENT,    -1, "steal_percent", "STEAL", "time its vCPUs were runnable and did not run") \
  X(MEMORY,      COST,     BYTES,      -1, "memory_bytes", "MEMORY", "of the guest's QEMU that is resident") \
  X(COUNTED,     COST,     BYTES_PER_S, 0, "counted_bytes_per_s", "COUNTED", "read and written on the scratch disk, by QEMU's own counters") \
  X(HOST_READ,   COST,     BYTES_PER_S, 0, "host_read_bytes_per_s", "HREAD/s", "read from the host's disks") \
  X(HOST_WRITE,  COST,     BYTES_PER_S, 0, "host_write_bytes_per_s", "HWRITE/s", "written to the host's disks") \
  X(OTHERS_CPU,  NOISE,    PERCENT,     0, "others_percent", "OTHERS", "CPU of the host that others than this guest used, percent of all its CPUs") \
  X(LOAD,        NOISE,    NONE,        0, "load_1min", "LOAD", "load average over one minute at the run's end") \
  X(HOST_STEAL,  NOISE,    PERCENT,     0, "host_steal_percent", "HSTEAL", "time that the machine below took from this host") \
  X(PSI_CPU,     NOISE,    PERCENT,     0, "pressure_cpu_percent", "PSICPU", "time that some task waited for a CPU") \
  X(PSI_IO,      NOISE,    PERCENT,     0, "pressure_io_percent", "PSIIO", "time that some task waited for I/O") \
  X(PSI_MEMORY,  NOISE,    PERCENT,     0, "pressure_memory_percent", "PSIMEM", "time that some task waited for memory") \
  X(FREQUENCY,   NOISE,    PER_S,       0, "cpu_frequency_hz", "CLOCK", "of the host's CPUs, the mean")
/* clang-format on */

enum bench_figure {
#define BENCH_FIGURE_ID(id, ...) BENCH_F_##id,
  BENCH_FIGURES(BENCH_FIGURE_ID)
#undef BENCH_FIGURE_ID
      BENCH_FIGURE_COUNT
};
struct bench_figure_row {
  const char *name, *title, *text;
  enum bench_group group;
  enum metric_unit unit;
  int better;
};
const struct bench_figure_row *bench_figure_row(enum bench_figure figure);
int bench_figure_find(const char *word); /* by its name, that without its unit, or its title; -1: none */

/* Why a run was disturbed; bits. */
enum bench_disturbance {
  BENCH_HOST_BUSY,     /* others used more of the host's CPU than the plan allows */
  BENCH_HOST_STOLEN,   /* the machine below took CPU from this host */
  BENCH_GUEST_STOLEN,  /* its vCPUs had to wait for a CPU */
  BENCH_CLOCK_STEPPED, /* wall clock and monotonic clock disagree on how long it took */
  BENCH_FREQUENCY,     /* the CPUs' clock was another than in the other runs */
  BENCH_UNSTEADY,      /* no steady state within its window */
  BENCH_DISTURBANCES
};
const char *
bench_disturbance_name(enum bench_disturbance disturbance); /* "host-busy": the word of the JSON */
const char *bench_disturbance_text(enum bench_disturbance disturbance);

struct bench_run {
  int cell;                         /* of the plan */
  int round;                        /* from 0 */
  int64_t begun_wall_ns;            /* 0: unknown */
  double seconds;                   /* of its window, monotonic; NaN: unknown */
  double value[BENCH_FIGURE_COUNT]; /* NaN: unknown */
  struct bench_histogram *latency;  /* of its requests; NULL: none */
  unsigned disturbances;            /* 1 << enum bench_disturbance */
  bool repeated;                    /* disturbed, and measured once more: another run stands for it */
  char *failure;                    /* NULL: it was measured; else why not, raw */
};
/* All unknown. */
struct bench_run *bench_run_new(int cell, int round);
void bench_run_free(struct bench_run *run);
/* Whether statistics take it: measured, and no other run stands for it. */
bool bench_run_counts(const struct bench_run *run);

/* How the cell of the same number was carried out; what is unknown is NULL. */
struct bench_made {
  char *guest;   /* whose figures they are: "linux" (fio), "pulse", "simulated"; never compared across */
  char *accel;   /* "kvm" or "tcg" */
  char *xml;     /* the guest's definition */
  char *command; /* QEMU's command line */
  char *refused; /* why nothing was run here: the backend is not to be had, raw */
};

/* Facts of the host; X(id, name, title). */
#define BENCH_FACTS_TABLE(X)                                                                                 \
  X(HOST, "name", "host")                                                                                    \
  X(MACHINE, "machine", "machine")                                                                           \
  X(CPU, "cpu", "CPU")                                                                                       \
  X(CPUS, "cpus", "CPUs")                                                                                    \
  X(MEMORY, "memory_bytes", "memory")                                                                        \
  X(KERNEL, "kernel", "kernel")                                                                              \
  X(KIND, "kind", "kind of machine")                                                                         \
  X(GOVERNOR, "governor", "CPU governor")                                                                    \
  X(MITIGATIONS, "mitigations", "mitigations")                                                               \
  X(LIBVIRT, "libvirt", "libvirt")                                                                           \
  X(QEMU, "qemu", "QEMU")                                                                                    \
  X(FIO, "fio", "fio")                                                                                       \
  X(GUEST_KERNEL, "guest_kernel", "guest's kernel")                                                          \
  X(STORAGE, "storage", "file system of the disks")
enum bench_fact {
#define BENCH_FACT_ID(id, ...) BENCH_FACT_##id,
  BENCH_FACTS_TABLE(BENCH_FACT_ID)
#undef BENCH_FACT_ID
      BENCH_FACTS
};
const char *bench_fact_name(enum bench_fact fact);
const char *bench_fact_title(enum bench_fact fact);

#define BENCH_RESULTS_VERSION 1
struct bench_results {
  int version;                          /* of the file it was read from; 0: the reference's flat shape */
  char *made_by;                        /* "virtlens 0.1.0" */
  bool simulated;                       /* no guest ran: a model's figures */
  bool complete;                        /* the plan was carried out to its end */
  char *end;                            /* why not: "stopped", "skipped" ..., NULL: unknown or complete */
  struct bench_plan *plan;              /* owned */
  int64_t begun_wall_ns, ended_wall_ns; /* 0: unknown */
  char *fact[BENCH_FACTS];              /* as text; NULL: unknown */
  GPtrArray *made;                      /* struct bench_made, one for each cell */
  GPtrArray *runs;                      /* struct bench_run, in the order in which they ran */
};
/* No runs yet; takes over PLAN, which is expanded. */
struct bench_results *bench_results_new(struct bench_plan *plan);
void bench_results_free(struct bench_results *results); /* NULL is fine */
struct bench_made *bench_results_made(const struct bench_results *results, int cell);
/* Takes over RUN. */
void bench_results_add(struct bench_results *results, struct bench_run *run);
/* The runs of CELL that count: struct bench_run, borrowed; g_ptr_array_unref. */
GPtrArray *bench_results_runs_of(const struct bench_results *results, int cell);

#endif
