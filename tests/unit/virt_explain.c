/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of virtualization a guest or a host is, and what of it can be seen: by definitions in
 * tests/data/kinds (see the README there) and trees that the tests make. */
#include <string.h>

#include "core/virt/verify/explain.h"
#include "core/virt/verify/host_kind.h"
#include "tests/unit/test.h"
#include "tests/unit/tree.h"

#define UUID "00000000-0000-0000-0000-000000000001"

static char *data(const char *name)
{
  g_autofree char *path = g_build_filename(TEST_DATA, "kinds", name, NULL);
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
  return text;
}

/* The guest of the file NAME, of which INPUT tells what else is known. */
static struct explanation *explained(const char *name, struct explain_input input)
{
  g_autofree char *xml = data(name);
  GError *err = NULL;
  input.uuid = UUID;
  input.domain_xml = xml;
  struct explanation *explanation = explain(&input, &err);
  cr_assert_not_null(explanation, "%s", err ? err->message : "");
  cr_assert_str_eq(explanation->uuid, UUID);
  return explanation;
}

struct expected {
  const char *name, *backend, *how; /* HOW is in who serves it */
  int path;                         /* -1: not known */
};

static void expect_devices(const struct explanation *explanation, const struct expected *rows, int count)
{
  cr_assert_eq(explanation->device_count, count);
  for (int i = 0; i < count; i++) {
    const struct explained_device *device = &explanation->devices[i];
    cr_assert_str_eq(device->name, rows[i].name);
    cr_assert_str_eq(device->backend, rows[i].backend);
    cr_assert(device->path_known == (rows[i].path >= 0), "%s", device->name);
    cr_assert(rows[i].path < 0 || (int)device->path == rows[i].path, "%s", device->name);
    cr_assert(strstr(device->how, rows[i].how), "%s: %s", device->name, device->how);
  }
}

Test(virt_explain, xen_guests_are_told_apart_by_their_os_type)
{
  static const struct {
    const char *file;
    enum kind kind;
  } rows[] = {{"xen-pv.xml", KIND_XEN_PV},
              {"xen-pvhvm.xml", KIND_XEN_PVHVM},
              {"xen-pvh.xml", KIND_XEN_PVH},
              {"xen-sriov.xml", KIND_XEN_SRIOV}};
  g_autofree char *capabilities = data("xen-capabilities.xml");
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    struct explanation *explanation =
        explained(rows[i].file, (struct explain_input){.capabilities_xml = capabilities, .active = true});
    cr_assert(explanation->kind == rows[i].kind, "%s: %s", rows[i].file, kind_row(explanation->kind)->name);
    cr_assert(strstr(explanation->why, "type 'xen'"), "%s", explanation->why);
    cr_assert(!explanation->sources[SOURCE_COUNTERS].there);
    cr_assert(strstr(explanation->sources[SOURCE_COUNTERS].text, "Xen driver"));
    cr_assert(strstr(explanation->host, "another machine"));
    explanation_free(explanation);
  }
}

Test(virt_explain, devices_of_xen_are_rings_or_emulated_or_direct)
{
  struct explanation *pv = explained("xen-pv.xml", (struct explain_input){0});
  expect_devices(pv,
                 (const struct expected[]){{"xvda", "blkfront", "shared with dom0", PATH_PARAVIRTUAL},
                                           {"NIC 00:16:3e:00:00:01", "netfront", "ring", PATH_PARAVIRTUAL}},
                 2);
  struct explanation *hvm = explained("xen-pvhvm.xml", (struct explain_input){0});
  expect_devices(hvm,
                 (const struct expected[]){
                     {"hda", "ide", "until the guest's PV drivers", PATH_EMULATED},
                     {"xvdb", "blkfront", "ring", PATH_PARAVIRTUAL},
                     {"NIC 00:16:3e:00:00:02", "netfront", "ring", PATH_PARAVIRTUAL},
                     {"NIC 00:16:3e:00:00:03", "e1000", "until the guest's PV drivers", PATH_EMULATED},
                     {"NIC 00:16:3e:00:00:04", "default", "until the guest's PV drivers", PATH_EMULATED}},
                 5);
  struct explanation *pvh = explained("xen-pvh.xml", (struct explain_input){0});
  expect_devices(pvh,
                 (const struct expected[]){{"xvda", "blkfront", "ring", PATH_PARAVIRTUAL},
                                           {"NIC 00:16:3e:00:00:05", "netfront", "ring", PATH_PARAVIRTUAL}},
                 2);
  struct explanation *sriov = explained("xen-sriov.xml", (struct explain_input){0});
  expect_devices(
      sriov,
      (const struct expected[]){{"xvda", "blkfront", "ring", PATH_PARAVIRTUAL},
                                {"NIC 00:16:3e:00:00:06", "sr-iov-vf", "the device itself", PATH_DIRECT},
                                {"PCI 0000:03:10.2", "passthrough", "dom0 does not see", PATH_DIRECT}},
      3);
  explanation_free(pv);
  explanation_free(hvm);
  explanation_free(pvh);
  explanation_free(sriov);
}

Test(virt_explain, devices_of_kvm_are_served_by_qemu_or_by_the_kernel)
{
  struct explanation *explanation = explained("kvm.xml", (struct explain_input){0});
  cr_assert_eq(explanation->kind, KIND_KVM_QEMU);
  expect_devices(explanation,
                 (const struct expected[]){
                     {"vda", "virtio-blk", "iothread 2", PATH_PARAVIRTUAL},
                     {"vdb", "virtio-blk", "main loop", PATH_PARAVIRTUAL},
                     {"hda", "ide", "each access to a register is an exit", PATH_EMULATED},
                     {"fda", "fdc", "not a device that this program knows", -1},
                     {"NIC 52:54:00:00:00:01", "virtio-net", "if it has /dev/vhost-net", PATH_PARAVIRTUAL},
                     {"NIC 52:54:00:00:00:02", "virtio-net", "no vhost", PATH_PARAVIRTUAL},
                     {"NIC 52:54:00:00:00:03", "virtio-net", "no vhost", PATH_PARAVIRTUAL},
                     {"NIC 52:54:00:00:00:04", "virtio-net", "vhost-user", PATH_PARAVIRTUAL},
                     {"NIC 52:54:00:00:00:05", "virtio-net", "past QEMU (vhost)", PATH_PARAVIRTUAL},
                     {"NIC 52:54:00:00:00:06", "e1000", "each access to a register", PATH_EMULATED}},
                 10);
  explanation_free(explanation);
}

Test(virt_explain, the_command_line_of_qemu_has_the_last_word_on_vhost)
{
  static const char line[] = "-netdev\n{\"type\":\"tap\",\"fd\":\"33\",\"vhost\":true,\"id\":\"hostnet0\"}\n"
                             "-netdev\ntap,id=hostnet1,vhost=on,vhostfd=3\n"
                             "-netdev\n{\"type\":\"tap\",\"fd\":\"34\",\"id\":\"hostnet4\"}\n";
  struct explanation *explanation = explained("kvm.xml", (struct explain_input){.command_line = line});
  cr_assert(strstr(explanation->devices[4].how, "past QEMU (vhost)"));
  cr_assert(strstr(explanation->devices[5].how, "past QEMU (vhost)"));
  cr_assert(strstr(explanation->devices[8].how, "no vhost"));
  explanation_free(explanation);
}

Test(virt_explain, a_guest_with_nothing_but_devices_is_like_nitro)
{
  struct explanation *explanation = explained("kvm-hardware.xml", (struct explain_input){0});
  cr_assert_eq(explanation->kind, KIND_KVM_HARDWARE);
  cr_assert(strstr(explanation->why, "every disk and NIC"));
  explanation_free(explanation);
}

static const char kvm_offered[] = "<capabilities><guest><os_type>hvm</os_type><arch name='x86_64'>"
                                  "<domain type='qemu'/><domain type='kvm'/></arch></guest></capabilities>";
static const char qemu_alone[] = "<capabilities><guest><os_type>hvm</os_type><arch name='x86_64'>"
                                 "<domain type='qemu'/></arch></guest></capabilities>";

static struct explanation *of_text(const char *xml, const char *capabilities)
{
  const struct explain_input input = {.uuid = UUID, .domain_xml = xml, .capabilities_xml = capabilities};
  return explain(&input, NULL);
}

Test(virt_explain, a_guest_is_not_like_nitro_for_one_device_or_for_none)
{
  static const char mixed[] =
      "<domain type='kvm'><devices><disk><target dev='vda' bus='virtio'/></disk><hostdev type='pci'><source>"
      "<address domain='0' bus='1' slot='0' function='1'/></source></hostdev></devices></domain>";
  struct explanation *none = of_text("<domain type='kvm'/>", NULL), *one = of_text(mixed, NULL);
  cr_assert_eq(none->kind, KIND_KVM_QEMU);
  cr_assert_eq(none->device_count, 0);
  cr_assert(one->kind == KIND_KVM_QEMU && strstr(one->why, "a device is passed through"), "%s", one->why);
  cr_assert_eq(one->devices[1].path, PATH_DIRECT);
  explanation_free(none);
  explanation_free(one);
}

Test(virt_explain, an_emulated_guest_is_told_whether_kvm_is_to_be_had)
{
  static const char xml[] = "<domain type='qemu'><os><type>hvm</type></os></domain>";
  struct explanation *able = of_text(xml, kvm_offered), *bare = of_text(xml, qemu_alone);
  cr_assert(able->kind == KIND_TCG && strstr(able->why, "accel=kvm"), "%s", able->why);
  cr_assert(bare->kind == KIND_TCG && strstr(bare->why, "no KVM"), "%s", bare->why);
  explanation_free(able);
  explanation_free(bare);
}

Test(virt_explain, what_nobody_knows_is_unknown)
{
  struct explanation *other = of_text("<domain type='bhyve'/>", NULL);
  struct explanation *odd = of_text("<domain type='xen'><os><type>uml</type></os></domain>", "not XML");
  struct explanation *none = of_text("<domain/>", NULL);
  cr_assert_eq(other->kind, KIND_OTHER);
  cr_assert_eq(odd->kind, KIND_UNKNOWN);
  cr_assert_eq(none->kind, KIND_UNKNOWN);
  cr_assert_null(of_text("<network/>", NULL));
  explanation_free(other);
  explanation_free(odd);
  explanation_free(none);
}

/* A checkup in which everything is fine. */
static struct checkup *fine_host(void)
{
  struct checkup *host = g_new0(struct checkup, 1);
  host->kind = KIND_PHYSICAL;
  for (int i = 0; i < CHECKS; i++)
    finding_set(&host->findings[i], FINDING_OK, NULL, "fine");
  return host;
}

static void expect_source(const struct explanation *explanation, enum source source, const char *reason)
{
  const char *text = explanation->sources[source].text;
  cr_assert(explanation->sources[source].there == !reason, "%s", source_row(source)->title);
  cr_assert(!reason || strstr(text, reason), "%s: %s", source_row(source)->title, text);
}

Test(virt_explain, sources_are_there_or_say_why_not)
{
  struct checkup *host = fine_host();
  struct explanation *all = explained(
      "kvm.xml",
      (struct explain_input){.host = host, .active = true, .counters = true, .delay = true, .times = true});
  for (int i = 0; i < SOURCES; i++)
    cr_assert(all->sources[i].there == (i != SOURCE_XEN_TRACE && i != SOURCE_INSIDE), "%s",
              source_row((enum source)i)->title);
  expect_source(all, SOURCE_XEN_TRACE, "not Xen's dom0");
  struct explanation *off = explained("kvm.xml", (struct explain_input){.host = host});
  expect_source(off, SOURCE_COUNTERS, "does not run");
  expect_source(off, SOURCE_SCHED, "does not run");
  struct explanation *remote = explained("kvm-hardware.xml", (struct explain_input){.active = true});
  expect_source(remote, SOURCE_DELAY, "too old");
  expect_source(remote, SOURCE_SCHED, "another machine");
  expect_source(remote, SOURCE_KVM_EVENTS, "another machine");
  expect_source(remote, SOURCE_AGENT, "no channel");
  explanation_free(all);
  explanation_free(off);
  explanation_free(remote);
  checkup_free(host);
}

static void worsen(struct checkup *host, enum check_id check, enum finding_state state, const char *seen,
                   const char *advice)
{
  g_free(host->findings[check].seen);
  finding_set(&host->findings[check], state, advice, "%s", seen);
}

Test(virt_explain, tracing_fails_by_what_the_host_lacks)
{
  struct checkup *host = fine_host();
  worsen(host, CHECK_KVM_RUNS, FINDING_LIMITED, "software", NULL);
  worsen(host, CHECK_LOCKDOWN, FINDING_UNKNOWN, "not told", NULL);
  struct explanation *soft = explained("kvm.xml", (struct explain_input){.host = host, .active = true});
  cr_assert(soft->sources[SOURCE_KVM_EVENTS].there);
  cr_assert(strstr(soft->sources[SOURCE_KVM_EVENTS].text, "never comes"));
  worsen(host, CHECK_TRACEFS, FINDING_MISSING, "not mounted", "mount it");
  struct explanation *closed = explained("kvm.xml", (struct explain_input){.host = host, .active = true});
  expect_source(closed, SOURCE_KVM_EVENTS, "tracefs: not mounted (mount it)");
  explanation_free(soft);
  explanation_free(closed);
  checkup_free(host);
}

/* ---- what the host is ---- */

static bool nobody_may(G_GNUC_UNUSED const char *path, G_GNUC_UNUSED int mode)
{
  return false;
}

static void expect_host(const char *dir, const char *signature, enum kind kind)
{
  g_autofree char *copy = g_strdup(signature);
  const struct verify_facts facts = {.may = nobody_may, .signature = copy};
  struct view view;
  view_open(&view, dir, &facts);
  enum kind found = host_kind(&view);
  cr_assert(found == kind, "%s", kind_row(found)->name);
  view_close(&view);
}

Test(virt_explain, a_host_is_told_by_cpuid_dmi_and_sysfs)
{
  g_autofree char *dir = tree_new();
  expect_host(dir, NULL, KIND_UNKNOWN);
  tree_put(dir, "proc/cpuinfo", "flags : fpu vmx\n");
  expect_host(dir, NULL, KIND_PHYSICAL);
  expect_host(dir, "KVMKVMKVM", KIND_KVM_QEMU);
  expect_host(dir, "TCGTCGTCGTCG", KIND_TCG);
  expect_host(dir, "VMwareVMware", KIND_OTHER);
  tree_put(dir, "sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
  expect_host(dir, "KVMKVMKVM", KIND_KVM_HARDWARE);
  expect_host(dir, NULL, KIND_PHYSICAL); /* a bare-metal instance */
  tree_put(dir, "proc/cpuinfo", "flags : fpu hypervisor\n");
  expect_host(dir, NULL, KIND_UNKNOWN);
  expect_host(dir, "XenVMMXenVMM", KIND_XEN_PVHVM);
  tree_put(dir, "sys/hypervisor/type", "xen\n");
  tree_put(dir, "sys/hypervisor/guest_type", "PV\n");
  expect_host(dir, NULL, KIND_XEN_PV);
  tree_put(dir, "sys/hypervisor/guest_type", "PVH\n");
  expect_host(dir, "XenVMMXenVMM", KIND_XEN_PVH);
  tree_put(dir, "sys/hypervisor/guest_type", "HVM\n");
  expect_host(dir, "XenVMMXenVMM", KIND_XEN_PVHVM);
  tree_point(dir, "sys/class/net/eth0/device/driver", "../../../bus/pci/drivers/ixgbevf");
  expect_host(dir, "XenVMMXenVMM", KIND_XEN_SRIOV);
  tree_put(dir, "proc/xen/capabilities", "control_d\n");
  expect_host(dir, "XenVMMXenVMM", KIND_DOM0);
  tree_clear(dir);
}

Test(virt_explain, every_kind_of_guest_has_its_row)
{
  for (int kind = 0; kind < KINDS; kind++) {
    bool guest = kind >= KIND_XEN_PV && kind <= KIND_TCG;
    cr_assert(*kind_row((enum kind)kind)->name && *kind_row((enum kind)kind)->text);
    for (int sight = 0; sight < SIGHTS; sight++) {
      const struct sight_cell *cell = kind_sight((enum kind)kind, (enum sight)sight);
      cr_assert((cell->text != NULL) == guest, "%s: %s", kind_row((enum kind)kind)->name,
                sight_title((enum sight)sight));
      cr_assert(cell->sources < 1u << SOURCES);
      cr_assert(!cell->text || cell->sources || g_str_has_prefix(cell->text, "None: "), "%s", cell->text);
    }
  }
}
