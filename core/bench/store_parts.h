/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of store.h share. */
#ifndef BENCH_STORE_PARTS_H
#define BENCH_STORE_PARTS_H

#include "core/bench/store.h"

#define STORE_FORMAT "virtlens-benchmark"

/* Results of other programs, as one flat object for each thing measured: ROOT read as such.  NULL without an
 * error: it is not of that shape. */
struct bench_results *store_flat(const json_t *root);

#endif
