/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a launch would hand to libvirt, and libvirt to QEMU. */
#ifndef VIRT_PREVIEW_H
#define VIRT_PREVIEW_H

#include "core/model/spec.h"
#include "core/virt/conn/hub.h"

/* The libvirt XML and QEMU command line as a launch of SPEC would make them; nothing
 * is created.  May wait.  Caller frees both. */
bool preview_launch(struct hub *hub, const struct spec *spec, char **ret_xml, char **ret_argv, GError **err);

#endif
