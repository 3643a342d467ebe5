/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel of template linux: where virtlens-mklinux put it, and its copy where QEMU's user can read it. */
#ifndef VIRT_LINUX_KERNEL_H
#define VIRT_LINUX_KERNEL_H

#include <glib.h>
#include <stdbool.h>

#define LINUX_KERNEL "vmlinuz" /* as virtlens-mklinux names them */
#define LINUX_INITRD "initrd.img"
#define LINUX_PROGRAMS "programs" /* a line "NAME VERSION" for each program that it may have or not */

/* The folder DIR holds a kernel and an initrd. */
bool linux_kernel_in(const char *dir);
/* The folder that guests of the lab at ROOT (NULL: of no lab) use them from, whether they are there or
 * not.  *RET_SOURCE: where they have to be copied from before; NULL: used in place.  Caller frees both. */
char *linux_kernel_dir(const char *root, char **ret_source);
/* What program NAME ("fio") of the guest in DIR says of its version; NULL: the guest has none.  Caller frees.
 */
char *linux_kernel_program(const char *dir, const char *name);
/* Copy them from SOURCE to DIR, which is made, unless they are there. */
bool linux_kernel_copy(const char *source, const char *dir, GError **err);

#endif
