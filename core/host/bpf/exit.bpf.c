/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the kernel: why guests leave their vCPUs, as KVM tells it, and how long until they are back.
 *
 * A vCPU that goes to QEMU is back when KVM loads its floating point state again (kvm_fpu), which is the
 * first that it does when it is asked to run on. */
#include "core/host/bpf/spans.bpf.h"

char terms[] SEC("license") = "GPL";

#define VCPUS 8192 /* threads that may be outside at once */

struct outside {
  __u64 reason, ns;
};

struct outside_map {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, VCPUS);
  __type(key, __u32);
  __type(value, struct outside);
} in_kvm SEC(".maps"), in_qemu SEC(".maps");

static __always_inline void add_exit(enum traced_exit what, __u64 place, __u64 ns)
{
  struct traced_span_key key = {.what = what, .place = place};

  name_process(&key);
  add_span(&key, ns, 0);
}

static __always_inline int leave(void *map, __u64 reason)
{
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  struct outside outside = {reason, bpf_ktime_get_ns()};

  bpf_map_update_elem(map, &tid, &outside, BPF_ANY);
  return 0;
}

static __always_inline int come_back(void *map, enum traced_exit what)
{
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  struct outside *outside = bpf_map_lookup_elem(map, &tid);

  if (!outside)
    return 0;
  add_exit(what, outside->reason, bpf_ktime_get_ns() - outside->ns);
  bpf_map_delete_elem(map, &tid);
  return 0;
}

/* Its arguments as BTF has them lack the reason. */
SEC("tp/kvm/kvm_exit") int left_exit(struct trace_event_raw_kvm_exit *ctx)
{
  return leave(&in_kvm, (__u64)ctx->isa << 32 | ctx->exit_reason);
}

SEC("tp/kvm/kvm_entry") int entered_exit(void *ctx)
{
  return come_back(&in_kvm, TRACED_EXIT);
}

/* With an error it was not the guest's doing: a signal called the vCPU out. */
SEC("tp_btf/kvm_userspace_exit") int to_qemu_exit(__u64 *ctx)
{
  return leave(&in_qemu, (int)ctx[1] < 0 ? TRACED_CALLED_OUT : (__u32)ctx[0]);
}

SEC("tp_btf/kvm_fpu") int from_qemu_exit(__u64 *ctx)
{
  return (__u32)ctx[0] ? come_back(&in_qemu, TRACED_TO_QEMU) : 0;
}

SEC("tp_btf/kvm_pio") int port_exit(__u64 *ctx)
{
  add_exit(TRACED_PORT, ctx[1] & 0xffff, 0);
  return 0;
}

/* More than once for one access, where it is first sought and then done. */
SEC("tp_btf/kvm_mmio") int page_exit(__u64 *ctx)
{
  add_exit(TRACED_PAGE, ctx[2] >> 12, 0);
  return 0;
}
