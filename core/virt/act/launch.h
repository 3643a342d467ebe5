/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Launch: plan, check, make disks, define, start; whatever was made is removed when it fails. */
#ifndef VIRT_LAUNCH_H
#define VIRT_LAUNCH_H

#include "core/virt/act/acting.h"

/* Handler of an action: the guest of ACTING's spec. */
bool launch_guest(struct acting *acting, GError **err);
/* Whether SPEC could be launched now, without making anything.  May wait. */
bool launch_check(struct hub *hub, const struct spec *spec, GError **err);

#endif
