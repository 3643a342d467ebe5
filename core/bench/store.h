/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of a benchmark as a file: results.json, versioned, with the statistics made from its runs.  Its
 * schema is conf/virtlens-results.schema.json. */
#ifndef BENCH_STORE_H
#define BENCH_STORE_H

#include <jansson.h>

#include "core/bench/results.h"

/* Write it as JSON to FILE, beside it first, then renamed (mode 0600). */
bool bench_results_write(const struct bench_results *results, const char *file, GError **err);
/* The same as a value; a new reference. */
json_t *bench_results_json(const struct bench_results *results);
/* Read FILE: ERROR_GENERAL when it cannot be read, ERROR_USAGE with the place when it is no results file, is
 * truncated, or comes from a later version.  The flat shape of other programs' results is read, too (version
 * 0): see store_flat.c. */
struct bench_results *bench_results_read(const char *file, GError **err);
/* The JSON Schema (draft 2020-12) of the file; a new reference. */
json_t *bench_results_schema(void);

#endif
