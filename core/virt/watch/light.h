/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The light look: every guest's state and NICs, by one call that needs nobody's monitor. */
#ifndef VIRT_LIGHT_H
#define VIRT_LIGHT_H

#include "core/virt/watch/roster.h"

enum light_way { LIGHT_BULK, LIGHT_SINGLY }; /* drivers without bulk statistics are asked guest by guest */

/* Look at all guests of CONN.  False if CONN did not answer, *RET_WHY is libvirt's text then (g_free);
 * the roster is as it was.  *WAY is where it goes on next time. */
bool light_look(struct roster *roster, virConnectPtr conn, enum light_way *way, char **ret_why);

#endif
