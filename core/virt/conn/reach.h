/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How SSH reaches a guest, in its definition: a NIC on a user network, where a port of this host leads to the
 * guest's port 22; and what the guest is told at its start, by QEMU's fw_cfg.  The network is libvirt's own
 * with passt, or else one of QEMU's, of which libvirt knows nothing but the arguments.  Pure. */
#ifndef VIRT_REACH_H
#define VIRT_REACH_H

#include <stdbool.h>

#include "core/virt/conn/xml.h"

/* ---- reading ---- */
/* A NIC that the arguments for QEMU make, as a guest's description has them. */
struct reach_nic {
  char *model, *mac; /* QEMU's word; NULL: not said */
  int port;          /* of this host, to the guest's 22; 0: none */
};
/* All of DOMAIN, the root of a definition (struct reach_nic *, owned by the array). */
GPtrArray *reach_nics(xmlNodePtr domain);
/* Definition XML has one with the address MAC. */
bool reach_has_nic(const char *xml, const char *mac);
/* The port of this host that INTERFACE, of libvirt's own NICs, forwards to the guest's 22; 0: none. */
int reach_interface_port(xmlNodePtr interface);
/* The first port of definition XML that leads to the guest's 22; 0: none, or XML cannot be read. */
int reach_port(const char *xml);

/* ---- making ---- */
/* A MAC address that nobody else should have.  Caller frees. */
char *reach_new_mac(void);
/* A NIC of libvirt's MODEL for DOMAIN, on a user network of QEMU's own. */
void reach_add_nic(xmlNodePtr domain, const char *model, const char *mac, int port);
/* The forwarding for INTERFACE, a NIC of libvirt's own; passt does it. */
void reach_add_forward(xmlNodePtr interface, int port);
/* What the guest is told at its start. */
struct reach_facts {
  const char *name; /* the guest's: its host name is made of it */
  const char *keys; /* public keys that may log in, a line each; NULL: none */
  const char
      *scratch; /* the serial number of the disk that it is to work on for a benchmark; NULL: on none */
};
void reach_add_facts(xmlNodePtr domain, const struct reach_facts *facts);

/* ---- changing ---- */
/* Forward PORT instead, and give QEMU's own NIC the address MAC (NULL: it keeps what it has). */
void reach_move(xmlDocPtr doc, int port, const char *mac);
/* The guest, which is told its host name, is called NAME now. */
void reach_rename(xmlDocPtr doc, const char *name);

#endif
