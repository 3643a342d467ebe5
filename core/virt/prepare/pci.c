/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/pci.h"

static void device_free(void *data)
{
  struct pci_device *device = data;
  char *texts[] = {device->address, device->driver, device->interface,
                   device->link,    device->pf,     device->online_fault};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(device->vfs);
  g_strfreev(device->mates);
  g_clear_pointer(&device->online, g_array_unref);
  g_free(device);
}

struct pci_host *pci_host_new(bool sysfs)
{
  struct pci_host *host = g_new(struct pci_host, 1);
  *host =
      (struct pci_host){.sysfs = sysfs, .devices = g_ptr_array_new_with_free_func(device_free), .remaps = -1};
  return host;
}

void pci_host_free(struct pci_host *host)
{
  if (!host)
    return;
  g_ptr_array_unref(host->devices);
  g_free(host->iommu);
  g_free(host);
}

struct pci_device *pci_add(struct pci_host *host, const char *address)
{
  struct pci_device *device = g_new(struct pci_device, 1);
  *device = (struct pci_device){.address = g_strdup(address), .class = -1, .group = -1, .numa = -1};
  g_ptr_array_add(host->devices, device);
  return device;
}

const struct pci_device *pci_find(const struct pci_host *host, const char *address)
{
  for (guint i = 0; address && i < host->devices->len; i++) {
    const struct pci_device *device = host->devices->pdata[i];
    if (g_str_equal(device->address, address))
      return device;
  }
  return NULL;
}

bool pci_is_nvme(const struct pci_device *device)
{
  return device->class == 0x010802;
}

bool pci_is_nic(const struct pci_device *device)
{
  return device->class >> 16 == 0x02;
}
