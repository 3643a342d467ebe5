/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of the embedded lab: made ready, locked, and given to libvirt as a URI. */
#ifndef VIRT_LAB_H
#define VIRT_LAB_H

#include <glib.h>
#include <stdbool.h>

/* The lab of root, whose own state folder is closed to QEMU's user. */
#define LAB_OF_ROOT "/var/lib/virtlens/lab"

struct lab;
/* Make ROOT (NULL: the default place) ready: folders, qemu.conf, what was left by a job cut short is cleared
 * up.  Its lock is held until lab_close, or the end of the process: ERROR_GENERAL names who has it. */
struct lab *lab_open(const char *root, GError **err);
/* What libvirt is to open. */
const char *lab_uri(const struct lab *lab);
const char *lab_root(const struct lab *lab);
/* What jobs cut short had left, and what became of it: sentences, NULL-terminated, borrowed. */
const char *const *lab_left(const struct lab *lab);
void lab_close(struct lab *lab);

/* QEMU's user cannot enter DIR: this program runs as root, and a folder on the way is closed to others. */
bool lab_closed(const char *dir);

#endif
