/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a lab session: all its guests off. */
#ifndef VIRT_STOP_ALL_H
#define VIRT_STOP_ALL_H

#include "core/virt/conn/hub.h"

/* Ask each guest to shut down, and force off what has not after half of DEADLINE_SECONDS. */
bool stop_all(struct hub *hub, double deadline_seconds, GError **err);

#endif
