/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures of NICs that were passed through to guests of this machine. */
#ifndef VIRT_PASSED_H
#define VIRT_PASSED_H

#include "core/virt/watch/roster.h"

/* Give each such NIC of the guests that run a row of figures, read now, where its device's driver counts it.
 */
void passed_look(struct roster *roster);

#endif
