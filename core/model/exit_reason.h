/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What KVM's reasons for leaving a vCPU are called, and whose the ports and pages are that guests work on.
 * Pure tables; numbers and names are those of Linux (asm/vmx.h, asm/svm.h, linux/kvm.h). */
#ifndef MODEL_EXIT_REASON_H
#define MODEL_EXIT_REASON_H

#include <stdint.h>

/* "EPT_VIOLATION": of REASON as SPAN_EXIT has it, with KVM's isa above 32 bits (1: VMX, 2: SVM); "isa 3,
 * reason 0x1" of what is not known.  Caller frees. */
char *exit_reason_name(uint64_t reason);
/* "KVM_EXIT_IO", or "KVM_EXIT_ 77", of what QEMU is told.  Caller frees. */
char *exit_to_qemu_name(uint64_t reason);
/* Whose a port or a page (an address without its 12 lower bits) of a PC is, and who says so; NULL: not known.
 */
const char *exit_port_owner(uint64_t port, const char **ret_source);
const char *exit_page_owner(uint64_t page, const char **ret_source);

#endif
