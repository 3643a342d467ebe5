/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/xml_build.h"

static const xmlChar *xc(const char *s)
{
  return (const xmlChar *)s;
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

char *xml_finish(xmlNodePtr root)
{
  xmlBufferPtr buffer = xmlBufferCreate();
  xmlNodeDump(buffer, root->doc, root, 0, 1);
  char *text = g_strdup((const char *)xmlBufferContent(buffer));
  xmlBufferFree(buffer);
  xmlFreeDoc(root->doc);
  return text;
}
