/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pre-flight: whether a virtual function can be given to a guest, one line per condition. */
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/prepare/nvme.h"
#include "core/virt/prepare/sriov_private.h"

#define PASSTHROUGH "vfio-pci"

static GPtrArray *iommus(const char *sysfs)
{
  g_autofree char *folder = g_build_filename(sysfs, "class", "iommu", NULL);
  return entries_of(folder);
}

/* Takes TEXT. */
static void add_check(GPtrArray *list, const char *name, enum sriov_verdict verdict, char *text,
                      const char *advice)
{
  struct sriov_check *check = g_new(struct sriov_check, 1);
  *check = (struct sriov_check){name, text, advice, verdict};
  g_ptr_array_add(list, check);
}

static void check_iommu(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  g_autoptr(GPtrArray) units = iommus(place->sysfs);
  if (units->len > 0)
    add_check(list, "IOMMU", SRIOV_FINE, g_strdup_printf("on: %s", (char *)units->pdata[0]), NULL);
  else
    add_check(
        list, "IOMMU", SRIOV_WRONG, g_strdup("no IOMMU"),
        "switch on VT-d or AMD-Vi in the firmware, and start an Intel machine's kernel with intel_iommu=on");
  (void)vf;
}

/* Intel's units tell by bit 3 of their extended capabilities (VT-d specification, ECAP.IR); others tell
 * nothing. */
static void check_remapping(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  g_autoptr(GPtrArray) units = iommus(place->sysfs);
  bool able = true, told = units->len > 0;
  for (guint i = 0; i < units->len; i++) {
    g_autofree char *file =
        g_build_filename(place->sysfs, "class", "iommu", units->pdata[i], "intel-iommu", "ecap", NULL);
    g_autofree char *text = NULL;
    if (g_file_get_contents(file, &text, NULL, NULL))
      able = able && (g_ascii_strtoull(text, NULL, 16) & 8);
    else
      told = false;
  }
  if (!able)
    add_check(list, "interrupt remapping", SRIOV_WRONG,
              g_strdup("the IOMMU cannot remap interrupts: vfio refuses the device"),
              "switch it on in the firmware");
  else
    add_check(list, "interrupt remapping", told ? SRIOV_FINE : SRIOV_UNKNOWN,
              g_strdup(told ? "the IOMMU can" : "not told by sysfs"), NULL);
  (void)vf;
}

static void check_vfio(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  g_autofree char *folder = g_build_filename(place->sysfs, "bus", "pci", "drivers", PASSTHROUGH, NULL);
  if (g_file_test(folder, G_FILE_TEST_IS_DIR))
    add_check(list, "vfio", SRIOV_FINE, g_strdup("loaded"), NULL);
  else
    add_check(list, "vfio", SRIOV_UNKNOWN, g_strdup("vfio-pci is not loaded; libvirt does it by modprobe"),
              "modprobe vfio-pci");
  (void)vf;
}

static void check_exists(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  g_autofree char *pf = pci_target(place->sysfs, vf->address, "physfn");
  if (pf)
    add_check(list, "function", SRIOV_FINE, g_strdup_printf("%s, of %s", vf->address, pf), NULL);
  else
    add_check(list, "function", SRIOV_WRONG,
              g_strdup_printf("%s is no virtual function of this host", vf->address),
              "make some by :make-vfs");
}

static void check_free(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  const char *holder = place->holders ? g_hash_table_lookup(place->holders, vf->address) : NULL;
  g_autofree char *safe = holder ? text_safe(holder) : NULL;
  if (holder)
    add_check(list, "free", SRIOV_WRONG, g_strdup_printf("guest %s has it", safe),
              "take another one, or stop that guest");
  else if (!g_strcmp0(vf->driver, PASSTHROUGH)) /* of a libvirt that is not asked, or bound by hand */
    add_check(list, "free", SRIOV_UNKNOWN, g_strdup("bound to vfio-pci: somebody may hold it"), NULL);
  else
    add_check(list, "free", SRIOV_FINE,
              vf->driver ? g_strdup_printf("bound to %s, from which libvirt takes it", vf->driver)
                         : g_strdup("bound to no driver"),
              NULL);
}

/* A group goes to a guest as a whole: what is in it must be with vfio, with no driver, or a bridge. */
static void check_group(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  if (vf->group < 0) {
    add_check(list, "group", SRIOV_WRONG, g_strdup("in no IOMMU group: see IOMMU"), NULL);
    return;
  }
  for (char **mate = vf->mates; *mate; mate++) {
    g_autofree char *driver = pci_target(place->sysfs, *mate, "driver");
    if (!driver || g_str_equal(driver, PASSTHROUGH) || g_str_equal(driver, "pcieport"))
      continue;
    add_check(list, "group", SRIOV_WRONG,
              g_strdup_printf("group %d also has %s, in use by %s", vf->group, *mate, driver),
              "unbind that, or use another slot");
    return;
  }
  add_check(list, "group", SRIOV_FINE, g_strdup_printf("group %d is viable", vf->group), NULL);
}

/* The place of VF among the functions of PF, from 1; 0: it is none of them. */
static int number_of(const char *sysfs, const char *pf, const char *vf)
{
  const int total = pci_number(sysfs, pf, "sriov_totalvfs");
  for (int i = 0; i < total; i++) {
    g_autofree char *name = g_strdup_printf("virtfn%d", i);
    g_autofree char *target = pci_target(sysfs, pf, name);
    if (!g_strcmp0(target, vf))
      return i + 1;
  }
  return 0;
}

/* An NVMe function answers no driver before it was given queues and set online. */
static void check_online(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  static const char name[] = "online";
  g_autofree char *pf = pci_target(place->sysfs, vf->address, "physfn");
  if (!pf || sriov_class_of(place->sysfs, pf) != SRIOV_NVME) {
    add_check(list, name, SRIOV_FINE, g_strdup("only functions of NVMe drives are set online"), NULL);
    return;
  }
  g_autofree char *device = sriov_nvme_device(place, pf);
  g_autoptr(GError) fault = NULL;
  g_autoptr(GArray) list_of = device ? nvme_secondaries(device, &fault) : NULL;
  const struct nvme_secondary *row =
      list_of ? nvme_secondary_of(list_of, number_of(place->sysfs, pf, vf->address)) : NULL;
  if (!row)
    add_check(list, name, SRIOV_UNKNOWN,
              fault ? g_strdup(fault->message)
                    : g_strdup_printf("the drive at %s has no driver that could be asked", pf),
              NULL);
  else if (row->online)
    add_check(list, name, SRIOV_FINE,
              g_strdup_printf("yes, with %d queues and %d interrupts", row->queues, row->interrupts), NULL);
  else
    add_check(list, name, SRIOV_WRONG, g_strdup("the drive has it offline: a guest would see no disk"),
              "make the functions by :make-vfs, which sets them online, or use nvme virt-mgmt");
}

static void check_permission(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  (void)vf;
  if (place->no_rights)
    add_check(list, "permission", SRIOV_WRONG, g_strdup(place->no_rights),
              "use qemu:///system, or start virtlens --lab as root");
  else
    add_check(list, "permission", SRIOV_FINE, g_strdup("QEMU is started by root"), NULL);
}

/* libvirt allows the guest's memory and 1 GiB more for devices (qemuDomainGetMemLockLimitBytes). */
static void check_lockable(GPtrArray *list, const struct sriov_place *place, const struct sriov_vf *vf)
{
  const uint64_t needed = place->memory_bytes + (UINT64_C(1) << 30);
  g_autofree char *limit = units_size_text(place->lockable_bytes);
  (void)vf;
  if (place->lockable_bytes == UINT64_MAX)
    add_check(list, "lockable memory", SRIOV_FINE, g_strdup("without limit"), NULL);
  else
    add_check(list, "lockable memory", place->lockable_bytes < needed ? SRIOV_WRONG : SRIOV_FINE,
              g_strdup_printf("%s; the guest's memory and 1 GiB more are needed", limit),
              place->lockable_bytes < needed ? "raise it: ulimit -l, or memlock in /etc/security/limits.conf"
                                             : NULL);
}

GPtrArray *sriov_preflight(const struct sriov_place *place, const char *vf)
{
  static void (*const checks[])(GPtrArray *, const struct sriov_place *, const struct sriov_vf *) = {
      [SRIOV_IOMMU] = check_iommu,       [SRIOV_REMAPPING] = check_remapping,
      [SRIOV_VFIO] = check_vfio,         [SRIOV_FUNCTION] = check_exists,
      [SRIOV_FREE] = check_free,         [SRIOV_GROUP] = check_group,
      [SRIOV_ONLINE] = check_online,     [SRIOV_PERMISSION] = check_permission,
      [SRIOV_LOCKABLE] = check_lockable,
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(checks) == SRIOV_CONDITIONS);
  GPtrArray *list = g_ptr_array_new_with_free_func(sriov_check_free);
  struct sriov_vf *read = vf ? sriov_read_vf(place->sysfs, vf) : NULL;
  for (int i = 0; i < (read ? SRIOV_CONDITIONS : SRIOV_HOST_CONDITIONS); i++)
    checks[i](list, place, read);
  if (read)
    sriov_vf_free(read);
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
