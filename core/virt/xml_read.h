/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single values out of libvirt's XML, by XPath. */
#ifndef VIRT_XML_READ_H
#define VIRT_XML_READ_H

#include <glib.h>

/* All texts that XPATH finds in XML, NULL-terminated (g_strfreev); NULL when XML cannot be
 * read or nothing is found.  "v:" in XPATH is our own metadata namespace. */
char **xml_texts(const char *xml, const char *xpath);
/* The first of them, or NULL. */
char *xml_text(const char *xml, const char *xpath);

#endif
