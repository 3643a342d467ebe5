/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is measured, one row per metric.  Columns of the screen, the
 * journal, the export, OpenMetrics, the manual and the schema are all derived
 * from these rows.
 *
 * A metric belongs to a scope (the kind of thing it is measured on).  COUNTER and
 * GAUGE metrics are read from a source; the others are derived by readings_derive()
 * from two consecutive samples of the same run, and from nothing else.
 * COUNTER metrics of time are in seconds. */
#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include <stdint.h>

/* clang-format off */

/* From SCOPE_DISK on: parts of a guest that have names (guest_parts). */
enum metric_scope { SCOPE_HOST, SCOPE_CORE, SCOPE_GUEST, SCOPE_VCPU, SCOPE_DISK, SCOPE_NIC, SCOPE_THREAD, SCOPE_COUNT };

enum metric_unit {
  UNIT_NONE,         /* a plain number: load */
  UNIT_COUNT,        /* a number of things, cumulative or not */
  UNIT_PERCENT,
  UNIT_BYTES,
  UNIT_BYTES_PER_S,
  UNIT_PER_S,
  UNIT_SECONDS,
};

/* Where a reading comes from; each group has its own time in a sample.  What
 * each costs: core/virt/watch/plan.h. */
enum metric_group { GROUP_STATE, GROUP_CPU, GROUP_VCPU, GROUP_BALLOON, GROUP_BLOCK, GROUP_INTERFACE, GROUP_VM, GROUP_HOST, GROUP_THREAD, GROUP_COUNT };

enum metric_kind {
  METRIC_GAUGE,     /* read as it is */
  METRIC_COUNTER,   /* read as it is, never falls during one run */
  METRIC_RATE,      /* scale * da / dt */
  METRIC_RATE_LESS, /* scale * max(0, da - db) / dt */
  METRIC_RATE_PER,  /* scale * da / (dt * b now) */
  METRIC_RATIO,     /* scale * (da / dt) / (db / dt), each over its own group's time; absent when db is 0 */
};

/* X(id, kind, unit, group, a, b, scale, name, title, text)
 *   name   field in export, journal, OpenMetrics: the unit is part of it
 *   title  column heading, at most 8 columns
 * The order is the order on the screen and in the manual. */
#define METRICS_HOST(X) \
  X(HOST_CPU,        GAUGE, PERCENT, HOST, 0, 0, 1, "cpu_percent", "CPU%", "CPU time of the host not idle, all cores together, 0 to 100") \
  X(HOST_USER,       GAUGE, PERCENT, HOST, 0, 0, 1, "user_percent", "USER%", "time in user mode, niced and guest time included") \
  X(HOST_SYSTEM,     GAUGE, PERCENT, HOST, 0, 0, 1, "system_percent", "SYS%", "time in the kernel, interrupts included") \
  X(HOST_IOWAIT,     GAUGE, PERCENT, HOST, 0, 0, 1, "iowait_percent", "IOW%", "idle time with disk I/O outstanding") \
  X(HOST_STEAL,      GAUGE, PERCENT, HOST, 0, 0, 1, "steal_percent", "STEAL%", "time another guest of the machine below ran instead of this host") \
  X(HOST_IDLE,       GAUGE, PERCENT, HOST, 0, 0, 1, "idle_percent", "IDLE%", "idle time without disk I/O outstanding") \
  X(HOST_GUEST,      GAUGE, PERCENT, HOST, 0, 0, 1, "guest_percent", "GUEST%", "time running guests, part of the time in user mode") \
  X(HOST_IRQ,        GAUGE, PERCENT, HOST, 0, 0, 1, "irq_percent", "IRQ%", "time in interrupts, part of the time in the kernel") \
  X(HOST_LOAD1,      GAUGE, NONE, HOST, 0, 0, 1, "load_1min", "LOAD", "load average over one minute") \
  X(HOST_LOAD5,      GAUGE, NONE, HOST, 0, 0, 1, "load_5min", "LOAD5", "load average over five minutes") \
  X(HOST_LOAD15,     GAUGE, NONE, HOST, 0, 0, 1, "load_15min", "LOAD15", "load average over fifteen minutes") \
  X(HOST_MEM_TOTAL,  GAUGE, BYTES, HOST, 0, 0, 1, "memory_total_bytes", "MEMTOT", "memory of the host") \
  X(HOST_MEM_USED,   GAUGE, BYTES, HOST, 0, 0, 1, "memory_used_bytes", "MEMUSED", "memory in use, caches not counted") \
  X(HOST_SWAP_USED,  GAUGE, BYTES, HOST, 0, 0, 1, "swap_used_bytes", "SWAP", "swap space in use") \
  X(HOST_DISK_RD,    GAUGE, BYTES_PER_S, HOST, 0, 0, 1, "disk_read_bytes_per_second", "READ/s", "read from the host's disks") \
  X(HOST_DISK_WR,    GAUGE, BYTES_PER_S, HOST, 0, 0, 1, "disk_write_bytes_per_second", "WRITE/s", "written to the host's disks") \
  X(HOST_NET_RX,     GAUGE, BYTES_PER_S, HOST, 0, 0, 1, "net_receive_bytes_per_second", "RX/s", "received by the host's NICs, loopback left out") \
  X(HOST_NET_TX,     GAUGE, BYTES_PER_S, HOST, 0, 0, 1, "net_transmit_bytes_per_second", "TX/s", "sent by the host's NICs, loopback left out") \
  X(HOST_PSI_CPU,    GAUGE, PERCENT, HOST, 0, 0, 1, "pressure_cpu_percent", "PSICPU", "share of the last 10 s in which some task waited for a CPU") \
  X(HOST_PSI_IO,     GAUGE, PERCENT, HOST, 0, 0, 1, "pressure_io_percent", "PSIIO", "share of the last 10 s in which some task waited for I/O") \
  X(HOST_PSI_MEM,    GAUGE, PERCENT, HOST, 0, 0, 1, "pressure_memory_percent", "PSIMEM", "share of the last 10 s in which some task waited for memory")

#define METRICS_CORE(X) \
  X(CORE_CPU,        GAUGE, PERCENT, HOST, 0, 0, 1, "cpu_percent", "CPU%", "time of this core not idle") \
  X(CORE_USER,       GAUGE, PERCENT, HOST, 0, 0, 1, "user_percent", "USER%", "time in user mode, niced and guest time included") \
  X(CORE_SYSTEM,     GAUGE, PERCENT, HOST, 0, 0, 1, "system_percent", "SYS%", "time in the kernel, interrupts included") \
  X(CORE_IOWAIT,     GAUGE, PERCENT, HOST, 0, 0, 1, "iowait_percent", "IOW%", "idle time with disk I/O outstanding") \
  X(CORE_STEAL,      GAUGE, PERCENT, HOST, 0, 0, 1, "steal_percent", "STEAL%", "time another guest of the machine below ran instead") \
  X(CORE_IDLE,       GAUGE, PERCENT, HOST, 0, 0, 1, "idle_percent", "IDLE%", "idle time without disk I/O outstanding") \
  X(CORE_GUEST,      GAUGE, PERCENT, HOST, 0, 0, 1, "guest_percent", "GUEST%", "time running guests, part of the time in user mode") \
  X(CORE_IRQ,        GAUGE, PERCENT, HOST, 0, 0, 1, "irq_percent", "IRQ%", "time in interrupts, part of the time in the kernel")

#define METRICS_GUEST(X) \
  X(GUEST_CPU,       RATE, PERCENT, CPU, GUEST_CPU_TIME, 0, 100, "cpu_percent", "CPU%", "CPU time of the whole hypervisor process, of one host CPU") \
  X(GUEST_VCPU,      RATE, PERCENT, VCPU, GUEST_VCPU_TIME, 0, 100, "vcpu_percent", "VCPU%", "CPU time of all vCPU threads, of one host CPU") \
  X(GUEST_STEAL,     RATE_PER, PERCENT, VCPU, GUEST_VCPU_DELAY, GUEST_VCPUS, 100, "steal_percent", "STEAL%", "time the vCPUs were runnable and not running, of the vCPUs' time") \
  X(GUEST_PROXY,     RATE_LESS, PERCENT, CPU, GUEST_CPU_TIME, GUEST_VCPU_TIME, 100, "proxy_percent", "PROXY%", "CPU time of the hypervisor process outside its vCPUs (the I/O proxy), of one host CPU") \
  X(GUEST_PROXY_DELAY, RATE, PERCENT, THREAD, GUEST_PROXY_DELAY_TIME, 0, 100, "proxy_delay_percent", "PDELAY%", "time the threads of the I/O proxy were runnable and not running, all together, of one host CPU (guests of this machine)") \
  X(GUEST_PROXY_PER_IO, RATIO, SECONDS, THREAD, GUEST_PROXY_TIME, GUEST_IO_REQS, 1, "proxy_seconds_per_request", "PROXY/IO", "CPU time of the I/O proxy per read or write request, average (guests of this machine)") \
  X(GUEST_EXITS,     RATE, PER_S, VCPU, GUEST_EXITS_TOTAL, 0, 1, "exits_per_second", "EXIT/s", "VM exits, all kinds (KVM)") \
  X(GUEST_EXITS_IO,  RATE, PER_S, VCPU, GUEST_EXITS_IO_TOTAL, 0, 1, "io_exits_per_second", "IOEX/s", "VM exits for port I/O that went to the hypervisor process") \
  X(GUEST_EXITS_MMIO, RATE, PER_S, VCPU, GUEST_EXITS_MMIO_TOTAL, 0, 1, "mmio_exits_per_second", "MMIOEX/s", "VM exits for memory-mapped I/O that went to the hypervisor process") \
  X(GUEST_EXITS_HALT, RATE, PER_S, VCPU, GUEST_EXITS_HALT_TOTAL, 0, 1, "halt_exits_per_second", "HALT/s", "VM exits because a vCPU halted") \
  X(GUEST_RD,        RATE, BYTES_PER_S, BLOCK, GUEST_RD_BYTES, 0, 1, "read_bytes_per_second", "READ/s", "read from all disks") \
  X(GUEST_WR,        RATE, BYTES_PER_S, BLOCK, GUEST_WR_BYTES, 0, 1, "write_bytes_per_second", "WRITE/s", "written to all disks") \
  X(GUEST_RD_IOPS,   RATE, PER_S, BLOCK, GUEST_RD_REQS, 0, 1, "read_requests_per_second", "RDIOPS", "read requests of all disks") \
  X(GUEST_WR_IOPS,   RATE, PER_S, BLOCK, GUEST_WR_REQS, 0, 1, "write_requests_per_second", "WRIOPS", "write requests of all disks") \
  X(GUEST_IOPS,      RATE, PER_S, BLOCK, GUEST_IO_REQS, 0, 1, "requests_per_second", "IOPS", "read and write requests of all disks") \
  X(GUEST_LAT,       RATIO, SECONDS, BLOCK, GUEST_IO_TIME, GUEST_IO_REQS, 1, "latency_average_seconds", "LATavg", "average time of a read or write request, QEMU's throttling included") \
  X(GUEST_RX,        RATE, BYTES_PER_S, INTERFACE, GUEST_RX_BYTES, 0, 1, "receive_bytes_per_second", "RX/s", "received by all NICs") \
  X(GUEST_TX,        RATE, BYTES_PER_S, INTERFACE, GUEST_TX_BYTES, 0, 1, "transmit_bytes_per_second", "TX/s", "sent by all NICs") \
  X(GUEST_MEM,       GAUGE, BYTES, BALLOON, 0, 0, 1, "memory_bytes", "MEM", "memory given to the guest (balloon)") \
  X(GUEST_RSS,       GAUGE, BYTES, BALLOON, 0, 0, 1, "memory_resident_bytes", "RSS", "memory of the hypervisor process resident on the host") \
  X(GUEST_VCPUS,     GAUGE, COUNT, VCPU, 0, 0, 1, "vcpus_online", "VCPUS", "vCPUs online") \
  X(GUEST_CPU_TIME,  COUNTER, SECONDS, CPU, 0, 0, 1, "cpu_seconds_total", "CPUTIME", "CPU time of the hypervisor process") \
  X(GUEST_VCPU_TIME, COUNTER, SECONDS, VCPU, 0, 0, 1, "vcpu_seconds_total", "VCPUTIME", "CPU time of all vCPU threads") \
  X(GUEST_VCPU_DELAY, COUNTER, SECONDS, VCPU, 0, 0, 1, "steal_seconds_total", "STEALTIME", "time the vCPUs were runnable and not running") \
  X(GUEST_PROXY_TIME, COUNTER, SECONDS, THREAD, 0, 0, 1, "proxy_cpu_seconds_total", "PROXTIME", "CPU time of the threads of the I/O proxy, those that ended included") \
  X(GUEST_PROXY_DELAY_TIME, COUNTER, SECONDS, THREAD, 0, 0, 1, "proxy_delay_seconds_total", "PROXWAIT", "time the threads of the I/O proxy were runnable and not running") \
  X(GUEST_EXITS_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "exits_total", "EXITS", "VM exits, all kinds") \
  X(GUEST_EXITS_IO_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "io_exits_total", "IOEX", "VM exits for port I/O") \
  X(GUEST_EXITS_MMIO_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "mmio_exits_total", "MMIOEX", "VM exits for memory-mapped I/O") \
  X(GUEST_EXITS_HALT_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "halt_exits_total", "HALTS", "VM exits because a vCPU halted") \
  X(GUEST_RD_BYTES,  COUNTER, BYTES, BLOCK, 0, 0, 1, "read_bytes_total", "READ", "read from all disks since the guest started") \
  X(GUEST_WR_BYTES,  COUNTER, BYTES, BLOCK, 0, 0, 1, "write_bytes_total", "WRITTEN", "written to all disks since the guest started") \
  X(GUEST_RD_REQS,   COUNTER, COUNT, BLOCK, 0, 0, 1, "read_requests_total", "READS", "read requests") \
  X(GUEST_WR_REQS,   COUNTER, COUNT, BLOCK, 0, 0, 1, "write_requests_total", "WRITES", "write requests") \
  X(GUEST_IO_REQS,   COUNTER, COUNT, BLOCK, 0, 0, 1, "requests_total", "REQS", "read and write requests") \
  X(GUEST_IO_TIME,   COUNTER, SECONDS, BLOCK, 0, 0, 1, "request_seconds_total", "IOTIME", "time spent in read and write requests") \
  X(GUEST_RX_BYTES,  COUNTER, BYTES, INTERFACE, 0, 0, 1, "receive_bytes_total", "RX", "received by all NICs") \
  X(GUEST_TX_BYTES,  COUNTER, BYTES, INTERFACE, 0, 0, 1, "transmit_bytes_total", "TX", "sent by all NICs")

#define METRICS_VCPU(X) \
  X(VCPU_RUN,        RATE, PERCENT, VCPU, VCPU_TIME, 0, 100, "run_percent", "RUN%", "time this vCPU ran") \
  X(VCPU_STEAL,      RATE, PERCENT, VCPU, VCPU_DELAY, 0, 100, "steal_percent", "STEAL%", "time this vCPU was runnable and not running") \
  X(VCPU_WAIT,       RATE, PERCENT, VCPU, VCPU_WAIT_TIME, 0, 100, "wait_percent", "WAIT%", "time this vCPU waited for I/O") \
  X(VCPU_EXITS,      RATE, PER_S, VCPU, VCPU_EXITS_TOTAL, 0, 1, "exits_per_second", "EXIT/s", "VM exits, all kinds (KVM)") \
  X(VCPU_IO, RATE, PER_S, VCPU, VCPU_IO_TOTAL, 0, 1, "io_exits_per_second", "IOEX/s", "VM exits for port I/O that went to the hypervisor process") \
  X(VCPU_MMIO, RATE, PER_S, VCPU, VCPU_MMIO_TOTAL, 0, 1, "mmio_exits_per_second", "MMIOEX/s", "VM exits for memory-mapped I/O that went to the hypervisor process") \
  X(VCPU_HALT, RATE, PER_S, VCPU, VCPU_HALT_TOTAL, 0, 1, "halt_exits_per_second", "HALTS/s", "VM exits because the vCPU halted") \
  X(VCPU_IRQ, RATE, PER_S, VCPU, VCPU_IRQ_TOTAL, 0, 1, "irq_exits_per_second", "IRQEX/s", "VM exits for interrupts of the host") \
  X(VCPU_WINDOW, RATE, PER_S, VCPU, VCPU_WINDOW_TOTAL, 0, 1, "irq_window_exits_per_second", "WINDOW/s", "VM exits because the guest could take an interrupt at last") \
  X(VCPU_SIGNAL, RATE, PER_S, VCPU, VCPU_SIGNAL_TOTAL, 0, 1, "signal_exits_per_second", "SIGNAL/s", "VM exits because the hypervisor process signalled the vCPU") \
  X(VCPU_HYPERCALL, RATE, PER_S, VCPU, VCPU_HYPERCALL_TOTAL, 0, 1, "hypercalls_per_second", "HYPERC/s", "hypercalls of the guest") \
  X(VCPU_FAULT, RATE, PER_S, VCPU, VCPU_FAULT_TOTAL, 0, 1, "page_faults_per_second", "FAULTS/s", "page faults that KVM settled") \
  X(VCPU_EMULATED, RATE, PER_S, VCPU, VCPU_EMULATED_TOTAL, 0, 1, "emulated_instructions_per_second", "EMULAT/s", "instructions that KVM did in the guest's place") \
  X(VCPU_USER, RATE, PER_S, VCPU, VCPU_USER_TOTAL, 0, 1, "userspace_exits_per_second", "USEREX/s", "returns to the hypervisor process and back (KVM: fpu_reload)") \
  X(VCPU_TIME,       COUNTER, SECONDS, VCPU, 0, 0, 1, "run_seconds_total", "TIME", "time this vCPU ran") \
  X(VCPU_DELAY,      COUNTER, SECONDS, VCPU, 0, 0, 1, "steal_seconds_total", "DELAY", "time this vCPU was runnable and not running") \
  X(VCPU_WAIT_TIME,  COUNTER, SECONDS, VCPU, 0, 0, 1, "wait_seconds_total", "WAIT", "time this vCPU waited for I/O") \
  X(VCPU_EXITS_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "exits_total", "EXITS", "VM exits, all kinds") \
  X(VCPU_IO_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "io_exits_total", "IOEX", "VM exits for port I/O that went to the hypervisor process") \
  X(VCPU_MMIO_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "mmio_exits_total", "MMIOEX", "VM exits for memory-mapped I/O that went to the hypervisor process") \
  X(VCPU_HALT_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "halt_exits_total", "HALTS", "VM exits because the vCPU halted") \
  X(VCPU_IRQ_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "irq_exits_total", "IRQEX", "VM exits for interrupts of the host") \
  X(VCPU_WINDOW_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "irq_window_exits_total", "WINDOWS", "VM exits because the guest could take an interrupt at last") \
  X(VCPU_SIGNAL_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "signal_exits_total", "SIGNALS", "VM exits because the hypervisor process signalled the vCPU") \
  X(VCPU_HYPERCALL_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "hypercalls_total", "HYPERC", "hypercalls of the guest") \
  X(VCPU_FAULT_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "page_faults_total", "FAULTS", "page faults that KVM settled") \
  X(VCPU_EMULATED_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "emulated_instructions_total", "EMULATED", "instructions that KVM did in the guest's place") \
  X(VCPU_USER_TOTAL, COUNTER, COUNT, VCPU, 0, 0, 1, "userspace_exits_total", "USEREX", "returns to the hypervisor process and back (KVM: fpu_reload)")

#define METRICS_DISK(X) \
  X(DISK_RD,         RATE, BYTES_PER_S, BLOCK, DISK_RD_BYTES, 0, 1, "read_bytes_per_second", "READ/s", "read from this disk") \
  X(DISK_WR,         RATE, BYTES_PER_S, BLOCK, DISK_WR_BYTES, 0, 1, "write_bytes_per_second", "WRITE/s", "written to this disk") \
  X(DISK_RD_IOPS,    RATE, PER_S, BLOCK, DISK_RD_REQS, 0, 1, "read_requests_per_second", "RDIOPS", "read requests") \
  X(DISK_WR_IOPS,    RATE, PER_S, BLOCK, DISK_WR_REQS, 0, 1, "write_requests_per_second", "WRIOPS", "write requests") \
  X(DISK_RD_LAT,     RATIO, SECONDS, BLOCK, DISK_RD_TIME, DISK_RD_REQS, 1, "read_latency_average_seconds", "RDLATavg", "average time of a read request") \
  X(DISK_WR_LAT,     RATIO, SECONDS, BLOCK, DISK_WR_TIME, DISK_WR_REQS, 1, "write_latency_average_seconds", "WRLATavg", "average time of a write request") \
  X(DISK_FL_LAT,     RATIO, SECONDS, BLOCK, DISK_FL_TIME, DISK_FL_REQS, 1, "flush_latency_average_seconds", "FLLATavg", "average time of a flush") \
  X(DISK_ALLOCATION, GAUGE, BYTES, BLOCK, 0, 0, 1, "allocated_bytes", "ALLOC", "highest offset written (libvirt: allocation)") \
  X(DISK_CAPACITY,   GAUGE, BYTES, BLOCK, 0, 0, 1, "capacity_bytes", "SIZE", "size that the guest sees") \
  X(DISK_RD_BYTES,   COUNTER, BYTES, BLOCK, 0, 0, 1, "read_bytes_total", "READ", "read from this disk since the guest started") \
  X(DISK_WR_BYTES,   COUNTER, BYTES, BLOCK, 0, 0, 1, "write_bytes_total", "WRITTEN", "written to this disk since the guest started") \
  X(DISK_RD_REQS,    COUNTER, COUNT, BLOCK, 0, 0, 1, "read_requests_total", "READS", "read requests") \
  X(DISK_WR_REQS,    COUNTER, COUNT, BLOCK, 0, 0, 1, "write_requests_total", "WRITES", "write requests") \
  X(DISK_FL_REQS,    COUNTER, COUNT, BLOCK, 0, 0, 1, "flush_requests_total", "FLUSHES", "flush requests") \
  X(DISK_RD_TIME,    COUNTER, SECONDS, BLOCK, 0, 0, 1, "read_seconds_total", "RDTIME", "time spent in read requests") \
  X(DISK_WR_TIME,    COUNTER, SECONDS, BLOCK, 0, 0, 1, "write_seconds_total", "WRTIME", "time spent in write requests") \
  X(DISK_FL_TIME,    COUNTER, SECONDS, BLOCK, 0, 0, 1, "flush_seconds_total", "FLTIME", "time spent in flushes")

#define METRICS_NIC(X) \
  X(NIC_RX,          RATE, BYTES_PER_S, INTERFACE, NIC_RX_BYTES, 0, 1, "receive_bytes_per_second", "RX/s", "received by the guest on this NIC") \
  X(NIC_TX,          RATE, BYTES_PER_S, INTERFACE, NIC_TX_BYTES, 0, 1, "transmit_bytes_per_second", "TX/s", "sent by the guest on this NIC") \
  X(NIC_RX_PKTS,     RATE, PER_S, INTERFACE, NIC_RX_PACKETS, 0, 1, "receive_packets_per_second", "RXPKT/s", "packets received") \
  X(NIC_TX_PKTS,     RATE, PER_S, INTERFACE, NIC_TX_PACKETS, 0, 1, "transmit_packets_per_second", "TXPKT/s", "packets sent") \
  X(NIC_DROPS,       RATE, PER_S, INTERFACE, NIC_DROPS_TOTAL, 0, 1, "drops_per_second", "DROP/s", "packets dropped, both ways") \
  X(NIC_RX_BYTES,    COUNTER, BYTES, INTERFACE, 0, 0, 1, "receive_bytes_total", "RX", "received since the guest started") \
  X(NIC_TX_BYTES,    COUNTER, BYTES, INTERFACE, 0, 0, 1, "transmit_bytes_total", "TX", "sent since the guest started") \
  X(NIC_RX_PACKETS,  COUNTER, COUNT, INTERFACE, 0, 0, 1, "receive_packets_total", "RXPKT", "packets received") \
  X(NIC_TX_PACKETS,  COUNTER, COUNT, INTERFACE, 0, 0, 1, "transmit_packets_total", "TXPKT", "packets sent") \
  X(NIC_DROPS_TOTAL, COUNTER, COUNT, INTERFACE, 0, 0, 1, "drops_total", "DROPS", "packets dropped, both ways")

/* The threads of a hypervisor process that have one role: "main loop", "iothread1", "worker". */
#define METRICS_THREAD(X) \
  X(THREAD_CPU,      RATE, PERCENT, THREAD, THREAD_CPU_TIME, 0, 100, "cpu_percent", "CPU%", "CPU time of the threads of this role, of one host CPU") \
  X(THREAD_DELAY,    RATE, PERCENT, THREAD, THREAD_DELAY_TIME, 0, 100, "delay_percent", "DELAY%", "time these threads were runnable and not running, all together, of one host CPU") \
  X(THREAD_COUNT,    GAUGE, COUNT, THREAD, 0, 0, 1, "threads", "THREADS", "how many there are now") \
  X(THREAD_CPU_TIME, COUNTER, SECONDS, THREAD, 0, 0, 1, "cpu_seconds_total", "TIME", "CPU time of the threads of this role, those that ended included as far as it was seen") \
  X(THREAD_DELAY_TIME, COUNTER, SECONDS, THREAD, 0, 0, 1, "delay_seconds_total", "DELAY", "time these threads were runnable and not running")

#define METRIC_ID(id, ...) id,
enum metric_host { METRICS_HOST(METRIC_ID) HOST_METRICS };
enum metric_core { METRICS_CORE(METRIC_ID) CORE_METRICS };
enum metric_guest { METRICS_GUEST(METRIC_ID) GUEST_METRICS };
enum metric_vcpu { METRICS_VCPU(METRIC_ID) VCPU_METRICS };
enum metric_disk { METRICS_DISK(METRIC_ID) DISK_METRICS };
enum metric_nic { METRICS_NIC(METRIC_ID) NIC_METRICS };
enum metric_thread { METRICS_THREAD(METRIC_ID) THREAD_METRICS };
#undef METRIC_ID
/* clang-format on */
#define METRICS_MAX 40 /* most metrics of one scope; checked at compile time in metric.c */

struct metric {
  enum metric_kind kind;
  enum metric_unit unit;
  enum metric_group group;
  int a, b; /* of the same scope */
  double scale;
  const char *name, *title, *text;
};

/* The rows of SCOPE, and how many (RET_COUNT may be NULL). */
const struct metric *metric_table(enum metric_scope scope, int *ret_count);
/* The id of the metric NAME of SCOPE, or -1. */
int metric_find(enum metric_scope scope, const char *name);
/* "host", "cores", "guests", "vcpus", "disks", "nics", "threads": the field that holds a scope in the export.
 */
const char *metric_scope_name(enum metric_scope scope);
const char *metric_unit_text(enum metric_unit unit); /* "%", "bytes", "bytes/s", "1/s", "s", "" */
const char *metric_group_name(enum metric_group group);

#endif
