/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The offers of a connection, from the facts of its platform. */
#ifndef VIRT_OFFERS_H
#define VIRT_OFFERS_H

#include "core/model/offers.h"
#include "core/virt/conn/hub.h"

/* What can be launched, asked afresh.  May wait. */
struct offers *offers_read(struct hub *hub, GError **err);

#endif
