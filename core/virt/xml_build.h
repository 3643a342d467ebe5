/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thin hand on libxml2 for making XML. */
#ifndef VIRT_XML_BUILD_H
#define VIRT_XML_BUILD_H

#include <glib.h>
#include <libxml/tree.h>

/* A new last child of PARENT with escaped TEXT (NULL: none). */
xmlNodePtr xml_add(xmlNodePtr parent, const char *name, const char *text);
/* The same with attributes: NAME, VALUE pairs up to a NULL name; a NULL value leaves its attribute out. */
xmlNodePtr xml_add_with(xmlNodePtr parent, const char *name, ...) G_GNUC_NULL_TERMINATED;
void xml_attr(xmlNodePtr node, const char *name, const char *value);
void xml_add_bytes(xmlNodePtr parent, const char *name, guint64 bytes);
/* The root of a new document; xml_finish gives its text (caller frees) and frees it. */
xmlNodePtr xml_begin(const char *name);
char *xml_finish(xmlNodePtr root);

#endif
