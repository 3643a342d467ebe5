/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sources there are for a guest on this machine, and why not the others. */
#ifndef VIRT_EXPLAIN_SOURCES_H
#define VIRT_EXPLAIN_SOURCES_H

#include "core/virt/verify/explain.h"

/* Fill those of RET, whose kind is set. */
void explain_sources(const struct explain_input *input, struct explanation *ret);

#endif
