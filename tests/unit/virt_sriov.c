/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs tells of SR-IOV, on trees that the tests make. */
#include <string.h>

#include "core/virt/prepare/nvme.h"
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
  g_autofree char *dev = g_build_filename(dir, "dev", NULL);
  g_autoptr(pci_facts) host = pci_read_sysfs(dir, dev);
  const struct sriov_place place = {.host = host, .lockable_bytes = UINT64_MAX};
  g_autoptr(GPtrArray) list = sriov_preflight(&place, vf);
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
  g_autoptr(pci_facts) host = pci_read_sysfs(dir, dir);
  const struct sriov_place place = {.host = host, .lockable_bytes = UINT64_MAX};
  g_autoptr(GPtrArray) found = sriov_scan(&place);
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
  expect(dir, VF, "++++++?++", NULL);
  expect(dir, "0000:09:00.1", "+++!+!+++", "no virtual function");
  tree_point(dir, DEVICES VF "/driver", "../../../drivers/vfio-pci");
  expect(dir, VF, "++++?+?++", NULL);
  tree_put(dir, "class/iommu/dmar0/intel-iommu/ecap", "f00f52\n"); /* without bit 3 */
  expect(dir, VF, "+!++?+?++", "remap interrupts");
  tree_put(dir, "class/iommu/ivhd0/amd", "");
  tree_put(dir, "class/iommu/dmar0/intel-iommu/ecap", "f00f5a\n");
  expect(dir, VF, "+?++?+?++", NULL);
  tree_clear(dir);
}

Test(virt_sriov, a_group_is_viable_without_drivers_of_the_host_in_it)
{
  g_autofree char *dir = good_host();
  tree_put(dir, "kernel/iommu_groups/7/devices/0000:00:01.0", "");
  tree_put(dir, "kernel/iommu_groups/7/devices/0000:05:00.0", "");
  tree_point(dir, DEVICES "0000:00:01.0/driver", "../../../drivers/pcieport");
  expect(dir, VF, "++++++?++", NULL);
  tree_point(dir, DEVICES "0000:05:00.0/driver", "../../../drivers/ahci");
  expect(dir, VF, "+++++!?++", "0000:05:00.0, in use by ahci");
  tree_point(dir, DEVICES "0000:05:00.0/driver", "../../../drivers/vfio-pci");
  expect(dir, VF, "++++++?++", NULL);
  tree_clear(dir);
}

Test(virt_sriov, a_host_without_anything_is_told_so)
{
  g_autofree char *dir = tree_new();
  g_autoptr(pci_facts) host = pci_read_sysfs(dir, dir);
  const struct sriov_place place = {.host = host, .lockable_bytes = UINT64_MAX};
  g_autoptr(GPtrArray) found = sriov_scan(&place);
  cr_assert_eq(found->len, 0);
  expect(dir, VF,
         "!?"
         "?!+!+++",
         "no IOMMU");
  tree_clear(dir);
}

/* ---- the same from libvirt's node devices ---- */

/* In the shape of the ones that libvirt's own tests keep (tests/nodedevschemadata:
 * pci_0000_02_10_7_sriov.xml, pci_0000_02_10_7_sriov_pf_vfs_all.xml, pci_8086_10c9_sriov_pf.xml,
 * net_00_13_02_b9_f9_d3.xml), with a group and a driver as formatnode.rst has them. */
#define PCI_BEGIN(name, driver, slot, function)                                                              \
  "<device><name>" name "</name><parent>pci_0000_00_04_0</parent>" driver                                    \
  "<capability type='pci'><class>0x020000</class><domain>0</domain><bus>2</bus><slot>" slot                  \
  "</slot><function>" function "</function><product id='0x10c9'>82576 Gigabit Network Connection</product>"  \
  "<vendor id='0x8086'>Intel Corporation</vendor>"
#define PCI_END "</capability></device>"
#define DRIVER(name) "<driver><name>" name "</name></driver>"
#define ADDRESS(slot, function)                                                                              \
  "<address domain='0x0000' bus='0x02' slot='0x" slot "' function='0x" function "'/>"
#define GROUP(number, inside) "<iommuGroup number='" number "'>" inside "</iommuGroup>"

static const char node_pf[] =
    PCI_BEGIN("pci_0000_02_00_0", DRIVER("igb"), "0",
              "0") "<capability type='virt_functions' maxCount='7'>" ADDRESS("10", "0")
        ADDRESS("10", "2") "</capability>" GROUP(
            "15", ADDRESS("00", "0")) "<numa node='0'/>"
                                      "<pci-express><link validity='cap' port='0' speed='2.5' width='4'/>"
                                      "<link validity='sta' speed='2.5' width='2'/></pci-express>" PCI_END;
static const char node_free[] =
    PCI_BEGIN("pci_0000_02_10_0", "", "16", "0") "<capability type='phys_function'>" ADDRESS(
        "00", "0") "</capability>" GROUP("31", ADDRESS("10", "0")) PCI_END;
static const char node_mixed[] =
    PCI_BEGIN("pci_0000_02_10_2", DRIVER("igbvf"), "16", "2") "<capability type='phys_function'>" ADDRESS(
        "00", "0") "</capability>" GROUP("32", ADDRESS("10", "2") ADDRESS("00", "1")) PCI_END;
static const char node_mate[] = PCI_BEGIN("pci_0000_02_00_1", DRIVER("e1000e"), "0", "1") PCI_END;
static const char node_net[] =
    "<device><name>net_enp2s0_00_13_02_b9_f9_d3</name><parent>pci_0000_02_00_0</parent>"
    "<capability type='net'><interface>enp2s0</interface><address>00:13:02:b9:f9:d3</address>"
    "<capability type='80203'/></capability></device>";

Test(virt_sriov, node_devices_tell_the_same_as_sysfs)
{
  const char *const xmls[] = {node_net, node_mixed, "<x", "<device/>", node_free, node_mate, node_pf, NULL};
  g_autoptr(pci_facts) host = pci_parse_nodes(xmls);
  const struct sriov_place place = {.host = host, .lockable_bytes = UINT64_MAX};
  g_autoptr(GPtrArray) found = sriov_scan(&place);
  cr_assert_eq(found->len, 1);
  const struct sriov_pf *pf = found->pdata[0];
  cr_assert_str_eq(pf->address, "0000:02:00.0");
  cr_assert_str_eq(pf->driver, "igb");
  cr_assert_str_eq(pf->interface, "enp2s0");
  cr_assert_str_eq(pf->link, "2.5 GT/s PCIe x2");
  cr_assert(pf->class == SRIOV_NIC && pf->total == 7 && pf->made == 2 && pf->free == 1 && pf->numa == 0);
  const struct sriov_vf *vf = pf->list->pdata[0], *mixed = pf->list->pdata[1];
  cr_assert_str_eq(vf->address, "0000:02:10.0");
  cr_assert(!vf->driver && vf->group == 31 && !vf->mates[0] && !sriov_vf_wrong(vf));
  cr_assert(mixed->group == 32 && !g_strcmp0(mixed->mates[0], "0000:02:00.1") && !mixed->mates[1]);
  const struct sriov_check *wrong = sriov_vf_wrong(mixed), *remapping = vf->checks->pdata[SRIOV_REMAPPING];
  cr_assert(wrong && strstr(wrong->text, "group 32 also has 0000:02:00.1, in use by e1000e"));
  cr_assert(remapping->verdict == SRIOV_UNKNOWN && strstr(remapping->text, "not told by libvirt"));
}

Test(virt_sriov, a_host_without_groups_has_no_iommu)
{
  const char *const xmls[] = {node_mate, NULL};
  g_autoptr(pci_facts) host = pci_parse_nodes(xmls);
  const struct sriov_place place = {.host = host, .lockable_bytes = UINT64_MAX};
  g_autoptr(GPtrArray) found = sriov_scan(&place), checks = sriov_preflight(&place, NULL);
  const struct sriov_check *iommu = checks->pdata[SRIOV_IOMMU];
  cr_assert(found->len == 0 && iommu->verdict == SRIOV_WRONG && !strcmp(iommu->text, "no IOMMU"));
}

/* ---- what a guest of a host is asked beside sysfs ---- */

static const struct sriov_check *one_check(const struct sriov_place *place, enum sriov_condition condition,
                                           GPtrArray **ret_list)
{
  *ret_list = sriov_preflight(place, VF);
  return (*ret_list)->pdata[condition];
}

Test(virt_sriov, holder_rights_and_memory_are_judged)
{
  g_autofree char *dir = good_host();
  g_autoptr(GHashTable) holders = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(holders, (void *)(uintptr_t)VF, (void *)(uintptr_t) "web\033[31m");
  g_autoptr(pci_facts) host = pci_read_sysfs(dir, dir);
  const struct sriov_place place = {.host = host,
                                    .holders = holders,
                                    .no_rights = "started as a user",
                                    .lockable_bytes = 64 << 20,
                                    .memory_bytes = 256 << 20};
  static const struct {
    enum sriov_condition condition;
    const char *said;
  } cases[] = {{SRIOV_FREE, "guest web\\x1b[31m has it"},
               {SRIOV_PERMISSION, "started as a user"},
               {SRIOV_LOCKABLE, "64 MiB; the guest's memory and 1 GiB more"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GPtrArray *list;
    const struct sriov_check *check = one_check(&place, cases[i].condition, &list);
    cr_assert(check->verdict == SRIOV_WRONG && check->advice && strstr(check->text, cases[i].said), "%s",
              check->text);
    g_ptr_array_unref(list);
  }
  g_autoptr(GPtrArray) found = sriov_scan(&place);
  const struct sriov_vf *held = sriov_find(found, "01:00.1", NULL), *other = sriov_find(found, MATE, NULL);
  cr_assert(held && !g_strcmp0(held->holder, "web\033[31m") && other && !other->holder);
  tree_clear(dir);
}

Test(virt_sriov, the_reason_is_told_in_one_line)
{
  g_autofree char *bare = tree_new(), *dir = good_host();
  g_autoptr(pci_facts) empty = pci_read_sysfs(bare, bare), host = pci_read_sysfs(dir, dir);
  const struct sriov_place none = {.host = empty, .lockable_bytes = UINT64_MAX},
                           good = {.host = host, .lockable_bytes = UINT64_MAX};
  struct sriov_list *list = g_new(struct sriov_list, 1), *usable = g_new(struct sriov_list, 1);
  *list = (struct sriov_list){sriov_scan(&none), sriov_preflight(&none, NULL)};
  *usable = (struct sriov_list){sriov_scan(&good), sriov_preflight(&good, NULL)};
  g_autofree char *why = sriov_reason(list, SRIOV_NVME), *nic = sriov_reason(usable, SRIOV_NIC);
  cr_assert(why && strstr(why, "no IOMMU") && strstr(why, "no NVMe drive"), "%s", why);
  cr_assert_null(sriov_reason(usable, SRIOV_NVME));
  cr_assert(nic && strstr(nic, "no NIC with virtual functions") && !strstr(nic, "IOMMU"), "%s", nic);
  sriov_list_free(list);
  sriov_list_free(usable);
  tree_clear(bare);
  tree_clear(dir);
}

/* ---- NVMe ---- */

Test(virt_sriov, an_identify_page_is_read_as_the_specification_lays_it_out)
{
  uint8_t page[NVME_PAGE_BYTES] = {[0] = 2,  [32] = 1, [34] = 0, [36] = 1, [40] = 1, [42] = 4,
                                   [44] = 2, [64] = 2, [65] = 1, [72] = 2, [74] = 0, [76] = 0};
  g_autoptr(GArray) list = nvme_parse_secondaries(page);
  cr_assert_eq(list->len, 2);
  const struct nvme_secondary *one = nvme_secondary_of(list, 1), *two = nvme_secondary_of(list, 2);
  cr_assert(one->id == 1 && one->online && one->queues == 4 && one->interrupts == 2);
  cr_assert(two->id == 0x102 && !two->online && two->queues == 0);
  cr_assert(!nvme_secondary_of(list, 3) && !nvme_secondary_of(list, 0));
  page[0] = 255; /* more than a page holds */
  g_autoptr(GArray) full = nvme_parse_secondaries(page);
  cr_assert_eq(full->len, 127);
}

Test(virt_sriov, a_drive_that_is_not_there_is_told)
{
  g_autoptr(GError) fault = NULL;
  cr_assert_null(nvme_secondaries("/nonexistent/nvme0", &fault));
  cr_assert(fault && strstr(fault->message, "/nonexistent/nvme0: No such file"));
  g_autoptr(GError) other = NULL;
  cr_assert_not(nvme_set_online("/dev/null", 1, &other));
  cr_assert(other && strstr(other->message, "reading its virtual functions"), "%s", other->message);
}
