/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest's disks stand on, all the way. */
#ifndef VIRT_ACT_CHAIN_H
#define VIRT_ACT_CHAIN_H

#include "core/model/chain.h"
#include "core/virt/act/acting.h"

/* The images of the writable disks of the guest UUID; chain_free.  May wait. */
struct chain *chain_of(struct hub *hub, const char *uuid, GError **err);

#endif
