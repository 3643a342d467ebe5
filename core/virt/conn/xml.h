/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thin hand on libxml2: libvirt's XML is read by XPath, ours is made node by node. */
#ifndef VIRT_XML_H
#define VIRT_XML_H

#include <glib.h>
#include <libxml/tree.h>

/* Of the metadata by which guests that we made are known: <guest template="NAME" base="SHIPPED" key="FILE"/>,
 * the second where the template is the user's own, the third the private key for SSH where that is not the
 * user's own. */
#define XML_OUR_NAMESPACE "https://virtlens.example/xmlns/1"

/* Of the metadata in the definition that a snapshot keeps: <taken at="its creationTime" seconds="0.31"/>. */
#define XML_SNAPSHOT_NAMESPACE "https://virtlens.example/xmlns/snapshot/1"

/* Of the metadata that tells of a guest's former images (own.h): <former><file>PATH</file>...</former>. */
#define XML_FORMER_NAMESPACE "https://virtlens.example/xmlns/former/1"

/* Of what libvirt hands to QEMU as it is: https://libvirt.org/drvqemu.html. */
#define XML_QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"

/* ---- reading ---- */
/* TEXT as a document (xmlFreeDoc), or NULL when it is not XML, or has a document type of its own (libvirt
 * writes none).  Nothing else is fetched or said. */
xmlDocPtr xml_parse(const char *text);
/* All texts that XPATH finds in XML, NULL-terminated (g_strfreev); NULL when XML cannot be
 * read or nothing is found.  "v:" and "s:" in XPATH are our own two namespaces, "q:" is
 * QEMU's. */
char **xml_texts(const char *xml, const char *xpath);
/* The first of them, or NULL. */
char *xml_text(const char *xml, const char *xpath);

/* The first element that XPATH finds in XML, as a document of its own called NAME, without our notes on
 * snapshots; NULL: there is none.  Caller frees. */
char *xml_part(const char *xml, const char *xpath, const char *name);
/* The nodes of DOC that XPATH finds (xmlNodePtr, borrowed), in the order of the document. */
GPtrArray *xml_nodes(xmlDocPtr doc, const char *xpath);

/* The attribute NAME of NODE, or NULL.  Caller frees. */
char *xml_attr_text(xmlNodePtr node, const char *name);

/* NODE as text.  Caller frees. */
char *xml_node_text(xmlNodePtr node);

/* ---- making ---- */
/* A new last child of PARENT with escaped TEXT (NULL: none). */
xmlNodePtr xml_add(xmlNodePtr parent, const char *name, const char *text);
/* The same with attributes: NAME, VALUE pairs up to a NULL name; a NULL value leaves its attribute out. */
xmlNodePtr xml_add_with(xmlNodePtr parent, const char *name, ...) G_GNUC_NULL_TERMINATED;
/* VALUE NULL: nothing is done. */
void xml_attr(xmlNodePtr node, const char *name, const char *value);
/* The same over a value that is there. */
void xml_set_attr(xmlNodePtr node, const char *name, const char *value);
/* Take all that XPATH finds out of DOC. */
void xml_remove(xmlDocPtr doc, const char *xpath);
void xml_add_bytes(xmlNodePtr parent, const char *name, guint64 bytes);
/* The root of a new document; xml_finish gives its text (caller frees) and frees it. */
xmlNodePtr xml_begin(const char *name);
char *xml_finish(xmlNodePtr root);

#endif
