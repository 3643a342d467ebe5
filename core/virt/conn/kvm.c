/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KVM_DEVICE "/dev/kvm"

static bool in_group(const struct passwd *user, gid_t wanted)
{
  int n = 0;
  getgrouplist(user->pw_name, user->pw_gid, NULL, &n); /* how many */
  g_autofree gid_t *groups = g_new0(gid_t, (gsize)n + 1);
  n = getgrouplist(user->pw_name, user->pw_gid, groups, &n);
  for (int i = 0; i < n; i++)
    if (groups[i] == wanted)
      return true;
  return false;
}

/* Read and write for USER by the mode bits of the file; EXTRA is one more group of its, or -1. */
static bool mode_lets(const struct passwd *user, gid_t extra, const struct stat *st)
{
  const mode_t both = S_IROTH | S_IWOTH;
  if (user->pw_uid == 0)
    return true;
  if (user->pw_uid == st->st_uid)
    return ((st->st_mode >> 6) & both) == both;
  if (extra == st->st_gid || in_group(user, st->st_gid))
    return ((st->st_mode >> 3) & both) == both;
  return (st->st_mode & both) == both;
}

/* Whether user NAME may open /dev/kvm; true when that cannot be known. */
static bool user_may(const char *name, gid_t extra, struct stat *ret_st)
{
  struct passwd space, *user = NULL;
  char buffer[4096];
  return stat(KVM_DEVICE, ret_st) < 0 || !name || getpwnam_r(name, &space, buffer, sizeof(buffer), &user) ||
         !user || mode_lets(user, extra, ret_st);
}

/* A group as qemu.conf names it: "kvm" or "+107". */
static gid_t group_id(const char *text)
{
  struct group space, *group = NULL;
  char buffer[4096];
  if (*text == '+')
    return (gid_t)g_ascii_strtoull(text + 1, NULL, 10);
  return getgrnam_r(text, &space, buffer, sizeof(buffer), &group) == 0 && group ? group->gr_gid : (gid_t)-1;
}

char *kvm_group_needed(const char *user)
{
  struct stat st;
  if (user_may(user, (gid_t)-1, &st) || !user_may(user, st.st_gid, &st))
    return NULL;
  return g_strdup_printf("+%u", (unsigned)st.st_gid);
}

int kvm_open_errno(void)
{
  int fd = open(KVM_DEVICE, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return errno;
  close(fd);
  return 0;
}

char *kvm_user_reason(const char *user, const char *group)
{
  struct stat st;
  if (user_may(user, group ? group_id(group) : (gid_t)-1, &st))
    return NULL;
  return g_strdup_printf("QEMU runs as user %s, who may not open %s (owner %u:%u, mode %04o)", user,
                         KVM_DEVICE, (unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777);
}

char *kvm_device_reason(const char *user, const char *group)
{
  int errnum = kvm_open_errno();
  if (errnum == EACCES)
    return g_strdup_printf("%s: %s (join its group: adduser %s kvm, and log in again)", KVM_DEVICE,
                           g_strerror(EACCES), g_get_user_name());
  return errnum ? g_strdup_printf("%s: %s", KVM_DEVICE, g_strerror(errnum)) : kvm_user_reason(user, group);
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
