/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's definition as libvirt describes it, read into guest_info. */
#ifndef VIRT_DOMAIN_XML_H
#define VIRT_DOMAIN_XML_H

#include <glib.h>

#include "core/model/guest.h"

/* Read domain XML (any thread).  NAME and UUID are the guest's as libvirt's handle
 * gives them.  Fails for what is no domain XML, or has a document type of its own
 * (libvirt writes none).  Caller owns the reference. */
struct guest_info *domain_xml_read(const char *xml, const char *name, const char *uuid, GError **err);

#endif
