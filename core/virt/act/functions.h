/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual functions of a host's devices (SR-IOV): listed; made and removed on this machine. */
#ifndef VIRT_ACT_FUNCTIONS_H
#define VIRT_ACT_FUNCTIONS_H

#include "core/model/sriov.h"
#include "core/virt/act/acting.h"

/* The functions that HUB's guests could be given; NULL: its driver lists no devices.  sriov_list_free.  May
 * wait. */
struct sriov_list *functions_list(struct hub *hub, GError **err);
/* Make "count=N" functions of the device "pf=ADDRESS"; refused while one is in use. */
bool functions_make(struct acting *acting, GError **err);

#endif
