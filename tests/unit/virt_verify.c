/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification, on trees that the tests make: what files tell, and what follows for guests. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/virt/verify/verify.h"
#include "tests/unit/test.h"
#include "tests/unit/tree.h"

/* The owner's bits, also when the tests run as root, whom access(2) lets do everything. */
static bool owner_may(const char *path, int mode)
{
  struct stat st;
  return stat(path, &st) == 0 && ((st.st_mode >> 6) & (mode_t)mode) == (mode_t)mode;
}

static const struct verify_facts good_facts = {
    .may = owner_may,
    .machine = (char[]){"x86_64"},
    .user = (char[]){"ann"},
    .qemu_user = (char[]){"libvirt-qemu"},
    .qemu = (char[]){"/usr/bin/qemu-system-x86_64"},
    .qemu_version = (char[]){"QEMU emulator version 7.2"},
    .qemu_img = (char[]){"/usr/bin/qemu-img"},
    .qemu_img_version = (char[]){"qemu-img version 7.2"},
    .libvirt_version = (char[]){"9.0.0"},
    .state = (char[]){"/home/ann/.local/state/virtlens"},
    .tracer = (char[]){"/lib/virtlens-trace"},
};

/* What every machine below has in common. */
static char *machine(const char *cpuinfo)
{
  char *dir = tree_new();
  tree_put(dir, "proc/cpuinfo", cpuinfo);
  tree_put(dir, "proc/sys/kernel/hostname", "box\n");
  tree_put(dir, "proc/sys/kernel/osrelease", "6.1.0\n");
  tree_put(dir, "proc/self/status", "Name:\tx\nCapEff:\t000001ffffffffff\n");
  tree_put(dir, "proc/self/limits",
           "Limit                     Soft Limit           Hard Limit           Units     \n"
           "Max locked memory         unlimited            unlimited            bytes     \n");
  tree_put(dir, "proc/self/cgroup", "0::/user.slice/session\n");
  tree_point(dir, "proc/self/ns/pid", "pid:[4026531836]");
  tree_point(dir, "proc/self/ns/cgroup", "cgroup:[4026531835]");
  tree_put(
      dir, "proc/meminfo",
      "MemTotal: 1000 kB\nHugePages_Total:      16\nHugePages_Free:        4\nHugepagesize:       2048 kB\n");
  tree_put(dir, "proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
  tree_put(dir, "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  tree_put(dir, "sys/kernel/tracing/events/kvm/enable", "0\n");
  tree_put(dir, "sys/kernel/tracing/events/sched/enable", "0\n");
  tree_put(dir, "sys/kernel/btf/vmlinux", "");
  tree_put(dir, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  tree_put(dir, "sys/fs/cgroup/cgroup.controllers", "cpu io memory\n");
  tree_put(dir, "sys/fs/cgroup/user.slice/session/cgroup.procs", "");
  tree_put(dir, "run/libvirt/libvirt-sock", "");
  tree_put(dir, "home/ann/.profile", "");
  return dir;
}

#define INTEL "processor\t: 0\nflags\t\t: fpu vmx sse\nvmx flags\t: vnmi ept\n"
#define INTEL_GUEST "processor\t: 0\nflags\t\t: fpu vmx hypervisor\n"
#define PLAIN_GUEST "processor\t: 0\nflags\t\t: fpu sse hypervisor\n"
#define AMD "processor\t: 0\nflags\t\t: fpu svm sse\n"
#define BARE "processor\t: 0\nflags\t\t: fpu sse svmx vmx2\n"
#define ARM "processor\t: 0\nFeatures\t: fp asimd\nCPU architecture: 8\n"

static char *intel(void)
{
  char *dir = machine(INTEL);
  tree_put(dir, "dev/kvm", "");
  tree_put(dir, "sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
  tree_put(dir, "sys/class/dmi/id/product_name", "PowerEdge\n");
  tree_put(dir, "sys/module/kvm_intel/parameters/nested", "Y\n");
  tree_put(dir, "sys/class/iommu/dmar0/intel-iommu/ecap", "f00f5a\n");
  tree_put(dir, "sys/bus/pci/drivers/vfio-pci/new_id", "");
  tree_put(dir, "sys/bus/pci/devices/0000:01:00.0/sriov_totalvfs", "8\n");
  tree_put(dir, "sys/bus/pci/devices/0000:01:00.0/sriov_numvfs", "2\n");
  tree_put(dir, "sys/bus/pci/devices/0000:01:00.0/class", "0x020000\n");
  return dir;
}

struct expected {
  enum check_id check;
  enum finding_state state;
  const char *seen;   /* is in what was seen */
  const char *advice; /* is in the advice; NULL: there is none */
};

static void expect_finding(const struct checkup *checkup, const struct expected *row)
{
  const struct finding *finding = &checkup->findings[row->check];
  const char *name = check_row(row->check)->name;
  cr_assert(finding->state == row->state, "%s is %s: %s", name, finding_state_name(finding->state),
            finding->seen);
  cr_assert(strstr(finding->seen, row->seen), "%s: %s", name, finding->seen);
  if (row->advice)
    cr_assert(finding->advice && strstr(finding->advice, row->advice), "%s: %s", name,
              finding->advice ? finding->advice : "no advice");
  else
    cr_assert(!finding->advice, "%s: %s", name, finding->advice ? finding->advice : "");
}

/* Look at DIR with FACTS and expect ROWS (ended by one without seen), and whether guests run accelerated. */
static void expect(const char *dir, const struct verify_facts *facts, bool accelerated,
                   const struct expected *rows)
{
  struct checkup *checkup = verify_host(dir, facts);
  for (int i = 0; i < CHECKS; i++) {
    const struct finding *finding = &checkup->findings[i];
    cr_assert(finding->seen && *finding->seen, "%s", check_row((enum check_id)i)->name);
    cr_assert(finding->state != FINDING_OK || !finding->advice, "%s", check_row((enum check_id)i)->name);
  }
  for (; rows->seen; rows++)
    expect_finding(checkup, rows);
  cr_assert(checkup->accelerated == accelerated, "%s", checkup->verdict);
  checkup_free(checkup);
}
#define EXPECT(dir, facts, accelerated, ...)                                                                 \
  expect(dir, facts, accelerated, (const struct expected[]){__VA_ARGS__, {0}})

Test(virt_verify, nothing_is_missing_on_an_intel_machine_with_all_of_it)
{
  g_autofree char *dir = intel();
  struct checkup *checkup = verify_host(dir, &good_facts);
  for (int i = 0; i < CHECKS; i++)
    cr_assert(checkup->findings[i].state == FINDING_OK, "%s: %s", check_row((enum check_id)i)->name,
              checkup->findings[i].seen);
  cr_assert_str_eq(checkup->host, "box");
  cr_assert_str_eq(checkup->kernel, "6.1.0");
  cr_assert_str_eq(checkup->verdict, "Guests run accelerated, by KVM.");
  checkup_free(checkup);
  EXPECT(
      dir, &good_facts, true, {CHECK_MACHINE, FINDING_OK, "Dell Inc. PowerEdge"},
      {CHECK_CPU, FINDING_OK, "vmx (Intel VT-x)"}, {CHECK_KVM, FINDING_OK, "kvm_intel"},
      {CHECK_KVM_USERS, FINDING_OK, "this user (ann): yes; libvirt's QEMU (libvirt-qemu): yes"},
      {CHECK_SRIOV, FINDING_OK, "0000:01:00.0 (NIC, no driver): 2 of 8 functions made"},
      {CHECK_HUGE_PAGES, FINDING_OK, "transparent: madvise; 16 of 2 MiB reserved, 4 free"},
      {CHECK_TRACEFS, FINDING_OK, "events of: kvm sched"},
      {CHECK_CGROUP, FINDING_OK, "version 2, controllers: cpu io memory; own group /user.slice/session may"});
  tree_clear(dir);
}

Test(virt_verify, an_amd_machine_tells_less_of_its_iommu)
{
  g_autofree char *dir = machine(AMD);
  tree_put(dir, "dev/kvm", "");
  tree_put(dir, "sys/module/kvm_amd/parameters/nested", "0\n");
  tree_put(dir, "sys/class/iommu/ivhd0/amd", "");
  EXPECT(dir, &good_facts, true, {CHECK_CPU, FINDING_OK, "svm (AMD-V)"}, {CHECK_KVM, FINDING_OK, "kvm_amd"},
         {CHECK_NESTED, FINDING_LIMITED, "no (0)", "modprobe kvm_amd nested=1"},
         {CHECK_IOMMU, FINDING_OK, "ivhd0"}, {CHECK_REMAPPING, FINDING_UNKNOWN, "not told"},
         {CHECK_VFIO, FINDING_UNKNOWN, "not loaded", "modprobe vfio-pci"},
         {CHECK_SRIOV, FINDING_MISSING, "no PCI device"});
  tree_clear(dir);
}

Test(virt_verify, without_kvm_the_way_to_it_is_told)
{
  g_autofree char *able = machine(INTEL), *bare = machine(BARE), *empty = tree_new();
  EXPECT(able, &good_facts, false, {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "modprobe kvm_intel"},
         {CHECK_KVM_USERS, FINDING_MISSING, "nobody"}, {CHECK_KVM_RUNS, FINDING_MISSING, "nothing"},
         {CHECK_NESTED, FINDING_MISSING, "no KVM"}, {CHECK_IOMMU, FINDING_MISSING, "no IOMMU", "VT-d"},
         {CHECK_REMAPPING, FINDING_MISSING, "no IOMMU"});
  EXPECT(bare, &good_facts, false, {CHECK_CPU, FINDING_MISSING, "neither vmx nor svm", "firmware"},
         {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "see CPU extensions"});
  EXPECT(empty, &good_facts, false, {CHECK_CPU, FINDING_UNKNOWN, "cannot be read", "mount /proc"},
         {CHECK_LOCKED_MEMORY, FINDING_UNKNOWN, "does not tell", "mount /proc"},
         {CHECK_CAPABILITIES, FINDING_MISSING, "none of CAP_BPF", "all else works without"},
         {CHECK_CGROUP, FINDING_MISSING, "none mounted", "mount -t cgroup2"});
  tree_clear(able);
  tree_clear(bare);
  tree_clear(empty);
}

Test(virt_verify, a_container_is_told_from_a_machine_made_from_its_image)
{
  g_autofree char *dir = machine(INTEL);
  tree_put(dir, ".dockerenv", "");
  EXPECT(dir, &good_facts, false, {CHECK_MACHINE, FINDING_OK, "no sign of a hypervisor"},
         {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "modprobe"});
  tree_point(dir, "proc/self/ns/pid", "pid:[4026532299]");
  EXPECT(dir, &good_facts, false,
         {CHECK_MACHINE, FINDING_LIMITED, "a container (Docker)", "host of the container"},
         {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "--device /dev/kvm"});
  tree_put(dir, "run/systemd/container", "lxc\n");
  EXPECT(dir, &good_facts, false, {CHECK_MACHINE, FINDING_LIMITED, "a container (lxc)", ""});
  tree_put(dir, "dev/kvm", "");
  struct verify_facts facts = good_facts;
  facts.kvm_errno = EPERM;
  facts.qemu_user = NULL;
  EXPECT(dir, &facts, false,
         {CHECK_KVM_USERS, FINDING_MISSING, "Operation not permitted", "--device /dev/kvm"});
  tree_clear(dir);
}

Test(virt_verify, a_guest_can_be_a_host_where_it_is_let)
{
  g_autofree char *nesting = machine(INTEL_GUEST), *plain = machine(PLAIN_GUEST);
  tree_put(nesting, "dev/kvm", "");
  tree_put(nesting, "sys/module/kvm_intel/parameters/nested", "N\n");
  tree_put(nesting, "sys/class/dmi/id/sys_vendor", "QEMU\n");
  EXPECT(nesting, &good_facts, true,
         {CHECK_MACHINE, FINDING_LIMITED, "itself a virtual machine (not known): QEMU", "metal"},
         {CHECK_CPU, FINDING_OK, "vmx"}, {CHECK_NESTED, FINDING_LIMITED, "no (N)", "nested=1"},
         {CHECK_IOMMU, FINDING_MISSING, "no IOMMU", "virtual IOMMU"});
  EXPECT(plain, &good_facts, false, {CHECK_CPU, FINDING_MISSING, "neither", "its owner must let it nest"},
         {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "its owner must let it nest"});
  tree_clear(nesting);
  tree_clear(plain);
}

Test(virt_verify, on_arm_kvm_itself_tells_of_the_extensions)
{
  g_autofree char *dir = machine(ARM);
  tree_put(dir, "proc/device-tree/model", "Raspberry Pi 4\n");
  EXPECT(dir, &good_facts, false, {CHECK_MACHINE, FINDING_OK, "Raspberry Pi 4"},
         {CHECK_CPU, FINDING_UNKNOWN, "not an x86 CPU"}, {CHECK_KVM, FINDING_MISSING, "no /dev/kvm", "EL2"});
  tree_put(dir, "dev/kvm", "");
  EXPECT(dir, &good_facts, true, {CHECK_CPU, FINDING_OK, "/dev/kvm says that it has them"},
         {CHECK_KVM_RUNS, FINDING_OK, "operating systems"}, {CHECK_NESTED, FINDING_UNKNOWN, "neither"});
  tree_put(dir, "proc/device-tree/hypervisor/compatible", "linux,kvm");
  EXPECT(dir, &good_facts, true, {CHECK_MACHINE, FINDING_LIMITED, "itself a virtual machine", ""});
  tree_clear(dir);
}

Test(virt_verify, xen_runs_its_guests_without_kvm)
{
  g_autofree char *dir = machine(PLAIN_GUEST);
  tree_put(dir, "proc/xen/capabilities", "control_d\n");
  tree_put(dir, "sys/hypervisor/type", "xen\n");
  EXPECT(dir, &good_facts, true, {CHECK_MACHINE, FINDING_OK, "dom0"},
         {CHECK_CPU, FINDING_UNKNOWN, "Xen keeps them", "xl info"},
         {CHECK_KVM, FINDING_LIMITED, "Xen runs the guests"});
  tree_put(dir, "proc/xen/capabilities", "\n");
  EXPECT(dir, &good_facts, false, {CHECK_MACHINE, FINDING_LIMITED, "itself a virtual machine", ""});
  tree_clear(dir);
}

Test(virt_verify, kvm_must_be_usable_run_systems_and_have_qemu)
{
  g_autofree char *dir = intel();
  struct verify_facts facts = good_facts;
  facts.kvm_errno = EACCES;
  EXPECT(dir, &facts, true,
         {CHECK_KVM_USERS, FINDING_LIMITED, "(ann): Permission denied; libvirt's", "adduser"});
  facts.qemu_reason = (char[]){"mode 0600"};
  EXPECT(dir, &facts, false, {CHECK_KVM_USERS, FINDING_MISSING, "denied; mode 0600", "adduser"});
  facts.kvm_errno = 0;
  EXPECT(dir, &facts, true, {CHECK_KVM_USERS, FINDING_LIMITED, "yes; mode 0600", "chmod"});
  facts = good_facts;
  facts.qemu_user = NULL;
  EXPECT(dir, &facts, true, {CHECK_KVM_USERS, FINDING_OK, "no user for libvirt's daemon"});
  tree_put(dir, "sys/module/kvm_pvm/refcnt", "0\n");
  EXPECT(dir, &facts, false, {CHECK_KVM_RUNS, FINDING_LIMITED, "real-mode", "accel=tcg"});
  tree_clear(dir);
  g_autofree char *whole = intel();
  facts.qemu_version = NULL;
  EXPECT(whole, &facts, false, {CHECK_QEMU, FINDING_LIMITED, "does not run", "--version"});
  facts.qemu = NULL;
  facts.qemu_img = NULL;
  EXPECT(whole, &facts, false, {CHECK_QEMU, FINDING_MISSING, "no QEMU", "apt install"},
         {CHECK_QEMU_IMG, FINDING_MISSING, "no qemu-img", "apt install qemu-utils"});
  tree_clear(whole);
}

Test(virt_verify, memory_is_told_with_what_limits_it)
{
  g_autofree char *dir = intel();
  tree_put(dir, "sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
  tree_put(dir, "proc/meminfo",
           "HugePages_Total:      0\nHugePages_Free:        0\nHugepagesize:   2048 kB\n");
  tree_put(dir, "proc/self/limits",
           "Max locked memory         8388608              8388608              bytes     \n");
  EXPECT(dir, &good_facts, true, {CHECK_HUGE_PAGES, FINDING_LIMITED, "never; none reserved", "echo madvise"},
         {CHECK_LOCKED_MEMORY, FINDING_OK, "8 MiB, which this process may raise"});
  tree_put(dir, "proc/self/status", "CapEff:\t0000000000000000\n");
  EXPECT(dir, &good_facts, true, {CHECK_LOCKED_MEMORY, FINDING_LIMITED, "8 MiB", "limits.conf"});
  tree_clear(dir);
}

Test(virt_verify, permissions_are_those_of_this_user)
{
  g_autofree char *dir = intel();
  tree_put(dir, "run/libvirt/virtqemud-sock", "");
  tree_mode(dir, "run/libvirt/virtqemud-sock", 0400);
  EXPECT(dir, &good_facts, true, {CHECK_SOCKET, FINDING_LIMITED, "closed", "adduser USER libvirt"},
         {CHECK_STATE, FINDING_OK, "can be made"});
  tree_mode(dir, "home/ann", 0500);
  EXPECT(dir, &good_facts, true,
         {CHECK_STATE, FINDING_MISSING, "/home/ann may not be written", "XDG_STATE_HOME"});
  tree_mode(dir, "home/ann", 0700);
  tree_put(dir, "home/ann/.local/state/virtlens/x", "");
  EXPECT(dir, &good_facts, true, {CHECK_STATE, FINDING_OK, "may be written"});
  tree_clear(dir);
  g_autofree char *alone = machine(INTEL);
  g_autofree char *run = g_build_filename(alone, "run", NULL);
  tree_clear(run);
  EXPECT(alone, &good_facts, false, {CHECK_SOCKET, FINDING_MISSING, "no socket", "systemctl start libvirtd"});
  tree_clear(alone);
}

Test(virt_verify, tracing_takes_capabilities_and_a_kernel_that_lets)
{
  g_autofree char *dir = intel();
  tree_put(dir, "proc/self/status", "CapEff:\t0000008000000000\n"); /* bit 39 alone */
  tree_put(dir, "sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
  tree_mode(dir, "sys/kernel/tracing", 0);
  tree_mode(dir, "sys/kernel/btf/vmlinux", 0);
  EXPECT(dir, &good_facts, true, {CHECK_TRACEFS, FINDING_MISSING, "closed", "root"},
         {CHECK_BTF, FINDING_MISSING, "not in this kernel", "CONFIG_DEBUG_INFO_BTF"},
         {CHECK_CAPABILITIES, FINDING_LIMITED, "CAP_BPF", "both"},
         {CHECK_UNPRIVILEGED_BPF, FINDING_OK, "2: only with CAP_BPF, which this process has"},
         {CHECK_LOCKDOWN, FINDING_MISSING, "confidentiality", "lockdown=integrity"});
  tree_mode(dir, "sys/kernel/tracing", 0700);
  tree_put(dir, "proc/self/status", "CapEff:\t000000c000000000\n");
  tree_put(dir, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  EXPECT(dir, &good_facts, true, {CHECK_CAPABILITIES, FINDING_OK, "CAP_BPF CAP_PERFMON"},
         {CHECK_LOCKDOWN, FINDING_OK, "integrity"});
  tree_put(dir, "proc/self/status", "CapEff:\t0000000000000000\n");
  EXPECT(dir, &good_facts, true, {CHECK_UNPRIVILEGED_BPF, FINDING_LIMITED, "has not"});
  struct verify_facts without = good_facts, unable = good_facts;
  char problem[] = "it has not the capabilities";
  without.tracer = NULL;
  unable.tracer_problem = problem;
  EXPECT(dir, &good_facts, true, {CHECK_TRACER, FINDING_OK, "/lib/virtlens-trace can trace"});
  EXPECT(dir, &without, true, {CHECK_TRACER, FINDING_MISSING, "not installed", "--with-bpf"});
  EXPECT(dir, &unable, true, {CHECK_TRACER, FINDING_MISSING, problem, "=p /lib/virtlens-trace"});
  g_autofree char *lockdown = g_build_filename(dir, "sys/kernel/security/lockdown", NULL);
  tree_clear(lockdown);
  EXPECT(dir, &good_facts, true, {CHECK_LOCKDOWN, FINDING_UNKNOWN, "not mounted", "mount -t securityfs"});
  tree_put(dir, "sys/kernel/security/lsm", "capability");
  EXPECT(dir, &good_facts, true, {CHECK_LOCKDOWN, FINDING_OK, "not in this kernel"});
  tree_put(dir, "proc/sys/kernel/unprivileged_bpf_disabled", "0\n");
  EXPECT(dir, &good_facts, true, {CHECK_UNPRIVILEGED_BPF, FINDING_OK, "0: allowed"});
  g_autofree char *events = g_build_filename(dir, "sys/kernel/tracing/events", NULL);
  tree_clear(events);
  EXPECT(dir, &good_facts, true, {CHECK_TRACEFS, FINDING_MISSING, "not mounted", "mount -t tracefs"});
  tree_clear(dir);
}

Test(virt_verify, control_groups_of_either_version_are_told_with_what_may_be_written)
{
  g_autofree char *dir = intel();
  tree_mode(dir, "sys/fs/cgroup/user.slice/session/cgroup.procs", 0400);
  EXPECT(dir, &good_facts, true, {CHECK_CGROUP, FINDING_OK, "/user.slice/session is read-only"});
  tree_put(dir, "sys/fs/cgroup/cgroup.controllers", "\n");
  EXPECT(dir, &good_facts, true, {CHECK_CGROUP, FINDING_LIMITED, "controllers: none", "subtree_control"});
  tree_clear(dir);
  g_autofree char *old = machine(INTEL);
  g_autofree char *groups = g_build_filename(old, "sys/fs/cgroup", NULL);
  tree_clear(groups);
  tree_put(old, "proc/self/cgroup", "5:devices:/\n4:cpu,cpuacct:/a\n3:memory:/b\n0::/\n");
  tree_put(old, "sys/fs/cgroup/cpu/a/cgroup.procs", "");
  tree_put(old, "sys/fs/cgroup/memory/b/cgroup.procs", "");
  tree_mode(old, "sys/fs/cgroup/memory/b/cgroup.procs", 0400);
  EXPECT(old, &good_facts, false,
         {CHECK_CGROUP, FINDING_LIMITED, "version 1, controllers: cpu memory; writable: cpu", "unified"});
  tree_clear(old);
}
