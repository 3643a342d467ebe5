/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/xml_read.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "core/virt/blueprint.h"

static char **found_texts(xmlXPathContextPtr context, const char *xpath)
{
  xmlXPathRegisterNs(context, (const xmlChar *)"v", (const xmlChar *)BLUEPRINT_NAMESPACE);
  xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)xpath, context);
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

char **xml_texts(const char *xml, const char *xpath)
{
  xmlDocPtr doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
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
