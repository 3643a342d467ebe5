/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a benchmark is to do: its options, one table row each, and the matrix of cells that they span.  Pure:
 * nothing here starts anything or looks at a host. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/model/backend.h"

enum bench_option {
  /* The axes of the matrix: lists, separated by commas. */
  BENCH_BACKENDS,
  BENCH_ACCELS,
  BENCH_CACHES,
  BENCH_AIOS,
  BENCH_IOTHREADS,
  BENCH_FORMATS,
  BENCH_WORKLOADS,
  BENCH_BLOCK_SIZES,
  BENCH_DEPTHS,
  BENCH_FSYNCS,
  /* What holds for all cells. */
  BENCH_GUEST,
  BENCH_MEMORY,
  BENCH_VCPUS,
  BENCH_DISK_SIZE,
  BENCH_DURATION,
  BENCH_WARMUP,
  BENCH_RUNS,
  BENCH_RUNS_MAX,
  BENCH_PRECISION,
  BENCH_DISTURBANCE,
  BENCH_BASELINE,
  BENCH_SEED,
  BENCH_OPTIONS
};
enum bench_option_type {
  BENCH_WORDS,
  BENCH_WORD,
  BENCH_SIZES,
  BENCH_SIZE,
  BENCH_INTS,
  BENCH_INT,
  BENCH_SECONDS
};

/* The same rows are the command line's, the screen's and the plan files'. */
struct bench_option_row {
  const char *name;  /* "block-sizes" */
  const char *title; /* label of a form */
  enum bench_option_type type;
  const char *initial; /* as typed */
  double min, max;     /* of numbers; sizes in bytes, durations in seconds */
  const char *text;    /* help, one line */
};
const struct bench_option_row *bench_option_row(enum bench_option option);
int bench_option_find(const char *name); /* -1: none */
/* The words of an option that has words, NULL-terminated; g_free. */
const char **bench_option_choices(enum bench_option option);

/* Auto: the best there is where it runs. */
enum bench_accel { BENCH_AUTO, BENCH_KVM, BENCH_TCG, BENCH_ACCELERATORS };
const char *bench_accel_name(enum bench_accel accel); /* "auto", "kvm", "tcg" */

enum bench_workload {
  BENCH_READ,
  BENCH_WRITE,
  BENCH_READ_WRITE,
  BENCH_RAND_READ,
  BENCH_RAND_WRITE,
  BENCH_RAND_READ_WRITE,
  BENCH_BOOT, /* how long a guest takes to boot */
  BENCH_CPU,  /* an integer loop, a float loop and a memory walk, in the guest and on the host */
  BENCH_KINDS
};
struct bench_workload_row {
  const char *name; /* "randread" */
  bool disk;        /* drives the scratch disk: block size and depth hold for it */
  int reads;        /* percent of its requests */
  bool random;
  const char *text;
};
const struct bench_workload_row *bench_workload_row(enum bench_workload workload);

/* A point of the matrix: what is compared with others.  Words are static or of tables. */
struct bench_cell {
  const struct backend *backend;
  enum bench_accel accel;
  const char *cache, *aio, *format; /* libvirt's words; "default": not given */
  bool iothread;
  enum bench_workload workload;
  uint64_t block_size; /* bytes; 0 where the workload drives no disk, as depth and fsync */
  int depth;           /* requests at once */
  int fsync;           /* after so many writes; 0: never */
};
/* Whether A and B do the same work, so that their figures may be compared. */
bool bench_cell_same_work(const struct bench_cell *a, const struct bench_cell *b);
/* Whether they do it on the same device with the same options. */
bool bench_cell_same_device(const struct bench_cell *a, const struct bench_cell *b);
/* "randread 4 KiB qd16", and "virtio-blk kvm cache=none aio=native qcow2"; callers free. */
char *bench_cell_work(const struct bench_cell *cell);
char *bench_cell_device(const struct bench_cell *cell);

/* Combinations that make no sense (aio=native of a disk that the host caches, an iothread of a device that is
 * not virtio) are left out of the matrix and counted. */
struct bench_plan {
  char *name;                 /* "quick", or of the file */
  char *value[BENCH_OPTIONS]; /* as typed */
  GArray *cells;              /* struct bench_cell: the matrix, in the order of the options */
  int left_out;
  /* The values that hold for all cells. */
  const char *guest; /* "auto", "linux", "pulse" */
  uint64_t memory, disk_size;
  int vcpus;
  double duration, warmup; /* seconds of a run that are measured, and discarded before them */
  int runs, runs_max;      /* of each cell; more than RUNS while an interval is wider than PRECISION */
  double precision;        /* half width of the 95 % interval, as percent of the median */
  double disturbance; /* percent of the host's CPU that others may use before a run counts as disturbed */
  const struct backend *baseline;
  uint32_t seed; /* of the order and of the bootstrap; 0: to be drawn when it is carried out */
};

/* The plan NAME: one that is shipped ("quick", "standard", "thorough", "reference"), else a file.  Checked
 * and expanded.  ERROR_USAGE says FILE:LINE:COLUMN of what is wrong.  Free with bench_plan_free. */
struct bench_plan *bench_plan_read(const char *name, GError **err);
/* From TEXT of LENGTH bytes; NAME is for errors. */
struct bench_plan *bench_plan_parse(const char *name, const char *text, size_t length, GError **err);
/* Change an option: ERROR_USAGE when its syntax or range is wrong, PLAN unchanged.  Cells are as before until
 * bench_plan_expand, which also judges what goes together (ERROR_USAGE). */
bool bench_plan_set(struct bench_plan *plan, enum bench_option option, const char *value, GError **err);
bool bench_plan_expand(struct bench_plan *plan, GError **err);
void bench_plan_free(struct bench_plan *plan); /* NULL is fine */
const struct bench_cell *bench_plan_cell(const struct bench_plan *plan, int cell);
/* The names of the plans that are shipped, NULL-terminated; g_strfreev. */
char **bench_plan_names(void);

/* The order of the cells in ROUND (from 0), each once: array of int, the same for the same seed and matrix;
 * g_array_unref. */
GArray *bench_plan_order(const struct bench_plan *plan, int round);

/* What carrying it out takes, with RUNS of each cell and with RUNS_MAX. */
struct bench_estimate {
  int runs, runs_max;
  double seconds, seconds_max;
  uint64_t disk, memory; /* bytes, at once: one guest runs at a time */
};
void bench_plan_estimate(const struct bench_plan *plan, struct bench_estimate *ret);
/* All of it for reading, at most 80 columns: the matrix, what holds for all, the estimate.  Caller frees. */
char *bench_plan_text(const struct bench_plan *plan);

#endif
