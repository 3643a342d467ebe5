/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up virtual functions of an NVMe drive. */
#include "tests/fake/fake.h"

static void check(GPtrArray *list, const char *name, enum sriov_verdict verdict, const char *text,
                  const char *advice)
{
  struct sriov_check *row = g_new(struct sriov_check, 1);
  *row = (struct sriov_check){name, g_strdup(text), advice, verdict};
  g_ptr_array_add(list, row);
}

static GPtrArray *host(void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func(sriov_check_free);
  check(list, "IOMMU", SRIOV_FINE, "on: dmar0", NULL);
  check(list, "interrupt remapping", SRIOV_FINE, "the IOMMU can", NULL);
  check(list, "vfio", SRIOV_UNKNOWN, "vfio-pci is not loaded; libvirt does it by modprobe",
        "modprobe vfio-pci");
  return list;
}

static struct sriov_vf *add_vf(struct sriov_pf *pf, const char *address, int group, const char *holder)
{
  struct sriov_vf *vf = g_new0(struct sriov_vf, 1);
  vf->address = g_strdup(address);
  vf->group = group;
  vf->holder = g_strdup(holder);
  vf->checks = host();
  check(vf->checks, "function", SRIOV_FINE, "of 0000:01:00.0", NULL);
  check(vf->checks, "free", holder ? SRIOV_WRONG : SRIOV_FINE, "as it is", "stop that guest");
  check(vf->checks, "group", SRIOV_FINE, "viable", NULL);
  g_ptr_array_add(pf->list, vf);
  return vf;
}

struct sriov_list *fake_functions(void)
{
  struct sriov_list *list = g_new(struct sriov_list, 1);
  struct sriov_pf *pf = g_new0(struct sriov_pf, 1);
  *list = (struct sriov_list){g_ptr_array_new_with_free_func(sriov_pf_free), host()};
  *pf = (struct sriov_pf){.address = g_strdup("0000:01:00.0"),
                          .driver = g_strdup("nvme"),
                          .link = g_strdup("8.0 GT/s PCIe x4"),
                          .list = g_ptr_array_new_with_free_func(sriov_vf_free),
                          .class = SRIOV_NVME,
                          .total = 4,
                          .made = 3,
                          .numa = 0};
  g_ptr_array_add(list->pfs, pf);
  add_vf(pf, "0000:01:00.1", 12, NULL);
  add_vf(pf, "0000:01:00.2", 13, "web-01\033[31m");
  check(add_vf(pf, "0000:01:00.3", 14, NULL)->checks, "online", SRIOV_WRONG,
        "the drive has it offline: a guest would see no disk",
        "make the functions by :make-vfs, which sets them online, or use nvme virt-mgmt");
  return list;
}
