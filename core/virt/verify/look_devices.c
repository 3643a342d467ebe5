/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What giving devices to guests takes. */
#include "core/virt/prepare/sriov.h"
#include "core/virt/verify/look.h"

/* One of the host's conditions for virtual functions, as a finding. */
static void set_condition(const struct view *view, enum sriov_condition condition, struct finding *ret)
{
  static const enum finding_state states[] = {
      [SRIOV_FINE] = FINDING_OK, [SRIOV_WRONG] = FINDING_MISSING, [SRIOV_UNKNOWN] = FINDING_UNKNOWN};
  g_autofree char *sysfs = view_path(view, "sys"), *dev = view_path(view, "dev");
  g_autoptr(pci_facts) host = pci_read_sysfs(sysfs, dev);
  g_autoptr(GPtrArray) list = sriov_preflight(&(struct sriov_place){.host = host}, NULL);
  const struct sriov_check *check = g_ptr_array_index(list, condition);
  finding_set(ret, states[check->verdict], check->advice, "%s", check->text);
}

static bool has_iommu(const struct view *view)
{
  struct finding iommu = {0};
  set_condition(view, SRIOV_IOMMU, &iommu);
  bool has = iommu.state == FINDING_OK;
  g_free(iommu.seen);
  g_free(iommu.advice);
  return has;
}

void look_iommu(const struct view *view, struct finding *ret)
{
  set_condition(view, SRIOV_IOMMU, ret);
  if (ret->state != FINDING_MISSING || !view->guest)
    return;
  g_free(ret->advice);
  ret->advice =
      g_strdup("this machine is itself a guest: its owner must give it a virtual IOMMU, and start its "
               "kernel with intel_iommu=on");
}

void look_remapping(const struct view *view, struct finding *ret)
{
  if (has_iommu(view))
    set_condition(view, SRIOV_REMAPPING, ret);
  else
    finding_set(ret, FINDING_MISSING, NULL, "no IOMMU that could");
}

void look_vfio(const struct view *view, struct finding *ret)
{
  set_condition(view, SRIOV_VFIO, ret);
}

/* "0000:01:00.0 (NIC, ixgbe): 2 of 63 made, 1 free" */
static char *device_text(const struct sriov_pf *pf)
{
  return g_strdup_printf("%s (%s, %s): %d of %d functions made, %d bound to no driver", pf->address,
                         sriov_class_names[pf->class], pf->driver ? pf->driver : "no driver", pf->made,
                         pf->total, pf->free);
}

void look_sriov(const struct view *view, struct finding *ret)
{
  g_autofree char *sysfs = view_path(view, "sys"), *dev = view_path(view, "dev");
  g_autoptr(pci_facts) host = pci_read_sysfs(sysfs, dev);
  g_autoptr(GPtrArray) devices = sriov_scan(&(struct sriov_place){.host = host});
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  int made = 0;

  for (guint i = 0; i < devices->len; i++) {
    const struct sriov_pf *pf = g_ptr_array_index(devices, i);
    made += pf->made;
    g_ptr_array_add(texts, device_text(pf));
  }
  g_ptr_array_add(texts, NULL);
  g_autofree char *all = g_strjoinv("; ", (char **)texts->pdata);
  if (devices->len == 0)
    finding_set(ret, FINDING_MISSING, NULL, "no PCI device here can be shared out");
  else
    finding_set(ret, made ? FINDING_OK : FINDING_LIMITED, made ? NULL : "make some by :make-vfs", "%s", all);
}
