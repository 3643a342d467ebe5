/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/snapshots.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/conn/xml.h"

/* ---- for all parts ---- */

bool snapshots_name_free(const struct snapshots *snapshots, const char *name, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  return !snapshot_list_find(snapshots->list, name) ||
         error_set(err, ERROR_REFUSED, "Give it another name.", "snapshot %s: there is one of this name",
                   name);
}

const struct snapshot *snapshots_meant(const struct acting *acting, const struct snapshots *snapshots,
                                       GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  for (int i = 0; i < snapshots->list->count; i++) {
    const struct snapshot *row = &snapshots->list->rows[i];
    if (name ? !g_strcmp0(row->name, name) : row->current)
      return row;
  }
  if (name)
    error_set(err, ERROR_GENERAL, "It may have been deleted in the meantime.",
              "there is no such snapshot: %s", name);
  else
    error_set(err, ERROR_GENERAL, "Name one: name=NAME.", "it has no current snapshot");
  return NULL;
}

bool snapshots_redefine(virDomainPtr domain, const char *xml, bool current, GError **err)
{
  const unsigned flags =
      VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | (current ? VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT : 0);
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotCreateXML(domain, xml, flags);
  return snapshot || virt_error(err, NULL, "libvirt does not take the change of the snapshot");
}

char *snapshots_xml(virDomainPtr domain, const char *name, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotLookupByName(domain, name, 0);
  char *xml =
      snapshot ? take_text(virDomainSnapshotGetXMLDesc(snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE)) : NULL;
  if (!xml)
    virt_error(err, "It may have been deleted in the meantime.", "snapshot %s cannot be read", name);
  return xml;
}

char *snapshots_with_text(const char *xml, const char *xpath, const char *name, const char *text)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc)
    return NULL;
  g_autoptr(GPtrArray) nodes = xml_nodes(doc, xpath);
  if (!nodes->len) {
    xml_add(xmlDocGetRootElement(doc), name, text);
  } else {
    xmlNodeSetContent(nodes->pdata[0], NULL);
    xmlNodeAddContent(nodes->pdata[0], (const xmlChar *)text);
  }
  return xml_finish(xmlDocGetRootElement(doc));
}

bool snapshots_forget(virDomainPtr domain, const char *name, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotLookupByName(domain, name, 0);
  return (snapshot && virDomainSnapshotDelete(snapshot, VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY) == 0) ||
         virt_error(err, NULL, "snapshot %s was not deleted", name);
}
