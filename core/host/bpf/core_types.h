/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's types, as far as our programs for the kernel look into them.
 *
 * Only the names of fields count: where they lie is found out when a program is loaded, from what that
 * kernel tells of itself (BTF).  So one program fits every kernel, and building needs no kernel's headers. */
#ifndef BPF_CORE_TYPES_H
#define BPF_CORE_TYPES_H

#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define OF_KERNEL __attribute__((preserve_access_index))

struct mm_struct {
  unsigned long brk;
} OF_KERNEL;

#define KERNEL_THREAD 0x00200000 /* of a task's flags (PF_KTHREAD) */
struct task_struct {
  unsigned int flags, __state; /* __state: since Linux 5.14 */
  int pid, tgid;
  struct mm_struct *mm;
  struct task_struct *group_leader;
  char comm[16];
} OF_KERNEL;

/* What a system call was asked, as the registers of x86-64 have it until it is done. */
struct pt_regs {
  unsigned long di, si, dx;
} OF_KERNEL;

struct trace_event_raw_sys_enter {
  unsigned long args[6];
} OF_KERNEL;

struct trace_event_raw_sys_exit {
  long ret;
} OF_KERNEL;

struct trace_event_raw_kvm_exit {
  unsigned int exit_reason, isa;
} OF_KERNEL;

/* A request of the block layer: for which disk, and which cgroup is charged. */
struct gendisk {
  int major, first_minor;
} OF_KERNEL;

struct request_queue {
  struct gendisk *disk;
} OF_KERNEL;

struct kernfs_node {
  __u64 id;
} OF_KERNEL;

struct cgroup {
  struct kernfs_node *kn;
} OF_KERNEL;

struct cgroup_subsys_state {
  struct cgroup *cgroup;
} OF_KERNEL;

struct blkcg {
  struct cgroup_subsys_state css;
} OF_KERNEL;

struct blkcg_gq {
  struct blkcg *blkcg;
} OF_KERNEL;

struct bio {
  struct blkcg_gq *bi_blkg;
} OF_KERNEL;

struct request {
  struct request_queue *q;
  unsigned int cmd_flags, __data_len;
  struct bio *bio;
} OF_KERNEL;

#endif
