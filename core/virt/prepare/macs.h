/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a MAC address is still to be had on a connection. */
#ifndef VIRT_MACS_H
#define VIRT_MACS_H

#include "core/virt/conn/libvirt.h"

/* No guest of CONN has MAC (as mac_parse writes it; NULL is fine), running or not.  ERROR_REFUSED: one has.
 * May wait. */
bool mac_is_free(virConnectPtr conn, const char *mac, GError **err);

#endif
