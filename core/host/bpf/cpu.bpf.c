/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the kernel: who ran on which CPU, and how long vCPUs that could run had to wait for one.
 *
 * What is summed of a task is what it ran until it left the CPU: one that runs on and on is not seen before.
 */
#include "core/host/bpf/spans.bpf.h"

char terms[] SEC("license") = "GPL";

#define WAITING 8192 /* vCPUs that may wait at once */

/* What runs on each CPU does so since then; 0: it was not seen to begin. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} since SEC(".maps");

/* Thread -> since when it could run and does not. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, WAITING);
  __type(key, __u32);
  __type(value, __u64);
} waiting SEC(".maps");

/* A thread that QEMU calls "CPU 0/KVM".  Whoever else calls one so is told apart by its process. */
static __always_inline bool is_vcpu(const struct task_struct *task)
{
  return task->comm[0] == 'C' && task->comm[1] == 'P' && task->comm[2] == 'U' && task->comm[3] == ' ';
}

static __always_inline void add_task(const struct task_struct *task, enum traced_cpu what, __u64 ns)
{
  struct traced_span_key key = {.place = bpf_get_smp_processor_id(),
                                .pid = task->tgid,
                                .tid = is_vcpu(task) ? task->pid : 0,
                                .what = what};

  bpf_probe_read_kernel_str(key.name, sizeof key.name, task->group_leader->comm);
  add_span(&key, ns, 0);
}

static __always_inline int begins_to_wait(const struct task_struct *task)
{
  __u32 tid = task->pid;
  __u64 now = bpf_ktime_get_ns();

  if (is_vcpu(task))
    bpf_map_update_elem(&waiting, &tid, &now, BPF_ANY);
  return 0;
}

static __always_inline void ends_to_wait(const struct task_struct *task, __u64 now)
{
  __u32 tid = task->pid;
  __u64 *from = is_vcpu(task) ? bpf_map_lookup_elem(&waiting, &tid) : NULL;

  if (!from)
    return;
  add_task(task, TRACED_WAITED, now - *from);
  bpf_map_delete_elem(&waiting, &tid);
}

SEC("tp_btf/sched_switch") int switched_cpu(__u64 *ctx)
{
  const struct task_struct *before = (const struct task_struct *)ctx[1],
                           *after = (const struct task_struct *)ctx[2];
  __u64 now = bpf_ktime_get_ns(), *from;
  __u32 zero = 0;

  from = bpf_map_lookup_elem(&since, &zero);
  if (!from)
    return 0;
  if (*from && before->pid) /* the idle task has no number */
    add_task(before, TRACED_RAN, now - *from);
  *from = now;
  if (ctx[0] || before->__state == 0) /* it could go on */
    begins_to_wait(before);
  ends_to_wait(after, now);
  return 0;
}

SEC("tp_btf/sched_wakeup") int woken_cpu(__u64 *ctx)
{
  return begins_to_wait((const struct task_struct *)ctx[0]);
}
