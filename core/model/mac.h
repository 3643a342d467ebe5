/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MAC addresses and VLANs of NICs, as they are typed.  Pure. */
#ifndef MODEL_MAC_H
#define MODEL_MAC_H

#include <glib.h>
#include <stdbool.h>

#define MAC_TEXT_BYTES 18 /* "52:54:00:12:34:56" */

/* TEXT as libvirt writes it, in small letters.  ERROR_USAGE: it is none, or none that a NIC can have (a
 * group's, or all zero). */
bool mac_parse(const char *text, char ret[MAC_TEXT_BYTES], GError **err);
/* 1 to 4094: IEEE 802.1Q keeps 0 and 4095 for itself. */
bool vlan_parse(const char *text, int *ret, GError **err);

#endif
