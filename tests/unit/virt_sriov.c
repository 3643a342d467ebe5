/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs tells of SR-IOV, on trees that the tests make. */
#include <string.h>

#include "core/virt/prepare/sriov.h"
#include "tests/unit/test.h"
#include "tests/unit/tree.h"

#define PF "0000:01:00.0"
#define VF "0000:01:00.1"
#define MATE "0000:01:00.2"
#define DEVICES "bus/pci/devices/"

/* A host with an IOMMU and an NVMe controller of four functions, two of them made, in groups of their own. */
static char *good_host(void)
{
  char *dir = tree_new();
  tree_put(dir, "class/iommu/dmar0/intel-iommu/ecap", "f00f5a\n");
  tree_put(dir, "bus/pci/drivers/vfio-pci/new_id", "");
  tree_put(dir, DEVICES PF "/class", "0x010802\n");
  tree_put(dir, DEVICES PF "/sriov_totalvfs", "4\n");
  tree_put(dir, DEVICES PF "/sriov_numvfs", "2\n");
  tree_put(dir, DEVICES PF "/numa_node", "1\n");
  tree_put(dir, DEVICES PF "/current_link_speed", "5.0 GT/s PCIe\n");
  tree_put(dir, DEVICES PF "/current_link_width", "4\n");
  tree_point(dir, DEVICES PF "/driver", "../../../drivers/nvme");
  tree_point(dir, DEVICES PF "/virtfn0", "../" VF);
  tree_point(dir, DEVICES PF "/virtfn1", "../" MATE);
  tree_point(dir, DEVICES VF "/physfn", "../" PF);
  tree_point(dir, DEVICES MATE "/physfn", "../" PF);
  tree_put(dir, "kernel/iommu_groups/7/devices/" VF, "");
  tree_put(dir, "kernel/iommu_groups/8/devices/" MATE, "");
  tree_point(dir, DEVICES VF "/iommu_group", "../../../../kernel/iommu_groups/7");
  tree_point(dir, DEVICES MATE "/iommu_group", "../../../../kernel/iommu_groups/8");
  return dir;
}

/* The verdicts of VF's pre-flight, a letter each in its order: + fine, ! wrong, ? unknown; with the text of
 * the first that is wrong.  Caller frees both. */
static char *verdicts(const char *dir, const char *vf, char **ret_wrong)
{
  g_autoptr(GPtrArray) list = sriov_preflight(dir, vf);
  GString *letters = g_string_new(NULL);
  *ret_wrong = NULL;
  for (guint i = 0; i < list->len; i++) {
    const struct sriov_check *check = list->pdata[i];
    g_string_append_c(letters, "+!?"[check->verdict]);
    if (check->verdict == SRIOV_WRONG && !*ret_wrong)
      *ret_wrong = g_strdup(check->text);
  }
  return g_string_free(letters, FALSE);
}

static void expect(const char *dir, const char *vf, const char *letters, const char *wrong)
{
  g_autofree char *text = NULL;
  g_autofree char *got = verdicts(dir, vf, &text);
  cr_assert_str_eq(got, letters);
  cr_assert(!wrong ? !text : text && strstr(text, wrong), "%s", text ? text : "nothing is wrong");
}

Test(virt_sriov, functions_are_found_with_all_that_sysfs_tells)
{
  g_autofree char *dir = good_host();
  tree_put(dir, DEVICES "0000:02:00.0/sriov_totalvfs", "0\n");
  tree_put(dir, DEVICES "0000:03:00.0/sriov_totalvfs", "64\n");
  tree_put(dir, DEVICES "0000:03:00.0/class", "0x020000\n");
  tree_point(dir, DEVICES MATE "/driver", "../../../drivers/vfio-pci");
  g_autoptr(GPtrArray) found = sriov_scan(dir);
  cr_assert_eq(found->len, 2);
  const struct sriov_pf *pf = found->pdata[0], *bare = found->pdata[1];
  cr_assert_str_eq(pf->address, PF);
  cr_assert_str_eq(pf->driver, "nvme");
  cr_assert_str_eq(pf->link, "5.0 GT/s PCIe x4");
  cr_assert_eq(pf->class, SRIOV_NVME);
  cr_assert(pf->total == 4 && pf->made == 2 && pf->free == 1 && pf->numa == 1);
  cr_assert_eq(pf->list->len, 2);
  const struct sriov_vf *vf = pf->list->pdata[0], *held = pf->list->pdata[1];
  cr_assert_str_eq(vf->address, VF);
  cr_assert(!vf->driver && vf->group == 7 && vf->mates && !vf->mates[0]);
  cr_assert_str_eq(held->driver, "vfio-pci");
  cr_assert(bare->class == SRIOV_NIC && bare->total == 64 && bare->made == 0 && bare->numa == -1);
  cr_assert(!bare->link && !bare->driver && bare->list->len == 0);
  tree_clear(dir);
}

Test(virt_sriov, preflight_names_each_condition_that_is_not_met)
{
  g_autofree char *dir = good_host();
  expect(dir, VF, "++++++", NULL);
  expect(dir, "0000:09:00.1", "+++!+!", "no virtual function");
  tree_point(dir, DEVICES VF "/driver", "../../../drivers/vfio-pci");
  expect(dir, VF, "++++?+", NULL);
  tree_put(dir, "class/iommu/dmar0/intel-iommu/ecap", "f00f52\n"); /* without bit 3 */
  expect(dir, VF, "+!++?+", "remap interrupts");
  tree_put(dir, "class/iommu/ivhd0/amd", "");
  tree_put(dir, "class/iommu/dmar0/intel-iommu/ecap", "f00f5a\n");
  expect(dir, VF, "+?++?+", NULL);
  tree_clear(dir);
}

Test(virt_sriov, a_group_is_viable_without_drivers_of_the_host_in_it)
{
  g_autofree char *dir = good_host();
  tree_put(dir, "kernel/iommu_groups/7/devices/0000:00:01.0", "");
  tree_put(dir, "kernel/iommu_groups/7/devices/0000:05:00.0", "");
  tree_point(dir, DEVICES "0000:00:01.0/driver", "../../../drivers/pcieport");
  expect(dir, VF, "++++++", NULL);
  tree_point(dir, DEVICES "0000:05:00.0/driver", "../../../drivers/ahci");
  expect(dir, VF, "+++++!", "0000:05:00.0, in use by ahci");
  tree_point(dir, DEVICES "0000:05:00.0/driver", "../../../drivers/vfio-pci");
  expect(dir, VF, "++++++", NULL);
  tree_clear(dir);
}

Test(virt_sriov, a_host_without_anything_is_told_so)
{
  g_autofree char *dir = tree_new();
  g_autoptr(GPtrArray) found = sriov_scan(dir);
  cr_assert_eq(found->len, 0);
  expect(dir, VF, "!?!!+!", "no IOMMU");
  tree_clear(dir);
}
