/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection and this machine tell of a guest, brought together for explain(). */
#ifndef VIRT_EXPLAIN_GUEST_H
#define VIRT_EXPLAIN_GUEST_H

#include "core/model/explanation.h"
#include "core/virt/conn/hub.h"

/* The guest UUID of HUB's connection; LOCAL: its host is this machine.  Waits for libvirt and for QEMU to
 * tell its version: worker thread.  Caller frees by explanation_free. */
struct explanation *explain_guest(struct hub *hub, bool local, const char *uuid, GError **err);

#endif
