/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PCI device of the host in a guest's definition: libvirt's <hostdev> and <interface type='hostdev'>. Pure.
 */
#ifndef VIRT_HOSTDEV_H
#define VIRT_HOSTDEV_H

#include "core/virt/conn/xml.h"

/* What the host gives to a NIC. */
struct hostdev_nic {
  const char *mac; /* NULL: libvirt makes one up */
  int vlan;        /* 0: none */
};
void hostdev_add_nic_words(xmlNodePtr interface, const struct hostdev_nic *nic);
/* Add the device at ADDRESS ("0000:01:00.1") to DEVICES, given back to the host's driver when the guest ends;
 * NIC NULL: it is none. */
void hostdev_add(xmlNodePtr devices, const char *address, const struct hostdev_nic *nic);
/* The same by itself, as text.  Caller frees. */
char *hostdev_text(const char *address, const struct hostdev_nic *nic);
/* The address that an element of libvirt's, with attributes domain, bus, slot and function, stands for.
 * Caller frees. */
char *hostdev_address(xmlNodePtr node);
/* The addresses of all in a definition; NULL when it cannot be read.  Caller frees. */
char **hostdev_addresses(const char *domain_xml);
/* That of ADDRESS in a definition, as text; NULL: it has none.  Caller frees. */
char *hostdev_find(const char *domain_xml, const char *address);

#endif
