/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a NIC's virtual functions, as the driver of the NIC itself gives them by rtnetlink: a
 * guest's function does not pass the hypervisor, which counts nothing.  Of this machine only. */
#ifndef VIRT_VF_COUNTERS_H
#define VIRT_VF_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As seen from the function: received by its guest, sent by it. */
struct vf_counters {
  uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, drops;
  bool has_drops;
};

/* Where the function at the PCI address ADDRESS is counted, by the files below SYSFS ("/sys"): the interface
 * of its device (NULL: it has none; caller frees), and its number there, from 0. */
char *vf_find(const char *sysfs, const char *address, int *ret_number);
/* The counters of function NUMBER of INTERFACE; false: its driver does not tell.  Waits for the kernel only.
 */
bool vf_read(const char *interface, int number, struct vf_counters *ret);
/* The same from the LENGTH bytes of a message RTM_NEWLINK, aligned as for struct nlmsghdr; pure. */
bool vf_parse(const void *message, size_t length, int number, struct vf_counters *ret);

#endif
