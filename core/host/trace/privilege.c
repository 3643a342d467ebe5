/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/trace/privilege.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(cap) (UINT64_C(1) << (cap))
#define TO_BEGIN (BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_DAC_READ_SEARCH))

static int set(uint64_t effective, uint64_t permitted)
{
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  const struct __user_cap_data_struct data[] = {
      {.effective = (uint32_t)effective, .permitted = (uint32_t)permitted},
      {.effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32)}};

  return syscall(SYS_capset, &head, data) < 0 ? errno : 0;
}

int privilege_raise(void)
{
  const int error = set(TO_BEGIN, TO_BEGIN);

  if (error)
    return error;
  /* Nothing that it might start could get back what was given up. */
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? errno : 0;
}

int privilege_drop(bool (*readable)(void *context), void *context)
{
  const int error = set(0, BIT(CAP_BPF));

  if (error)
    return error;
  return readable(context) ? set(0, 0) : set(BIT(CAP_BPF), BIT(CAP_BPF));
}
