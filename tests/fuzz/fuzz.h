/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A harness is one function, as libFuzzer wants it; without libFuzzer driver.c feeds it the corpus. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
