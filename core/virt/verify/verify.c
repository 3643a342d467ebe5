/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/verify.h"

#include "core/virt/verify/host_kind.h"
#include "core/virt/verify/look.h"

static look *const looks[] = {
    [CHECK_MACHINE] = look_machine,
    [CHECK_CPU] = look_cpu,
    [CHECK_KVM] = look_kvm,
    [CHECK_KVM_USERS] = look_kvm_users,
    [CHECK_KVM_RUNS] = look_kvm_runs,
    [CHECK_NESTED] = look_nested,
    [CHECK_IOMMU] = look_iommu,
    [CHECK_REMAPPING] = look_remapping,
    [CHECK_VFIO] = look_vfio,
    [CHECK_SRIOV] = look_sriov,
    [CHECK_HUGE_PAGES] = look_huge_pages,
    [CHECK_LOCKED_MEMORY] = look_locked_memory,
    [CHECK_QEMU] = look_qemu,
    [CHECK_QEMU_IMG] = look_qemu_img,
    [CHECK_LIBVIRT] = look_libvirt,
    [CHECK_SOCKET] = look_socket,
    [CHECK_STATE] = look_state,
    [CHECK_TRACEFS] = look_tracefs,
    [CHECK_BTF] = look_btf,
    [CHECK_CAPABILITIES] = look_capabilities,
    [CHECK_UNPRIVILEGED_BPF] = look_unprivileged_bpf,
    [CHECK_TRACER] = look_tracer,
    [CHECK_LOCKDOWN] = look_lockdown,
    [CHECK_CGROUP] = look_cgroup,
};
G_STATIC_ASSERT(G_N_ELEMENTS(looks) == CHECKS);

/* What keeps guests from running accelerated by KVM, the first that does. */
static const struct {
  enum check_id check;
  enum finding_state worst; /* with which they still do */
  const char *text;
} needed[] = {
    {CHECK_KVM, FINDING_LIMITED,
     "Guests cannot run accelerated, there is no KVM: they are emulated, which is slow."},
    {CHECK_KVM_USERS, FINDING_LIMITED,
     "Guests cannot run accelerated, nobody here may use KVM: they are emulated, which is slow."},
    {CHECK_KVM_RUNS, FINDING_OK,
     "Guests with an operating system cannot run accelerated: KVM here runs real-mode code only."},
    {CHECK_QEMU, FINDING_OK, "Guests cannot run: there is no QEMU that works."},
};

static void judge(struct checkup *checkup, const struct view *view)
{
  if (view->dom0) {
    checkup->accelerated = true;
    checkup->verdict = g_strdup("Guests run accelerated, by Xen.");
    return;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
    if (checkup->findings[needed[i].check].state > needed[i].worst) {
      checkup->verdict = g_strdup(needed[i].text);
      return;
    }
  checkup->accelerated = true;
  checkup->verdict = g_strdup("Guests run accelerated, by KVM.");
}

static char *word_or_none(char *word)
{
  return word ? word : g_strdup("");
}

struct checkup *verify_host(const char *root, const struct verify_facts *facts)
{
  struct checkup *checkup = g_new0(struct checkup, 1);
  struct view view;

  view_open(&view, root, facts);
  checkup->host = word_or_none(view_read(&view, "proc/sys/kernel/hostname"));
  checkup->kernel = word_or_none(view_read(&view, "proc/sys/kernel/osrelease"));
  checkup->machine = g_strdup(facts->machine);
  checkup->kind = host_kind(&view);
  for (int i = 0; i < CHECKS; i++)
    looks[i](&view, &checkup->findings[i]);
  judge(checkup, &view);
  view_close(&view);
  return checkup;
}

enum kind verify_this_kind(void)
{
  struct verify_facts facts = {.signature = verify_signature()};
  struct view view;

  view_open(&view, "/", &facts);
  const enum kind kind = host_kind(&view);
  view_close(&view);
  g_free(facts.signature);
  return kind;
}

struct checkup *verify_this_host(void)
{
  struct verify_facts *facts = verify_facts_read();
  struct checkup *checkup = verify_host("/", facts);
  verify_facts_free(facts);
  return checkup;
}
