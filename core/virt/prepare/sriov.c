/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/sriov.h"

#include <glib.h>
#include <stdbool.h>

static int read_number(const char *folder, const char *device, const char *name)
{
  g_autofree char *file = g_build_filename(folder, device, name, NULL);
  g_autofree char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? (int)g_ascii_strtoll(text, NULL, 10) : -1;
}

static bool has_entries(const char *folder)
{
  GDir *dir = g_dir_open(folder, 0, NULL);
  bool any = dir && g_dir_read_name(dir);
  if (dir)
    g_dir_close(dir);
  return any;
}

char *sriov_reason(const char *sysfs)
{
  g_autofree char *devices = g_build_filename(sysfs, "bus", "pci", "devices", NULL);
  g_autofree char *iommu = g_build_filename(sysfs, "class", "iommu", NULL);
  g_autofree char *found = NULL;
  GDir *dir = g_dir_open(devices, 0, NULL);
  for (const char *device; dir && (device = g_dir_read_name(dir));) {
    int total = read_number(devices, device, "sriov_totalvfs");
    if (total <= 0)
      continue;
    g_free(found);
    found = g_strdup_printf("%s: %d of %d virtual functions made", device,
                            MAX(read_number(devices, device, "sriov_numvfs"), 0), total);
  }
  if (dir)
    g_dir_close(dir);
  const char *unit = has_entries(iommu) ? "" : "no IOMMU (/sys/class/iommu is empty)";
  if (!found)
    return g_strdup_printf(
        "%s%sno PCI device with virtual functions (no sriov_totalvfs under /sys/bus/pci/devices)", unit,
        *unit ? "; " : "");
  return g_strdup_printf("%s%s%s; this version does not launch on one yet", unit, *unit ? "; " : "", found);
}
