/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pre-flight: whether a virtual function can be given to a guest, one line per condition. */
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/prepare/nvme.h"
#include "core/virt/prepare/sriov.h"

/* What is checked. */
struct subject {
  const struct sriov_place *place;
  const char *address;             /* NULL: the host alone */
  const struct pci_device *device; /* NULL: the host has none of this address */
  const struct pci_device *pf;     /* NULL: it is a function of none */
};

/* Takes TEXT. */
static void add_check(GPtrArray *list, const char *name, enum sriov_verdict verdict, char *text,
                      const char *advice)
{
  struct sriov_check *check = g_new(struct sriov_check, 1);
  *check = (struct sriov_check){name, text, advice, verdict};
  g_ptr_array_add(list, check);
}

static void check_iommu(GPtrArray *list, const struct subject *subject)
{
  const char *iommu = subject->place->host->iommu;
  if (iommu)
    add_check(list, "IOMMU", SRIOV_FINE, g_strdup_printf("on: %s", iommu), NULL);
  else
    add_check(
        list, "IOMMU", SRIOV_WRONG, g_strdup("no IOMMU"),
        "switch on VT-d or AMD-Vi in the firmware, and start an Intel machine's kernel with intel_iommu=on");
}

static void check_remapping(GPtrArray *list, const struct subject *subject)
{
  const struct pci_host *host = subject->place->host;
  if (host->remaps == 0)
    add_check(list, "interrupt remapping", SRIOV_WRONG,
              g_strdup("the IOMMU cannot remap interrupts: vfio refuses the device"),
              "switch it on in the firmware");
  else
    add_check(list, "interrupt remapping", host->remaps > 0 ? SRIOV_FINE : SRIOV_UNKNOWN,
              g_strdup(host->remaps > 0 ? "the IOMMU can"
                       : host->sysfs    ? "not told by sysfs"
                                        : "not told by libvirt"),
              NULL);
}

static void check_vfio(GPtrArray *list, const struct subject *subject)
{
  const struct pci_host *host = subject->place->host;
  if (host->vfio)
    add_check(list, "vfio", SRIOV_FINE, g_strdup("loaded"), NULL);
  else
    add_check(list, "vfio", SRIOV_UNKNOWN,
              g_strdup(host->sysfs ? "vfio-pci is not loaded; libvirt does it by modprobe"
                                   : "no device is bound to vfio-pci; libvirt loads it by modprobe"),
              "modprobe vfio-pci");
}

static void check_exists(GPtrArray *list, const struct subject *subject)
{
  const char *pf = subject->device ? subject->device->pf : NULL;
  if (pf)
    add_check(list, "function", SRIOV_FINE, g_strdup_printf("%s, of %s", subject->address, pf), NULL);
  else
    add_check(list, "function", SRIOV_WRONG,
              g_strdup_printf("%s is no virtual function of this host", subject->address),
              "make some by :make-vfs");
}

static void check_free(GPtrArray *list, const struct subject *subject)
{
  const struct sriov_place *place = subject->place;
  const char *holder = place->holders ? g_hash_table_lookup(place->holders, subject->address) : NULL;
  const char *driver = subject->device ? subject->device->driver : NULL;
  g_autofree char *safe = holder ? text_safe(holder) : NULL;
  if (holder)
    add_check(list, "free", SRIOV_WRONG, g_strdup_printf("guest %s has it", safe),
              "take another one, or stop that guest");
  else if (!g_strcmp0(driver, PCI_PASSTHROUGH)) /* of a libvirt that is not asked, or bound by hand */
    add_check(list, "free", SRIOV_UNKNOWN, g_strdup("bound to vfio-pci: somebody may hold it"), NULL);
  else
    add_check(list, "free", SRIOV_FINE,
              driver ? g_strdup_printf("bound to %s, from which libvirt takes it", driver)
                     : g_strdup("bound to no driver"),
              NULL);
}

/* A group goes to a guest as a whole: what is in it must be with vfio, with no driver, or a bridge. */
static void check_group(GPtrArray *list, const struct subject *subject)
{
  const struct pci_device *device = subject->device;
  if (!device || device->group < 0) {
    add_check(list, "group", SRIOV_WRONG, g_strdup("in no IOMMU group: see IOMMU"), NULL);
    return;
  }
  for (char **mate = device->mates; *mate; mate++) {
    const struct pci_device *other = pci_find(subject->place->host, *mate);
    const char *driver = other ? other->driver : NULL;
    if (!driver || g_str_equal(driver, PCI_PASSTHROUGH) || g_str_equal(driver, "pcieport"))
      continue;
    add_check(list, "group", SRIOV_WRONG,
              g_strdup_printf("group %d also has %s, in use by %s", device->group, *mate, driver),
              "unbind that, or use another slot");
    return;
  }
  add_check(list, "group", SRIOV_FINE, g_strdup_printf("group %d is viable", device->group), NULL);
}

/* The place of ADDRESS among the functions of PF, from 1; 0: it is none of them. */
static int number_of(const struct pci_device *pf, const char *address)
{
  for (int i = 0; pf->vfs && pf->vfs[i]; i++)
    if (g_str_equal(pf->vfs[i], address))
      return i + 1;
  return 0;
}

/* An NVMe function answers no driver before it was given queues and set online. */
static void check_online(GPtrArray *list, const struct subject *subject)
{
  static const char name[] = "online";
  const struct pci_device *pf = subject->pf;
  if (!pf || !pci_is_nvme(pf)) {
    add_check(list, name, SRIOV_FINE, g_strdup("only functions of NVMe drives are set online"), NULL);
    return;
  }
  const struct nvme_secondary *row =
      pf->online ? nvme_secondary_of(pf->online, number_of(pf, subject->address)) : NULL;
  if (!row)
    add_check(list, name, SRIOV_UNKNOWN,
              g_strdup(pf->online_fault              ? pf->online_fault
                       : subject->place->host->sysfs ? "the drive knows no controller of this function"
                                                     : "the drive cannot be asked from another host"),
              NULL);
  else if (row->online)
    add_check(list, name, SRIOV_FINE,
              g_strdup_printf("yes, with %d queues and %d interrupts", row->queues, row->interrupts), NULL);
  else
    add_check(list, name, SRIOV_WRONG, g_strdup("the drive has it offline: a guest would see no disk"),
              "make the functions by :make-vfs, which sets them online, or use nvme virt-mgmt");
}

static void check_permission(GPtrArray *list, const struct subject *subject)
{
  if (subject->place->no_rights)
    add_check(list, "permission", SRIOV_WRONG, g_strdup(subject->place->no_rights),
              "use qemu:///system, or start virtlens --lab as root");
  else
    add_check(list, "permission", SRIOV_FINE, g_strdup("QEMU is started by root"), NULL);
}

/* libvirt allows the guest's memory and 1 GiB more for devices (qemuDomainGetMemLockLimitBytes). */
static void check_lockable(GPtrArray *list, const struct subject *subject)
{
  const uint64_t needed = subject->place->memory_bytes + (UINT64_C(1) << 30);
  g_autofree char *limit = units_size_text(subject->place->lockable_bytes);
  if (subject->place->lockable_bytes == UINT64_MAX)
    add_check(list, "lockable memory", SRIOV_FINE, g_strdup("without limit"), NULL);
  else
    add_check(list, "lockable memory", subject->place->lockable_bytes < needed ? SRIOV_WRONG : SRIOV_FINE,
              g_strdup_printf("%s; the guest's memory and 1 GiB more are needed", limit),
              subject->place->lockable_bytes < needed
                  ? "raise it: ulimit -l, or memlock in /etc/security/limits.conf"
                  : NULL);
}

GPtrArray *sriov_preflight(const struct sriov_place *place, const char *vf)
{
  static void (*const checks[])(GPtrArray *, const struct subject *) = {
      [SRIOV_IOMMU] = check_iommu,       [SRIOV_REMAPPING] = check_remapping,
      [SRIOV_VFIO] = check_vfio,         [SRIOV_FUNCTION] = check_exists,
      [SRIOV_FREE] = check_free,         [SRIOV_GROUP] = check_group,
      [SRIOV_ONLINE] = check_online,     [SRIOV_PERMISSION] = check_permission,
      [SRIOV_LOCKABLE] = check_lockable,
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(checks) == SRIOV_CONDITIONS);
  GPtrArray *list = g_ptr_array_new_with_free_func(sriov_check_free);
  const struct pci_device *device = pci_find(place->host, vf);
  const struct subject subject = {place, vf, device, device ? pci_find(place->host, device->pf) : NULL};
  for (int i = 0; i < (vf ? SRIOV_CONDITIONS : SRIOV_HOST_CONDITIONS); i++)
    checks[i](list, &subject);
  return list;
}

/* ---- in one line ---- */

static char *reason_of_vf(const struct sriov_vf *vf)
{
  const struct sriov_check *check = sriov_vf_wrong(vf);
  return g_strconcat(vf->address, ": ", check->text, check->advice ? ": " : NULL, check->advice, NULL);
}

/* Why PFS have no function of CLASS at all. */
static char *reason_of_none(const GPtrArray *pfs, enum sriov_class class)
{
  for (guint i = 0; i < pfs->len; i++) {
    const struct sriov_pf *pf = pfs->pdata[i];
    if (pf->class == class)
      return g_strdup_printf("%s has none of its %d virtual functions made: make some by :make-vfs",
                             pf->address, pf->total);
  }
  return g_strdup_printf("no %s with virtual functions (sriov_totalvfs under /sys/bus/pci/devices)",
                         class == SRIOV_NVME ? "NVMe drive" : sriov_class_names[class]);
}

char *sriov_reason(const struct sriov_list *list, enum sriov_class class)
{
  const struct sriov_check *iommu = list->host->pdata[SRIOV_IOMMU];
  if (sriov_first(list->pfs, class))
    return NULL;
  for (guint i = 0; i < list->pfs->len; i++) {
    const struct sriov_pf *pf = list->pfs->pdata[i];
    if (pf->class == class && pf->list->len)
      return reason_of_vf(pf->list->pdata[0]);
  }
  g_autofree char *none = reason_of_none(list->pfs, class);
  return iommu->verdict == SRIOV_WRONG ? g_strdup_printf("%s; %s", iommu->text, none)
                                       : g_steal_pointer(&none);
}
