/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/sriov.h"

#include <stdbool.h>
#include <string.h>

#define PASSTHROUGH "vfio-pci"

const char *const sriov_class_names[SRIOV_CLASSES] = {"other", "NIC", "NVMe"};

/* ---- sysfs ---- */

static char *device_path(const char *sysfs, const char *device, const char *name)
{
  return g_build_filename(sysfs, "bus", "pci", "devices", device, name, NULL);
}

static char *read_word(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = device_path(sysfs, device, name);
  char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

static int read_number(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *text = read_word(sysfs, device, name);
  return text ? (int)g_ascii_strtoll(text, NULL, 0) : -1;
}

/* The last part of what a link of DEVICE points at; NULL: no such link. */
static char *read_target(const char *sysfs, const char *device, const char *name)
{
  g_autofree char *file = device_path(sysfs, device, name);
  g_autofree char *target = g_file_read_link(file, NULL);
  return target ? g_path_get_basename(target) : NULL;
}

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

static GPtrArray *iommus(const char *sysfs)
{
  g_autofree char *folder = g_build_filename(sysfs, "class", "iommu", NULL);
  return entries_of(folder);
}

/* ---- what there is ---- */

static enum sriov_class class_of(const char *sysfs, const char *device)
{
  int code = read_number(sysfs, device, "class"); /* PCI: base class, subclass, interface */
  if (code < 0)
    return SRIOV_OTHER;
  return code >> 16 == 0x02 ? SRIOV_NIC : code == 0x010802 ? SRIOV_NVME : SRIOV_OTHER;
}

static char *link_of(const char *sysfs, const char *device)
{
  g_autofree char *speed = read_word(sysfs, device, "current_link_speed");
  g_autofree char *width = read_word(sysfs, device, "current_link_width");
  return speed && width ? g_strdup_printf("%s x%s", speed, width) : NULL;
}

static char **mates_of(const char *sysfs, const char *device)
{
  g_autofree char *folder = device_path(sysfs, device, "iommu_group/devices");
  g_autoptr(GPtrArray) names = entries_of(folder);
  g_autoptr(GStrvBuilder) mates = g_strv_builder_new();
  for (guint i = 0; i < names->len; i++)
    if (!g_str_equal(names->pdata[i], device))
      g_strv_builder_add(mates, names->pdata[i]);
  return g_strv_builder_end(mates);
}

static void free_vf(gpointer data)
{
  struct sriov_vf *vf = data;
  g_free(vf->address);
  g_free(vf->driver);
  g_strfreev(vf->mates);
  g_free(vf);
}

static struct sriov_vf *read_vf(const char *sysfs, const char *address)
{
  struct sriov_vf *vf = g_new0(struct sriov_vf, 1);
  g_autofree char *group = read_target(sysfs, address, "iommu_group");
  vf->address = g_strdup(address);
  vf->driver = read_target(sysfs, address, "driver");
  vf->group = group ? (int)g_ascii_strtoll(group, NULL, 10) : -1;
  vf->mates = group ? mates_of(sysfs, address) : NULL;
  return vf;
}

static void free_pf(gpointer data)
{
  struct sriov_pf *pf = data;
  g_free(pf->address);
  g_free(pf->driver);
  g_free(pf->link);
  g_ptr_array_unref(pf->list);
  g_free(pf);
}

static struct sriov_pf *read_pf(const char *sysfs, const char *address, int total)
{
  struct sriov_pf *pf = g_new0(struct sriov_pf, 1);
  pf->address = g_strdup(address);
  pf->driver = read_target(sysfs, address, "driver");
  pf->link = link_of(sysfs, address);
  pf->class = class_of(sysfs, address);
  pf->total = total;
  pf->made = MAX(read_number(sysfs, address, "sriov_numvfs"), 0);
  pf->numa = read_number(sysfs, address, "numa_node");
  pf->list = g_ptr_array_new_with_free_func(free_vf);
  for (int i = 0; i < total; i++) {
    g_autofree char *name = g_strdup_printf("virtfn%d", i);
    g_autofree char *made = read_target(sysfs, address, name);
    if (!made)
      break;
    struct sriov_vf *vf = read_vf(sysfs, made);
    pf->free += !vf->driver;
    g_ptr_array_add(pf->list, vf);
  }
  return pf;
}

GPtrArray *sriov_scan(const char *sysfs)
{
  g_autofree char *folder = g_build_filename(sysfs, "bus", "pci", "devices", NULL);
  g_autoptr(GPtrArray) devices = entries_of(folder);
  GPtrArray *found = g_ptr_array_new_with_free_func(free_pf);
  for (guint i = 0; i < devices->len; i++) {
    int total = read_number(sysfs, devices->pdata[i], "sriov_totalvfs");
    if (total > 0)
      g_ptr_array_add(found, read_pf(sysfs, devices->pdata[i], total));
  }
  return found;
}

/* ---- pre-flight ---- */

static void free_check(gpointer data)
{
  struct sriov_check *check = data;
  g_free(check->text);
  g_free(check);
}

/* Takes TEXT. */
static void add_check(GPtrArray *list, const char *name, enum sriov_verdict verdict, char *text,
                      const char *advice)
{
  struct sriov_check *check = g_new(struct sriov_check, 1);
  *check = (struct sriov_check){name, text, advice, verdict};
  g_ptr_array_add(list, check);
}

static void check_iommu(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  g_autoptr(GPtrArray) units = iommus(sysfs);
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
static void check_remapping(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  g_autoptr(GPtrArray) units = iommus(sysfs);
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
  if (!able)
    add_check(list, "interrupt remapping", SRIOV_WRONG,
              g_strdup("the IOMMU cannot remap interrupts: vfio refuses the device"),
              "switch it on in the firmware");
  else
    add_check(list, "interrupt remapping", told ? SRIOV_FINE : SRIOV_UNKNOWN,
              g_strdup(told ? "the IOMMU can" : "not told by sysfs"), NULL);
  (void)vf;
}

static void check_vfio(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  g_autofree char *folder = g_build_filename(sysfs, "bus", "pci", "drivers", PASSTHROUGH, NULL);
  if (g_file_test(folder, G_FILE_TEST_IS_DIR))
    add_check(list, "vfio", SRIOV_FINE, g_strdup("loaded"), NULL);
  else
    add_check(list, "vfio", SRIOV_WRONG, g_strdup("vfio-pci is not loaded"), "modprobe vfio-pci");
  (void)vf;
}

static void check_exists(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  g_autofree char *pf = read_target(sysfs, vf->address, "physfn");
  if (pf)
    add_check(list, "function", SRIOV_FINE, g_strdup_printf("%s, of %s", vf->address, pf), NULL);
  else
    add_check(list, "function", SRIOV_WRONG,
              g_strdup_printf("%s is no virtual function of this host", vf->address),
              "make some by sriov_numvfs");
}

/* Who holds it is for libvirt to tell: sysfs knows the driver alone. */
static void check_free(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  (void)sysfs;
  bool held = !g_strcmp0(vf->driver, PASSTHROUGH);
  add_check(list, "free", held ? SRIOV_UNKNOWN : SRIOV_FINE,
            held         ? g_strdup("bound to vfio-pci: a guest may hold it")
            : vf->driver ? g_strdup_printf("bound to %s, from which libvirt takes it", vf->driver)
                         : g_strdup("bound to no driver"),
            NULL);
}

/* A group goes to a guest as a whole: what is in it must be with vfio, with no driver, or a bridge. */
static void check_group(GPtrArray *list, const char *sysfs, const struct sriov_vf *vf)
{
  if (vf->group < 0) {
    add_check(list, "group", SRIOV_WRONG, g_strdup("in no IOMMU group: see IOMMU"), NULL);
    return;
  }
  for (char **mate = vf->mates; *mate; mate++) {
    g_autofree char *driver = read_target(sysfs, *mate, "driver");
    if (!driver || g_str_equal(driver, PASSTHROUGH) || g_str_equal(driver, "pcieport"))
      continue;
    add_check(list, "group", SRIOV_WRONG,
              g_strdup_printf("group %d also has %s, in use by %s", vf->group, *mate, driver),
              "unbind that, or use another slot");
    return;
  }
  add_check(list, "group", SRIOV_FINE, g_strdup_printf("group %d is viable", vf->group), NULL);
}

GPtrArray *sriov_preflight(const char *sysfs, const char *vf)
{
  static void (*const checks[])(GPtrArray *, const char *, const struct sriov_vf *) = {
      [SRIOV_IOMMU] = check_iommu,     [SRIOV_REMAPPING] = check_remapping, [SRIOV_VFIO] = check_vfio,
      [SRIOV_FUNCTION] = check_exists, [SRIOV_FREE] = check_free,           [SRIOV_GROUP] = check_group,
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(checks) == SRIOV_CONDITIONS);
  GPtrArray *list = g_ptr_array_new_with_free_func(free_check);
  struct sriov_vf *read = vf ? read_vf(sysfs, vf) : NULL;
  for (int i = 0; i < (read ? SRIOV_CONDITIONS : SRIOV_HOST_CONDITIONS); i++)
    checks[i](list, sysfs, read);
  if (read)
    free_vf(read);
  return list;
}

/* The first condition that the first virtual function of PF does not meet, or NULL. */
static char *wrong_with(const char *sysfs, const struct sriov_pf *pf)
{
  if (pf->list->len == 0)
    return NULL;
  const struct sriov_vf *vf = pf->list->pdata[0];
  g_autoptr(GPtrArray) checks = sriov_preflight(sysfs, vf->address);
  for (guint i = 0; i < checks->len; i++) {
    const struct sriov_check *check = checks->pdata[i];
    if (check->verdict == SRIOV_WRONG)
      return g_strconcat("; ", vf->address, ": ", check->text, check->advice ? ": " : NULL, check->advice,
                         NULL);
  }
  return NULL;
}

char *sriov_reason(const char *sysfs)
{
  g_autoptr(GPtrArray) units = iommus(sysfs);
  g_autoptr(GPtrArray) found = sriov_scan(sysfs);
  const char *unit = units->len ? "" : "no IOMMU (/sys/class/iommu is empty); ";
  if (!found->len)
    return g_strdup_printf(
        "%sno PCI device with virtual functions (no sriov_totalvfs under /sys/bus/pci/devices)", unit);
  const struct sriov_pf *pf = found->pdata[0];
  g_autofree char *wrong = units->len ? wrong_with(sysfs, pf) : NULL;
  return g_strdup_printf("%s%s: %d of %d virtual functions made%s; this version does not launch on one yet",
                         unit, pf->address, pf->made, pf->total, wrong ? wrong : "");
}
