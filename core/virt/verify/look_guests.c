/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests run on: the machine, its CPU, KVM. */
#include <errno.h>
#include <string.h>

#include "core/virt/conn/kvm.h"
#include "core/virt/verify/host_kind.h"
#include "core/virt/verify/look.h"

#define NESTED_ADVICE                                                                                        \
  "this machine is itself a guest: its owner must let it nest (under KVM: CPU mode host-passthrough, and "   \
  "module kvm_intel or kvm_amd with nested=1)"

/* ---- the machine ---- */

/* What the firmware calls the machine, "Dell Inc. PowerEdge R640"; "" when it does not tell. */
static char *machine_name(const struct view *view)
{
  g_autofree char *vendor = view_read(view, "sys/class/dmi/id/sys_vendor");
  g_autofree char *product = view_read(view, "sys/class/dmi/id/product_name");
  g_autofree char *board = view_read(view, "proc/device-tree/model");
  g_autofree char *both = g_strjoin(" ", vendor ? vendor : "", product ? product : "", NULL);
  g_strstrip(both);
  return g_strdup(*both ? both : board ? board : "");
}

/* A proxy that is not QEMU does not say so.  Caller frees. */
static char *kind_text(const struct view *view)
{
  enum kind kind = host_kind(view);
  if (kind == KIND_OTHER)
    return g_strdup_printf("a hypervisor that signs \"%s\"", view->facts->signature);
  return g_strdup(kind == KIND_KVM_QEMU ? "KVM with a proxy such as QEMU" : kind_row(kind)->title);
}

void look_machine(const struct view *view, struct finding *ret)
{
  g_autofree char *name = machine_name(view), *kind = kind_text(view);
  const char *colon = *name ? ": " : "";

  if (view->container)
    finding_set(ret, FINDING_LIMITED, "devices and kernel settings are for the host of the container to give",
                "a container (%s)%s%s%s", view->container, view->guest ? " on a virtual machine" : "", colon,
                name);
  else if (view->dom0)
    finding_set(ret, FINDING_OK, NULL, "Xen's first domain (dom0)%s%s", colon, name);
  else if (view->guest)
    finding_set(ret, FINDING_LIMITED,
                "its guests are guests of a guest: figures of speed tell little of metal",
                "itself a virtual machine (%s)%s%s", kind, colon, name);
  else
    finding_set(ret, FINDING_OK, NULL, "no sign of a hypervisor below%s%s", colon, name);
  if (view->container)
    ret->source = g_strdup("/run/systemd/container, /.dockerenv, /run/.containerenv");
  else if (view->dom0)
    ret->source = g_strdup("/proc/xen/capabilities");
  else if (view->guest)
    ret->source = g_strdup("CPUID 0x40000000, /sys/class/dmi/id, /sys/hypervisor");
}

/* ---- its CPU ---- */

static const struct {
  const char *flag, *name, *module, *firmware;
} extensions[] = {{"vmx", "Intel VT-x", "kvm_intel", "VT-x"}, {"svm", "AMD-V", "kvm_amd", "SVM"}};

/* The row of what this CPU has, or -1. */
static int extension_of(const struct view *view)
{
  for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
    if (view_cpu_flag(view, extensions[i].flag))
      return (int)i;
  return -1;
}

void look_cpu(const struct view *view, struct finding *ret)
{
  int extension = extension_of(view);

  if (extension >= 0)
    finding_set(ret, FINDING_OK, NULL, "%s (%s)", extensions[extension].flag, extensions[extension].name);
  else if (!view->cpuinfo)
    finding_set(ret, FINDING_UNKNOWN, "mount /proc", "/proc/cpuinfo cannot be read");
  else if (view->dom0)
    finding_set(ret, FINDING_UNKNOWN, "xl info tells, by hvm in virt_caps",
                "neither vmx nor svm: Xen keeps them for itself");
  else if (view_is_x86(view))
    finding_set(ret, FINDING_MISSING,
                view->guest ? NESTED_ADVICE : "switch on VT-x (Intel) or SVM (AMD) in the firmware",
                "neither vmx nor svm among the CPU's flags");
  else if (view_has(view, "dev/kvm"))
    finding_set(ret, FINDING_OK, NULL, "not an x86 CPU; that there is /dev/kvm says that it has them");
  else
    finding_set(ret, FINDING_UNKNOWN, NULL, "not an x86 CPU, and its kernel does not list them");
}

/* ---- KVM ---- */

static const char *kvm_advice(const struct view *view)
{
  int extension = extension_of(view);

  if (view->container)
    return "give it to the container, as by docker run --device /dev/kvm, where its host has it";
  if (extension >= 0)
    return extension == 0 ? "modprobe kvm_intel" : "modprobe kvm_amd";
  if (!view_is_x86(view))
    return "start a kernel with KVM, in a mode (EL2 on arm) in which it can work";
  return view->guest ? NESTED_ADVICE : "see CPU extensions; until then guests are emulated (TCG)";
}

void look_kvm(const struct view *view, struct finding *ret)
{
  static const char *const modules[] = {"kvm_intel", "kvm_amd", "kvm_pvm"};

  if (!view_has(view, "dev/kvm")) {
    if (view->dom0)
      finding_set(ret, FINDING_LIMITED, NULL,
                  "no /dev/kvm: Xen runs the guests here, and KVM cannot beside it");
    else
      finding_set(ret, FINDING_MISSING, kvm_advice(view), "no /dev/kvm");
    return;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(modules); i++) {
    g_autofree char *path = g_build_filename("sys/module", modules[i], NULL);
    if (view_has(view, path)) {
      finding_set(ret, FINDING_OK, NULL, "there, by module %s", modules[i]);
      return;
    }
  }
  finding_set(ret, FINDING_OK, NULL, "there");
}

static const char *opening_advice(const struct view *view)
{
  switch (view->facts->kvm_errno) {
  case EACCES:
    return "join the group of /dev/kvm (adduser USER kvm), and log in again";
  case EPERM:
    return "the device rules of this container forbid it: docker run --device /dev/kvm";
  default:
    return NULL;
  }
}

/* With the daemon's QEMU: what is said of it behind what is said of this user. */
static char *daemon_text(const struct verify_facts *facts)
{
  if (!facts->qemu_user)
    return g_strdup("there is no user for libvirt's daemon to run it as");
  return facts->qemu_reason ? g_strdup(facts->qemu_reason)
                            : g_strdup_printf("libvirt's QEMU (%s): yes", facts->qemu_user);
}

void look_kvm_users(const struct view *view, struct finding *ret)
{
  const struct verify_facts *facts = view->facts;

  if (!view_has(view, "dev/kvm")) {
    finding_set(ret, FINDING_MISSING, NULL, "nobody: there is no /dev/kvm");
    return;
  }
  bool self = facts->kvm_errno == 0, daemon = facts->qemu_user && !facts->qemu_reason;
  g_autofree char *others = daemon_text(facts);
  finding_set(ret,
              self && !facts->qemu_reason ? FINDING_OK
              : self || daemon            ? FINDING_LIMITED
                                          : FINDING_MISSING,
              !self                ? opening_advice(view)
              : facts->qemu_reason ? "chgrp kvm /dev/kvm; chmod 660 /dev/kvm (a lab of root's helps itself)"
                                   : NULL,
              "this user (%s): %s; %s", facts->user, self ? "yes" : g_strerror(facts->kvm_errno), others);
}

void look_kvm_runs(const struct view *view, struct finding *ret)
{
  g_autofree char *cpuinfo = view_path(view, "proc/cpuinfo"), *modules = view_path(view, "sys/module");
  g_autofree char *reason = kvm_software_reason(cpuinfo, modules);

  if (!view_has(view, "dev/kvm"))
    finding_set(ret, FINDING_MISSING, NULL, "nothing: there is no /dev/kvm");
  else if (reason)
    finding_set(ret, FINDING_LIMITED,
                "template pulse runs on it; start guests with an operating system with accel=tcg", "%s",
                reason);
  else
    finding_set(ret, FINDING_OK, NULL, "operating systems");
}

void look_nested(const struct view *view, struct finding *ret)
{
  for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++) {
    g_autofree char *path = g_build_filename("sys/module", extensions[i].module, "parameters/nested", NULL);
    g_autofree char *value = view_read(view, path);
    if (!value)
      continue;
    bool on = *value == 'Y' || *value == '1';
    g_autofree char *advice = g_strdup_printf("when no guest runs: modprobe -r %s; modprobe %s nested=1",
                                              extensions[i].module, extensions[i].module);
    finding_set(ret, on ? FINDING_OK : FINDING_LIMITED, on ? NULL : advice, on ? "yes (%s)" : "no (%s)",
                value);
    ret->source = g_strconcat("/", path, NULL);
    return;
  }
  if (view_has(view, "dev/kvm"))
    finding_set(ret, FINDING_UNKNOWN, NULL, "neither kvm_intel nor kvm_amd is there to tell");
  else
    finding_set(ret, FINDING_MISSING, NULL, "no: there is no KVM");
}
