/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/xml.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

static const xmlChar *xc(const char *s)
{
  return (const xmlChar *)s;
}

/* ---- reading ---- */

static xmlDocPtr parse(const char *text, int options)
{
  size_t size = strlen(text);
  if (size > G_MAXINT)
    return NULL;
  xmlDocPtr doc = xmlReadMemory(text, (int)size, NULL, NULL,
                                options | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (!doc || !xmlGetIntSubset(doc))
    return doc;
  xmlFreeDoc(doc); /* its entities could be anything, and of any size */
  return NULL;
}

xmlDocPtr xml_parse(const char *text)
{
  return parse(text, 0);
}

static xmlXPathObjectPtr find(xmlXPathContextPtr context, const char *xpath)
{
  xmlXPathRegisterNs(context, xc("v"), xc(XML_OUR_NAMESPACE));
  xmlXPathRegisterNs(context, xc("s"), xc(XML_SNAPSHOT_NAMESPACE));
  xmlXPathRegisterNs(context, xc("q"), xc(XML_QEMU_NAMESPACE));
  return xmlXPathEvalExpression(xc(xpath), context);
}

static char **found_texts(xmlXPathContextPtr context, const char *xpath)
{
  xmlXPathObjectPtr found = find(context, xpath);
  if (!found)
    return NULL;
  GPtrArray *texts = g_ptr_array_new();
  for (int i = 0; found->nodesetval && i < found->nodesetval->nodeNr; i++) {
    xmlChar *text = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
    g_ptr_array_add(texts, g_strdup((const char *)text));
    xmlFree(text);
  }
  xmlXPathFreeObject(found);
  g_ptr_array_add(texts, NULL);
  char **list = (char **)g_ptr_array_free(texts, FALSE);
  if (!list[0])
    g_clear_pointer(&list, g_strfreev);
  return list;
}

GPtrArray *xml_nodes(xmlDocPtr doc, const char *xpath)
{
  GPtrArray *nodes = g_ptr_array_new();
  xmlXPathContextPtr context = xmlXPathNewContext(doc);
  xmlXPathObjectPtr found = context ? find(context, xpath) : NULL;
  for (int i = 0; found && found->nodesetval && i < found->nodesetval->nodeNr; i++)
    g_ptr_array_add(nodes, found->nodesetval->nodeTab[i]);
  xmlXPathFreeObject(found);
  xmlXPathFreeContext(context);
  return nodes;
}

char **xml_texts(const char *xml, const char *xpath)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc)
    return NULL;
  xmlXPathContextPtr context = xmlXPathNewContext(doc);
  char **list = context ? found_texts(context, xpath) : NULL;
  xmlXPathFreeContext(context);
  xmlFreeDoc(doc);
  return list;
}

char *xml_text(const char *xml, const char *xpath)
{
  g_auto(GStrv) list = xml_texts(xml, xpath);
  return list ? g_strdup(list[0]) : NULL;
}

char *xml_attr_text(xmlNodePtr node, const char *name)
{
  xmlChar *value = xmlGetNoNsProp(node, xc(name));
  char *copy = g_strdup((const char *)value);
  xmlFree(value);
  return copy;
}

/* ---- making ---- */

void xml_set_attr(xmlNodePtr node, const char *name, const char *value)
{
  xmlSetProp(node, xc(name), xc(value));
}

xmlNodePtr xml_add(xmlNodePtr parent, const char *name, const char *text)
{
  return xmlNewTextChild(parent, NULL, xc(name), xc(text));
}

void xml_attr(xmlNodePtr node, const char *name, const char *value)
{
  if (value)
    xmlNewProp(node, xc(name), xc(value));
}

void xml_remove(xmlDocPtr doc, const char *xpath)
{
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, xpath);
  for (guint i = 0; i < nodes->len; i++) {
    xmlUnlinkNode(nodes->pdata[i]);
    xmlFreeNode(nodes->pdata[i]);
  }
}

xmlNodePtr xml_add_with(xmlNodePtr parent, const char *name, ...)
{
  xmlNodePtr node = xml_add(parent, name, NULL);
  va_list pairs;
  va_start(pairs, name);
  for (const char *key; (key = va_arg(pairs, const char *));)
    xml_attr(node, key, va_arg(pairs, const char *));
  va_end(pairs);
  return node;
}

void xml_add_bytes(xmlNodePtr parent, const char *name, guint64 bytes)
{
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
  xml_attr(xml_add(parent, name, text), "unit", "bytes");
}

xmlNodePtr xml_begin(const char *name)
{
  xmlDocPtr doc = xmlNewDoc(xc("1.0"));
  xmlNodePtr root = xmlNewDocNode(doc, NULL, xc(name), NULL);
  xmlDocSetRootElement(doc, root);
  return root;
}

char *xml_node_text(xmlNodePtr node)
{
  xmlBufferPtr buffer = xmlBufferCreate();
  xmlNodeDump(buffer, node->doc, node, 0, 1);
  char *text = g_strdup((const char *)xmlBufferContent(buffer));
  xmlBufferFree(buffer);
  return text;
}

char *xml_finish(xmlNodePtr root)
{
  char *text = xml_node_text(root);
  xmlFreeDoc(root->doc);
  return text;
}

/* ---- parts ---- */

char *xml_part(const char *xml, const char *xpath, const char *name)
{
  xmlDocPtr doc = parse(xml, XML_PARSE_NOBLANKS), part = NULL; /* indented anew, wherever it stood */
  if (!doc)
    return NULL;
  xml_remove(doc, "//metadata/s:taken");
  xml_remove(doc, "//metadata[not(node())]");
  g_autoptr(GPtrArray) found = xml_nodes(doc, xpath);
  if (found->len && (part = xmlNewDoc(xc("1.0"))) != NULL) {
    xmlNodePtr root = xmlDocCopyNode(found->pdata[0], part, 1);
    xmlNodeSetName(root, xc(name));
    xmlDocSetRootElement(part, root);
  }
  xmlFreeDoc(doc);
  return part ? xml_finish(xmlDocGetRootElement(part)) : NULL;
}
