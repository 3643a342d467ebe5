/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host behind a remote connection, by libvirt's node calls. */
#ifndef VIRT_NODE_H
#define VIRT_NODE_H

#include "core/model/scan.h"
#include "core/virt/conn/libvirt.h"

struct node;
struct node *node_new(void);
void node_free(struct node *node);
/* Ask CONN (waits); NULL when it tells nothing.  Percentages need a second look. */
struct host_scan *node_look(struct node *node, virConnectPtr conn, const char *source);

#endif
