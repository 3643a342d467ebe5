/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done: one row per action. */
#ifndef VIRT_ACT_H
#define VIRT_ACT_H

#include "core/model/act.h"
#include "core/virt/conn/hub.h"

/* Do it, waiting for its end: worker threads only.  On failure nothing is left behind and ERR holds
 * libvirt's own text.  Where the connection is lost meanwhile it is looked up what became of it
 * (aftermath.h). */
bool act_do(struct hub *hub, struct act *act, GError **err);

#endif
