/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypervisor processes of this machine, found without asking anyone. */
#ifndef VIRT_PROCESS_H
#define VIRT_PROCESS_H

#include <glib.h>

/* The UUID that a QEMU command line (COUNT bytes, each argument ended by a 0 byte) names, or NULL.
 * Points into ARGS. */
const char *process_uuid(const char *args, size_t count);
/* UUID -> pid_t of every QEMU that runs here and says its UUID; those that two processes claim
 * are left out.  Caller unrefs. */
GHashTable *process_by_uuid(void);

#endif
