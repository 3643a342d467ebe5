/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/sriov_private.h"

#include <string.h>

/* ---- sysfs ---- */

char *pci_path(const char *sysfs, const char *device, const char *name)
{
  return g_build_filename(sysfs, "bus", "pci", "devices", device, name, NULL);
}

char *pci_word(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = pci_path(sysfs, device, name);
  char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

int pci_number(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *text = pci_word(sysfs, device, name);
  return text ? (int)g_ascii_strtoll(text, NULL, 0) : -1;
}

char *pci_target(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = pci_path(sysfs, device, name);
  g_autofree char *target = g_file_read_link(file, NULL);
  return target ? g_path_get_basename(target) : NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *entries_of(const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    g_ptr_array_add(names, g_strdup(name));
  if (dir)
    g_dir_close(dir);
  g_ptr_array_sort(names, by_name);
  return names;
}

/* ---- what there is ---- */

enum sriov_class sriov_class_of(const char *sysfs, const char *device)
{
  int code = pci_number(sysfs, device, "class"); /* PCI: base class, subclass, interface */
  if (code < 0)
    return SRIOV_OTHER;
  return code >> 16 == 0x02 ? SRIOV_NIC : code == 0x010802 ? SRIOV_NVME : SRIOV_OTHER;
}

static char *link_of(const char *sysfs, const char *device)
{
  g_autofree char *speed = pci_word(sysfs, device, "current_link_speed");
  g_autofree char *width = pci_word(sysfs, device, "current_link_width");
  return speed && width ? g_strdup_printf("%s x%s", speed, width) : NULL;
}

static char **mates_of(const char *sysfs, const char *device)
{
  g_autofree char *folder = pci_path(sysfs, device, "iommu_group/devices");
  g_autoptr(GPtrArray) names = entries_of(folder);
  g_autoptr(GStrvBuilder) mates = g_strv_builder_new();
  for (guint i = 0; i < names->len; i++)
    if (!g_str_equal(names->pdata[i], device))
      g_strv_builder_add(mates, names->pdata[i]);
  return g_strv_builder_end(mates);
}

struct sriov_vf *sriov_read_vf(const char *sysfs, const char *address)
{
  struct sriov_vf *vf = g_new0(struct sriov_vf, 1);
  g_autofree char *group = pci_target(sysfs, address, "iommu_group");
  vf->address = g_strdup(address);
  vf->driver = pci_target(sysfs, address, "driver");
  vf->group = group ? (int)g_ascii_strtoll(group, NULL, 10) : -1;
  vf->mates = group ? mates_of(sysfs, address) : NULL;
  return vf;
}

/* VF, made of a function of this class, with its holder and its pre-flight. */
static struct sriov_vf *whole_vf(const struct sriov_place *place, const char *address)
{
  struct sriov_vf *vf = sriov_read_vf(place->sysfs, address);
  vf->holder = place->holders ? g_strdup(g_hash_table_lookup(place->holders, address)) : NULL;
  vf->checks = sriov_preflight(place, address);
  return vf;
}

static struct sriov_pf *read_pf(const struct sriov_place *place, const char *address, int total)
{
  const char *sysfs = place->sysfs;
  struct sriov_pf *pf = g_new0(struct sriov_pf, 1);
  pf->address = g_strdup(address);
  pf->driver = pci_target(sysfs, address, "driver");
  pf->link = link_of(sysfs, address);
  pf->class = sriov_class_of(sysfs, address);
  pf->total = total;
  pf->made = MAX(pci_number(sysfs, address, "sriov_numvfs"), 0);
  pf->numa = pci_number(sysfs, address, "numa_node");
  pf->list = g_ptr_array_new_with_free_func(sriov_vf_free);
  for (int i = 0; i < total; i++) {
    g_autofree char *name = g_strdup_printf("virtfn%d", i);
    g_autofree char *made = pci_target(sysfs, address, name);
    if (!made)
      break;
    struct sriov_vf *vf = whole_vf(place, made);
    pf->free += !vf->driver;
    g_ptr_array_add(pf->list, vf);
  }
  return pf;
}

GPtrArray *sriov_scan(const struct sriov_place *place)
{
  g_autofree char *folder = g_build_filename(place->sysfs, "bus", "pci", "devices", NULL);
  g_autoptr(GPtrArray) devices = entries_of(folder);
  GPtrArray *found = g_ptr_array_new_with_free_func(sriov_pf_free);
  for (guint i = 0; i < devices->len; i++) {
    int total = pci_number(place->sysfs, devices->pdata[i], "sriov_totalvfs");
    if (total > 0)
      g_ptr_array_add(found, read_pf(place, devices->pdata[i], total));
  }
  return found;
}

char *sriov_nvme_device(const struct sriov_place *place, const char *address)
{
  g_autofree char *folder = pci_path(place->sysfs, address, "nvme");
  g_autoptr(GPtrArray) names = entries_of(folder);
  return names->len ? g_build_filename(place->dev, names->pdata[0], NULL) : NULL;
}
