/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of a guest: on which path the I/O of each goes, and who serves it. */
#ifndef VIRT_EXPLAIN_DEVICES_H
#define VIRT_EXPLAIN_DEVICES_H

#include "core/model/guest.h"
#include "core/virt/verify/explain.h"

/* Add them to RET, whose kind is set.  INFO is what INPUT's definition says. */
void explain_devices(const struct explain_input *input, const struct guest_info *info,
                     struct explanation *ret);

#endif
