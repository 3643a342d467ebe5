/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A witness of a revert: something in the guest's definition that goes when libvirt loads that of the
 * snapshot. */
#ifndef VIRT_WITNESS_H
#define VIRT_WITNESS_H

#include "core/virt/conn/libvirt.h"

/* Leave one, now and for the next start; the word by which it is known again (caller frees), or NULL: this
 * driver keeps none. */
char *witness_leave(virDomainPtr domain);
/* 1: WITNESS is there, 0: it is not, -1: libvirt does not tell. */
int witness_is_there(virDomainPtr domain, const char *witness);
/* Take away any that is there. */
void witness_remove(virDomainPtr domain);

#endif
