/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All figures of one guest, asked for at once: for who measures over a window of its own, beside the scans.
 * Worker threads only; for one thread at a time. */
#ifndef VIRT_PROBE_H
#define VIRT_PROBE_H

#include "core/model/guest.h"
#include "core/virt/conn/hub.h"

struct probe;
/* Of the guest UUID, which runs. */
struct probe *probe_new(struct hub *hub, const char *uuid, GError **err);
/* Its figures now, nothing derived: guest_derive makes rates of two looks.  Waits for libvirt and QEMU.
 * guest_free. */
struct guest *probe_look(struct probe *probe, GError **err);
/* Its definition as it runs, and the command line of its process; NULL: not to be had.  Callers free. */
char *probe_xml(const struct probe *probe);
char *probe_command(const struct probe *probe);
void probe_free(struct probe *probe); /* NULL is fine */

#endif
