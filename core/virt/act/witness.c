/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/witness.h"

#include "core/virt/conn/xml.h"

#define NAMESPACE "https://virtlens.example/xmlns/revert/1"

/* XML NULL: none. */
static bool set(virDomainPtr domain, const char *xml)
{
  return virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, xml, "virtlens-revert", NAMESPACE,
                              guest_scope(domain)) == 0;
}

char *witness_leave(virDomainPtr domain)
{
  g_autofree char *word = g_uuid_string_random();
  xmlNodePtr root = xml_begin("witness");
  xml_attr(root, "word", word);
  g_autofree char *xml = xml_finish(root);
  return set(domain, xml) ? g_steal_pointer(&word) : NULL;
}

int witness_is_there(virDomainPtr domain, const char *witness)
{
  g_autofree char *xml = take_text(virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, NAMESPACE, 0));
  if (!xml)
    return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN_METADATA ? 0 : -1;
  g_autofree char *word = xml_text(xml, "/*/@word");
  return !g_strcmp0(word, witness);
}

void witness_remove(virDomainPtr domain)
{
  set(domain, NULL);
}
