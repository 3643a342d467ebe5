/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI devices as sysfs shows them. */
#include <string.h>

#include "core/virt/prepare/nvme.h"
#include "core/virt/prepare/pci.h"

/* ---- attributes ---- */

static int by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in FOLDER, sorted; empty when it cannot be read. */
static GPtrArray *entries_of(const char *folder)
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

/* The attribute NAME of DEVICE: its path, its text without blanks around (NULL: none), its number (-1:
 * none), the last part of what it points at (NULL: no such link), and the entries of it as a folder. */
static char *path_of(const char *sysfs, const char *device, const char *name)
{
  return g_build_filename(sysfs, "bus", "pci", "devices", device, name, NULL);
}

static char *word_of(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = path_of(sysfs, device, name);
  char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

static int number_of(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *text = word_of(sysfs, device, name);
  return text ? (int)g_ascii_strtoll(text, NULL, 0) : -1;
}

static char *target_of(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = path_of(sysfs, device, name);
  g_autofree char *target = g_file_read_link(file, NULL);
  return target ? g_path_get_basename(target) : NULL;
}

static GPtrArray *inside(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *folder = path_of(sysfs, device, name);
  return entries_of(folder);
}

/* ---- a device ---- */

static char *link_of(const char *sysfs, const char *device)
{
  g_autofree char *speed = word_of(sysfs, device, "current_link_speed");
  g_autofree char *width = word_of(sysfs, device, "current_link_width");
  return speed && width ? g_strdup_printf("%s x%s", speed, width) : NULL;
}

static char **mates_of(const char *sysfs, const char *device)
{
  g_autoptr(GPtrArray) names = inside(sysfs, device, "iommu_group/devices");
  g_autoptr(GStrvBuilder) mates = g_strv_builder_new();
  for (guint i = 0; i < names->len; i++)
    if (!g_str_equal(names->pdata[i], device))
      g_strv_builder_add(mates, names->pdata[i]);
  return g_strv_builder_end(mates);
}

static char **functions_of(const char *sysfs, const char *device, int total)
{
  g_autoptr(GStrvBuilder) list = g_strv_builder_new();
  for (int i = 0; i < total; i++) {
    g_autofree char *name = g_strdup_printf("virtfn%d", i), *made = target_of(sysfs, device, name);
    if (!made)
      break;
    g_strv_builder_add(list, made);
  }
  return g_strv_builder_end(list);
}

char *pci_nvme_device(const char *sysfs, const char *dev, const char *address)
{
  g_autoptr(GPtrArray) names = inside(sysfs, address, "nvme");
  return names->len ? g_build_filename(dev, names->pdata[0], NULL) : NULL;
}

/* What a drive tells of its functions, for all of them at once. */
static void ask_drive(const char *sysfs, const char *dev, struct pci_device *device)
{
  g_autofree char *file = pci_nvme_device(sysfs, dev, device->address);
  g_autoptr(GError) fault = NULL;
  if (file)
    device->online = nvme_secondaries(file, &fault);
  if (!device->online)
    device->online_fault =
        fault ? g_strdup(fault->message)
              : g_strdup_printf("the drive at %s has no driver that could be asked", device->address);
}

static void read_device(const char *sysfs, const char *dev, struct pci_device *device)
{
  const char *address = device->address;
  g_autofree char *group = target_of(sysfs, address, "iommu_group");
  g_autoptr(GPtrArray) interfaces = inside(sysfs, address, "net");
  device->class = number_of(sysfs, address, "class");
  device->driver = target_of(sysfs, address, "driver");
  device->interface = interfaces->len ? g_strdup(interfaces->pdata[0]) : NULL;
  device->link = link_of(sysfs, address);
  device->pf = target_of(sysfs, address, "physfn");
  device->group = group ? (int)g_ascii_strtoll(group, NULL, 10) : -1;
  device->mates = group ? mates_of(sysfs, address) : NULL;
  device->numa = number_of(sysfs, address, "numa_node");
  device->total = MAX(number_of(sysfs, address, "sriov_totalvfs"), 0);
  device->made = MAX(number_of(sysfs, address, "sriov_numvfs"), 0);
  device->vfs = device->total ? functions_of(sysfs, address, device->total) : NULL;
  if (pci_is_nvme(device) && device->vfs && device->vfs[0])
    ask_drive(sysfs, dev, device);
}

/* ---- the host ---- */

/* Intel's units tell by bit 3 of their extended capabilities (VT-d specification, ECAP.IR); others tell
 * nothing. */
static int remaps(const char *sysfs, const GPtrArray *units)
{
  bool able = true, told = units->len > 0;
  for (guint i = 0; i < units->len; i++) {
    g_autofree char *file =
        g_build_filename(sysfs, "class", "iommu", units->pdata[i], "intel-iommu", "ecap", NULL);
    g_autofree char *text = NULL;
    if (g_file_get_contents(file, &text, NULL, NULL))
      able = able && (g_ascii_strtoull(text, NULL, 16) & 8);
    else
      told = false;
  }
  return !able ? 0 : told ? 1 : -1;
}

struct pci_host *pci_read_sysfs(const char *sysfs, const char *dev)
{
  struct pci_host *host = pci_host_new(true);
  g_autofree char *devices = g_build_filename(sysfs, "bus", "pci", "devices", NULL),
                  *iommus = g_build_filename(sysfs, "class", "iommu", NULL),
                  *vfio = g_build_filename(sysfs, "bus", "pci", "drivers", PCI_PASSTHROUGH, NULL);
  g_autoptr(GPtrArray) names = entries_of(devices), units = entries_of(iommus);
  for (guint i = 0; i < names->len; i++)
    read_device(sysfs, dev, pci_add(host, names->pdata[i]));
  host->iommu = units->len ? g_strdup(units->pdata[0]) : NULL;
  host->remaps = remaps(sysfs, units);
  host->vfio = g_file_test(vfio, G_FILE_TEST_IS_DIR);
  return host;
}
