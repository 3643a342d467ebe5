/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/facts.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#include <pwd.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/proc.h"
#include "core/virt/conn/kvm.h"
#include "core/virt/conn/libvirt.h"
#include "core/virt/conn/qemu_conf.h"

#define SYSTEM_QEMU_CONF "/etc/libvirt/qemu.conf"

static bool may(const char *path, int mode)
{
  return access(path, mode) == 0;
}

static bool user_exists(const char *name)
{
  struct passwd space, *user = NULL;
  char buffer[4096];
  return getpwnam_r(name, &space, buffer, sizeof(buffer), &user) == 0 && user;
}

/* The daemon's QEMU; where its qemu.conf is closed to us, as its packages leave it. */
static void read_qemu_user(struct verify_facts *facts)
{
  g_autofree char *text = NULL;
  g_file_get_contents(SYSTEM_QEMU_CONF, &text, NULL, NULL);
  g_autofree char *user = text ? qemu_conf_value(text, "user") : NULL;
  g_autofree char *group = text ? qemu_conf_value(text, "group") : NULL;
  if (!user)
    user = g_strdup(QEMU_CONF_USER);
  if (!user_exists(user))
    return;
  facts->qemu_reason = kvm_user_reason(user, group);
  facts->qemu_user = g_steal_pointer(&user);
}

/* The first line of what PROGRAM says of its version, or NULL. */
static char *version_of(const char *program)
{
  const char *const argv[] = {program, "--version", NULL};
  char *text = NULL;
  if (!proc_run(argv, NULL, &text, NULL))
    return NULL;
  text[strcspn(text, "\n")] = 0;
  return text;
}

#if defined(__x86_64__) || defined(__i386__)
#define CPUID_SAYS_GUEST (1U << 31) /* leaf 1, ECX */
#define CPUID_HYPERVISOR 0x40000000U
#define CPUID_BEHIND_HYPERV 0x40000100U /* where KVM signs when it also plays Hyper-V */

static char *signature_at(unsigned leaf)
{
  unsigned words[4] = {0};
  __cpuid(leaf, words[0], words[1], words[2], words[3]);
  return g_strchomp(g_strndup((const char *)&words[1], sizeof(words) - sizeof(words[0])));
}

char *verify_signature(void)
{
  unsigned eax, ebx, ecx = 0, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & CPUID_SAYS_GUEST))
    return NULL;
  g_autofree char *behind = signature_at(CPUID_BEHIND_HYPERV);
  return g_str_equal(behind, "KVMKVMKVM") ? g_steal_pointer(&behind) : signature_at(CPUID_HYPERVISOR);
}
#else
char *verify_signature(void)
{
  return NULL;
}
#endif

static char *machine(void)
{
  struct utsname names;
  return g_strdup(uname(&names) == 0 ? names.machine : "");
}

/* The QEMU that runs guests of this machine's own kind. */
static char *find_qemu(const char *machine)
{
  g_autofree char *program = g_strconcat("qemu-system-", machine, NULL);
  return g_find_program_in_path(program);
}

/* What it says when it tries; NULL: it can. */
static char *tracer_problem(const char *program)
{
  const char *const argv[] = {program, "check", NULL};
  g_autoptr(GError) err = NULL;
  return proc_run(argv, NULL, NULL, &err) ? NULL : error_what(err);
}

struct verify_facts *verify_facts_read(void)
{
  struct verify_facts *facts = g_new0(struct verify_facts, 1);
  facts->may = may;
  facts->kvm_errno = kvm_open_errno();
  facts->machine = machine();
  facts->signature = verify_signature();
  facts->user = g_strdup(g_get_user_name());
  read_qemu_user(facts);
  facts->qemu = find_qemu(facts->machine);
  facts->qemu_version = facts->qemu ? version_of(facts->qemu) : NULL;
  facts->qemu_img = g_find_program_in_path("qemu-img");
  facts->qemu_img_version = facts->qemu_img ? version_of(facts->qemu_img) : NULL;
  facts->libvirt_version = library_version();
  facts->state = path_state();
  facts->tracer = path_program("virtlens-trace");
  facts->tracer_problem = facts->tracer ? tracer_problem(facts->tracer) : NULL;
  return facts;
}

void verify_facts_free(struct verify_facts *facts)
{
  char *texts[] = {facts->signature,       facts->machine,     facts->user,
                   facts->qemu_user,       facts->qemu_reason, facts->qemu,
                   facts->qemu_version,    facts->qemu_img,    facts->qemu_img_version,
                   facts->libvirt_version, facts->state,       facts->tracer,
                   facts->tracer_problem};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_free(facts);
}
