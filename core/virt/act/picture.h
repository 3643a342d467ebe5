/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of a guest's screen as hypervisors give them, made PNG. */
#ifndef VIRT_PICTURE_H
#define VIRT_PICTURE_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* Write the picture in the N BYTES to OUT as PNG: a binary PPM of 8 bits a colour (QEMU's, libvirt's own) is
 * converted, a PNG goes as it is.  What is anything else, cut short or larger than 16384 pixels a side:
 * ERROR_UNSUPPORTED, and nothing is written. */
bool picture_write_png(const guint8 *bytes, gsize n, FILE *out, GError **err);

#endif
