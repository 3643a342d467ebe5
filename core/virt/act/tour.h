/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tour: two guests, the same work, two backends. */
#ifndef VIRT_TOUR_H
#define VIRT_TOUR_H

#include "core/virt/act/acting.h"

/* Make them, or wake them, and wait until both are seen working. */
bool tour(struct acting *acting, GError **err);
/* The name of its guest I, from 0; NULL: there are no more. */
const char *tour_name(int i);

#endif
