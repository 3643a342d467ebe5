/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/virt/acting.h"
#include "core/virt/platform.h"

#define KVM_DEVICE "/dev/kvm"
#define GROUPS_MAX 64

static bool in_group(const struct passwd *user, gid_t wanted)
{
  gid_t groups[GROUPS_MAX];
  int n = GROUPS_MAX;
  if (getgrouplist(user->pw_name, user->pw_gid, groups, &n) < 0)
    return false;
  for (int i = 0; i < n; i++)
    if (groups[i] == wanted)
      return true;
  return false;
}

/* Read and write for USER by the mode bits of the file. */
static bool mode_lets(const struct passwd *user, const struct stat *st)
{
  const mode_t both = S_IROTH | S_IWOTH;
  if (user->pw_uid == 0)
    return true;
  if (user->pw_uid == st->st_uid)
    return ((st->st_mode >> 6) & both) == both;
  if (in_group(user, st->st_gid))
    return ((st->st_mode >> 3) & both) == both;
  return (st->st_mode & both) == both;
}

char *kvm_device_reason(const char *lab_root)
{
  int fd = open(KVM_DEVICE, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return g_strdup_printf("%s: %s", KVM_DEVICE, g_strerror(errno));
  struct stat st;
  int known = fstat(fd, &st);
  close(fd);
  g_autofree char *name = lab_qemu_user(lab_root);
  struct passwd space, *user = NULL;
  char buffer[4096];
  if (known < 0 || !name || getpwnam_r(name, &space, buffer, sizeof(buffer), &user) || !user ||
      mode_lets(user, &st))
    return NULL;
  return g_strdup_printf(
      "QEMU runs as user %s, who may not open %s (owner %u:%u, mode %04o; chgrp kvm %s would do)", name,
      KVM_DEVICE, (unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777, KVM_DEVICE);
}

static bool has_word(const char *text, const char *word)
{
  size_t n = strlen(word);
  for (const char *at = text; (at = strstr(at, word)); at += n)
    if (at > text && g_ascii_isspace(at[-1]) && (!at[n] || g_ascii_isspace(at[n])))
      return true;
  return false;
}

char *kvm_software_reason(const char *cpuinfo, const char *modules)
{
  g_autofree char *soft = g_build_filename(modules, "kvm_pvm", NULL);
  if (g_file_test(soft, G_FILE_TEST_IS_DIR))
    return g_strdup("KVM here is a software hypervisor (kernel module kvm_pvm): it runs real-mode code, no "
                    "operating system");
  g_autofree char *text = NULL;
  if (!g_file_get_contents(cpuinfo, &text, NULL, NULL) || !strstr(text, "\nflags"))
    return NULL;
  if (has_word(text, "vmx") || has_word(text, "svm"))
    return NULL;
  return g_strdup(
      "the host's CPU flags have neither vmx nor svm: KVM here is a software hypervisor, which runs "
      "real-mode code, no operating system");
}

static int read_number(const char *folder, const char *device, const char *name)
{
  g_autofree char *file = g_build_filename(folder, device, name, NULL);
  g_autofree char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? (int)g_ascii_strtoll(text, NULL, 10) : -1;
}

static bool has_entries(const char *folder)
{
  GDir *dir = g_dir_open(folder, 0, NULL);
  bool any = dir && g_dir_read_name(dir);
  if (dir)
    g_dir_close(dir);
  return any;
}

char *platform_vf_reason(const char *sysfs)
{
  g_autofree char *devices = g_build_filename(sysfs, "bus", "pci", "devices", NULL);
  g_autofree char *iommu = g_build_filename(sysfs, "class", "iommu", NULL);
  g_autofree char *found = NULL;
  GDir *dir = g_dir_open(devices, 0, NULL);
  for (const char *device; dir && (device = g_dir_read_name(dir));) {
    int total = read_number(devices, device, "sriov_totalvfs");
    if (total <= 0)
      continue;
    g_free(found);
    found = g_strdup_printf("%s: %d of %d virtual functions made", device,
                            MAX(read_number(devices, device, "sriov_numvfs"), 0), total);
  }
  if (dir)
    g_dir_close(dir);
  const char *unit = has_entries(iommu) ? "" : "no IOMMU (/sys/class/iommu is empty)";
  if (!found)
    return g_strdup_printf(
        "%s%sno PCI device with virtual functions (no sriov_totalvfs under /sys/bus/pci/devices)", unit,
        *unit ? "; " : "");
  return g_strdup_printf("%s%s%s; this version does not launch on one yet", unit, *unit ? "; " : "", found);
}
