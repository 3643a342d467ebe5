/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the kernel: counts what processes ask of memory, and sends each request on where that is wished.
 *
 * A call is seen when it is answered; its arguments are still in the registers then, so that nothing need be
 * kept from its beginning to its end (but where the break was, which brk does not tell). */
#include "core/host/bpf/memory.h"
#include "core/host/bpf/turns.h"

char terms[] SEC("license") = "GPL";

#define ERRNO_MAX 4095 /* results from -4095 to -1 are errors */
#define BREAKS 8192    /* threads that may be inside brk at once */

/* Set by user space, at any time. */
__u32 whose = TRACED_NOBODY;
__u32 sending = 0;            /* each request is sent on */
char named[TRACED_NAME] = ""; /* TRACED_NAMED */

const volatile __u64 page_bytes = 4096;
SUMS_BY_TURNS(struct traced_process, struct traced_sums, TRACED_PROCESSES)

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, TRACED_PIDS);
  __type(key, __u32);
  __type(value, __u8);
} listed SEC(".maps");

/* tid -> the break before its brk. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, BREAKS);
  __type(key, __u32);
  __type(value, __u64);
} breaks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, TRACED_RING);
} ring SEC(".maps");

static __always_inline bool is_named(const struct traced_process *process)
{
  for (int i = 0; i < TRACED_NAME; i++)
    if (process->name[i] != named[i])
      return false;
  return true;
}

static __always_inline bool is_wanted(const struct traced_process *process)
{
  switch (whose) {
  case TRACED_ALL:
    return true;
  case TRACED_LISTED:
    return bpf_map_lookup_elem(&listed, &process->pid) != NULL;
  case TRACED_NAMED:
    return is_named(process);
  default:
    return false;
  }
}

static __always_inline void process_now(struct traced_process *ret)
{
  struct task_struct *leader = bpf_get_current_task_btf()->group_leader;

  __builtin_memset(ret, 0, sizeof *ret);
  ret->pid = bpf_get_current_pid_tgid() >> 32;
  bpf_probe_read_kernel_str(ret->name, sizeof ret->name, leader->comm);
}

static __always_inline void send(const struct traced_process *process, const struct traced_request *request,
                                 struct traced_sums *sums)
{
  struct traced_request *sent = bpf_ringbuf_reserve(&ring, sizeof *sent, 0);
  __u64 waiting;

  if (!sent) {
    __sync_fetch_and_add(&sums->lost, 1);
    return;
  }
  *sent = *request;
  sent->mono_ns = bpf_ktime_get_ns();
  sent->pid = process->pid;
  sent->tid = (__u32)bpf_get_current_pid_tgid();
  __builtin_memcpy(sent->name, process->name, sizeof sent->name);
  __sync_fetch_and_add(&sums->sent, 1);
  waiting = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
  bpf_ringbuf_submit(sent, waiting >= TRACED_WAKE ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

static __always_inline bool is_error(__s64 result)
{
  return result < 0 && result >= -ERRNO_MAX;
}

/* REQUEST, of which the call, what was asked and the result are filled in; CHANGE if it was granted. */
static __always_inline int count(struct traced_request *request, __s64 change, bool failed)
{
  struct traced_process process;
  struct traced_sums *sums;

  process_now(&process);
  if (!is_wanted(&process))
    return 0;
  sums = sums_of(&process);
  if (!sums || request->call >= TRACED_CALLS)
    return 0;
  __sync_fetch_and_add(&sums->calls[request->call], 1);
  if (failed)
    __sync_fetch_and_add(&sums->failed, 1);
  else if (change > 0)
    __sync_fetch_and_add(&sums->mapped, change);
  else if (change < 0)
    __sync_fetch_and_add(&sums->freed, -change);
  request->change = failed ? 0 : change;
  if (sending)
    send(&process, request, sums);
  return 0;
}

static __always_inline const struct pt_regs *asked(void)
{
  return (const struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

static __always_inline __s64 pages(__u64 bytes)
{
  return (bytes + page_bytes - 1) & ~(page_bytes - 1);
}

SEC("tp/syscalls/sys_exit_mmap") int done_mmap(struct trace_event_raw_sys_exit *ctx)
{
  const struct pt_regs *regs = asked();
  struct traced_request request = {.call = TRACED_MMAP,
                                   .address = regs->di,
                                   .length = regs->si,
                                   .protection = regs->dx,
                                   .result = ctx->ret};

  return count(&request, pages(request.length), is_error(request.result));
}

SEC("tp/syscalls/sys_exit_munmap") int done_munmap(struct trace_event_raw_sys_exit *ctx)
{
  const struct pt_regs *regs = asked();
  struct traced_request request = {
      .call = TRACED_MUNMAP, .address = regs->di, .length = regs->si, .result = ctx->ret};

  return count(&request, -pages(request.length), is_error(request.result));
}

SEC("tp/syscalls/sys_exit_mremap") int done_mremap(struct trace_event_raw_sys_exit *ctx)
{
  const struct pt_regs *regs = asked();
  struct traced_request request = {
      .call = TRACED_MREMAP, .address = regs->di, .length = regs->dx, .result = ctx->ret};

  return count(&request, pages(request.length) - pages(regs->si), is_error(request.result));
}

SEC("?tp/syscalls/sys_exit_mprotect") int done_mprotect(struct trace_event_raw_sys_exit *ctx)
{
  const struct pt_regs *regs = asked();
  struct traced_request request = {.call = TRACED_MPROTECT,
                                   .address = regs->di,
                                   .length = regs->si,
                                   .protection = regs->dx,
                                   .result = ctx->ret};

  return count(&request, 0, is_error(request.result));
}

SEC("tp/syscalls/sys_enter_brk") int asked_brk(struct trace_event_raw_sys_enter *ctx)
{
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u64 before = bpf_get_current_task_btf()->mm->brk;

  bpf_map_update_elem(&breaks, &tid, &before, BPF_ANY);
  return 0;
}

/* brk returns where the break is: asked to move it and refused, where it was. */
SEC("tp/syscalls/sys_exit_brk") int done_brk(struct trace_event_raw_sys_exit *ctx)
{
  struct traced_request request = {.call = TRACED_BRK, .address = asked()->di, .result = ctx->ret};
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u64 *before = bpf_map_lookup_elem(&breaks, &tid);
  __s64 change = before ? pages(request.result) - pages(*before) : 0;

  bpf_map_delete_elem(&breaks, &tid);
  return count(&request, change, request.address != 0 && request.address != (__u64)request.result);
}
