/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection consists of; for virt.c, and for tests that look behind it. */
#ifndef VIRT_VIRT_PRIVATE_H
#define VIRT_VIRT_PRIVATE_H

#include "core/virt/conn/hub.h"
#include "core/virt/watch/watch.h"

struct virt {
  struct hub *hub;     /* opened, shared and closed */
  struct watch *watch; /* its scanner */
};

#endif
