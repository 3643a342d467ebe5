/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/sriov.h"

static struct sriov_vf *read_vf(const struct sriov_place *place, const char *address)
{
  const struct pci_device *device = pci_find(place->host, address);
  struct sriov_vf *vf = g_new0(struct sriov_vf, 1);
  vf->address = g_strdup(address);
  vf->driver = device ? g_strdup(device->driver) : NULL;
  vf->group = device ? device->group : -1;
  vf->mates = device ? g_strdupv(device->mates) : NULL;
  vf->holder = place->holders ? g_strdup(g_hash_table_lookup(place->holders, address)) : NULL;
  vf->checks = sriov_preflight(place, address);
  return vf;
}

static struct sriov_pf *read_pf(const struct sriov_place *place, const struct pci_device *device)
{
  struct sriov_pf *pf = g_new0(struct sriov_pf, 1);
  pf->address = g_strdup(device->address);
  pf->driver = g_strdup(device->driver);
  pf->interface = g_strdup(device->interface);
  pf->link = g_strdup(device->link);
  pf->class = pci_is_nic(device) ? SRIOV_NIC : pci_is_nvme(device) ? SRIOV_NVME : SRIOV_OTHER;
  pf->total = device->total;
  pf->made = device->made;
  pf->numa = device->numa;
  pf->list = g_ptr_array_new_with_free_func(sriov_vf_free);
  for (char **address = device->vfs; address && *address; address++) {
    struct sriov_vf *vf = read_vf(place, *address);
    pf->free += !vf->driver;
    g_ptr_array_add(pf->list, vf);
  }
  return pf;
}

GPtrArray *sriov_scan(const struct sriov_place *place)
{
  GPtrArray *found = g_ptr_array_new_with_free_func(sriov_pf_free);
  for (guint i = 0; i < place->host->devices->len; i++) {
    const struct pci_device *device = place->host->devices->pdata[i];
    if (device->total > 0)
      g_ptr_array_add(found, read_pf(place, device));
  }
  return found;
}
