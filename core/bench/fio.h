/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fio, which does the work of disk workloads in the guest linux: what it is told, and the JSON that it
 * answers. Pure. */
#ifndef BENCH_FIO_H
#define BENCH_FIO_H

#include "core/bench/histogram.h"
#include "core/bench/plan.h"

/* The arguments that make it do CELL's work for SECONDS on the scratch disk, which the guest itself adds;
 * SEED is of the places that it reads and writes.  Words without blanks or quotes, separated by blanks.
 * Caller frees. */
char *fio_work(const struct bench_cell *cell, double seconds, uint32_t seed);
/* The same to write all of the disk once, so that nothing that is measured meets a hole. */
char *fio_fill(void);

/* What it found, reads and writes together. */
struct fio_result {
  char *version;              /* "fio-3.33" */
  double seconds;             /* by the guest's clock */
  uint64_t requests, bytes;   /* that were done */
  uint64_t reads, read_bytes; /* of these */
  double mean_s, max_s;       /* of a request, from its submission to its end; NaN: no request was done */
  struct bench_histogram *latency;
};
/* Read TEXT (LENGTH bytes), its --output-format=json+ with --lat_percentiles=1; lines before the JSON are
 * passed over.  ERROR_GENERAL with the place, where it is something else or says that the work failed.  Clear
 * RET (all zero when false). */
bool fio_parse(const char *text, size_t length, struct fio_result *ret, GError **err);
void fio_result_clear(struct fio_result *result);

#endif
