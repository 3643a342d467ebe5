/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/own.h"

#include <stdlib.h>

#include "core/virt/conn/xml.h"

#define FORMER "metadata/*[namespace-uri()='" XML_FORMER_NAMESPACE "']/*"

/* ---- snapshots ---- */

#define DEFINITION "/domainsnapshot/*[self::domain or self::inactiveDomain]/"
#define XPATH_FILES                                                                                          \
  DEFINITION "devices"                                                                                       \
             "/disk[@device='disk' or not(@device)][not(readonly)][not(shareable)]/source/@file | "          \
             "/domainsnapshot/disks/disk/source/@file | /domainsnapshot/memory/@file | " DEFINITION FORMER

char **own_of_snapshots(virDomainPtr domain)
{
  GPtrArray *files = g_ptr_array_new();
  virDomainSnapshotPtr *snapshots = NULL;
  const int count = virDomainListAllSnapshots(domain, &snapshots, 0);
  for (int i = 0; i < count; i++) {
    g_autofree char *xml = take_text(virDomainSnapshotGetXMLDesc(snapshots[i], 0));
    g_auto(GStrv) found = xml ? xml_texts(xml, XPATH_FILES) : NULL;
    for (char **file = found; file && *file; file++)
      if (!g_ptr_array_find_with_equal_func(files, *file, g_str_equal, NULL))
        g_ptr_array_add(files, g_strdup(*file));
    virDomainSnapshotFree(snapshots[i]);
  }
  free(snapshots);
  g_ptr_array_add(files, NULL);
  return (char **)g_ptr_array_free(files, FALSE);
}

/* ---- former ones ---- */

char **own_former(const char *xml)
{
  return xml_texts(xml, "/domain/" FORMER);
}

/* NULL: there are none.  Caller frees. */
static char *former_xml(GHashTable *files)
{
  if (!g_hash_table_size(files))
    return NULL;
  xmlNodePtr root = xml_begin("former");
  GHashTableIter iter;
  gpointer file;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &file, NULL))
    xml_add(root, "file", file);
  return xml_finish(root);
}

bool own_set_former(virDomainPtr domain, GHashTable *files, GError **err)
{
  g_autofree char *xml = former_xml(files);
  return virDomainIsPersistent(domain) != 1 ||
         virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, xml, "virtlens-former",
                              XML_FORMER_NAMESPACE, VIR_DOMAIN_AFFECT_CONFIG) == 0 ||
         virt_error(err, NULL, "it cannot be noted which images are its own");
}
