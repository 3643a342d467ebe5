/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/exit_reason.h"

#include <glib.h>

/* The kernel's headers name exceptions after vectors that they leave to others to number. */
#define DE_VECTOR 0
#define DB_VECTOR 1
#define BP_VECTOR 3
#define OF_VECTOR 4
#define BR_VECTOR 5
#define UD_VECTOR 6
#define NM_VECTOR 7
#define DF_VECTOR 8
#define TS_VECTOR 10
#define NP_VECTOR 11
#define SS_VECTOR 12
#define GP_VECTOR 13
#define PF_VECTOR 14
#define MF_VECTOR 16
#define AC_VECTOR 17
#define MC_VECTOR 18
#define XM_VECTOR 19
#include <asm/svm.h>
#include <asm/vmx.h>
#include <linux/kvm.h>

#define ISA_VMX 1 /* KVM_ISA_VMX and KVM_ISA_SVM, arch/x86/kvm/trace.h */
#define ISA_SVM 2
#define VMX_REASON_MASK 0xffff
#define CALLED_OUT 0x10000 /* TRACED_CALLED_OUT */

struct reason {
  uint64_t number;
  const char *name;
};
static const struct reason vmx[] = {VMX_EXIT_REASONS};
static const struct reason svm[] = {SVM_EXIT_REASONS};
#define TOLD(name)                                                                                           \
  {                                                                                                          \
    name, #name                                                                                              \
  }
static const struct reason told[] = {TOLD(KVM_EXIT_UNKNOWN),
                                     TOLD(KVM_EXIT_EXCEPTION),
                                     TOLD(KVM_EXIT_IO),
                                     TOLD(KVM_EXIT_HYPERCALL),
                                     TOLD(KVM_EXIT_DEBUG),
                                     TOLD(KVM_EXIT_HLT),
                                     TOLD(KVM_EXIT_MMIO),
                                     TOLD(KVM_EXIT_IRQ_WINDOW_OPEN),
                                     TOLD(KVM_EXIT_SHUTDOWN),
                                     TOLD(KVM_EXIT_FAIL_ENTRY),
                                     TOLD(KVM_EXIT_INTR),
                                     TOLD(KVM_EXIT_SET_TPR),
                                     TOLD(KVM_EXIT_TPR_ACCESS),
                                     TOLD(KVM_EXIT_NMI),
                                     TOLD(KVM_EXIT_INTERNAL_ERROR),
                                     TOLD(KVM_EXIT_SYSTEM_EVENT),
                                     TOLD(KVM_EXIT_IOAPIC_EOI),
                                     TOLD(KVM_EXIT_HYPERV),
                                     TOLD(KVM_EXIT_X86_RDMSR),
                                     TOLD(KVM_EXIT_X86_WRMSR),
                                     TOLD(KVM_EXIT_DIRTY_RING_FULL),
                                     TOLD(KVM_EXIT_X86_BUS_LOCK),
                                     {CALLED_OUT, "a signal"}};

static const char *find(const struct reason *reasons, size_t count, uint64_t number)
{
  for (size_t i = 0; i < count; i++)
    if (reasons[i].number == number)
      return reasons[i].name;
  return NULL;
}

char *exit_reason_name(uint64_t reason)
{
  const uint32_t isa = (uint32_t)(reason >> 32), number = (uint32_t)reason;
  const char *name = isa == ISA_VMX   ? find(vmx, G_N_ELEMENTS(vmx), number & VMX_REASON_MASK)
                     : isa == ISA_SVM ? find(svm, G_N_ELEMENTS(svm), number)
                                      : NULL;
  return name ? g_strdup(name) : g_strdup_printf("isa %u, reason %#x", isa, number);
}

char *exit_to_qemu_name(uint64_t reason)
{
  const char *name = find(told, G_N_ELEMENTS(told), reason);
  return name ? g_strdup(name) : g_strdup_printf("KVM_EXIT_ %" G_GUINT64_FORMAT, reason);
}

/* ---- owners ---- */

#define IOPORTS "Linux, arch/x86/kernel/setup.c, standard_io_resources"
#define ATA "Linux, drivers/ata/ata_piix.c"
#define FW_CFG "QEMU, docs/specs/fw_cfg.rst"
#define PC_Q35 "QEMU, hw/i386"

static const struct place {
  uint64_t first, last;
  const char *owner, *source;
} ports[] = {
    {0x20, 0x21, "PIC, first", IOPORTS},
    {0x40, 0x43, "PIT, the timer", IOPORTS},
    {0x60, 0x60, "keyboard (i8042)", IOPORTS},
    {0x61, 0x61, "speaker and PIT's gate", IOPORTS},
    {0x64, 0x64, "keyboard (i8042)", IOPORTS},
    {0x70, 0x71, "clock and CMOS", "Linux, drivers/rtc/rtc-cmos.c"},
    {0x80, 0x80, "POST code, or a short delay", IOPORTS},
    {0xa0, 0xa1, "PIC, second", IOPORTS},
    {0x170, 0x177, "IDE, second channel", ATA},
    {0x1f0, 0x1f7, "IDE, first channel", ATA},
    {0x2f8, 0x2ff, "serial port 2", "Linux, include/linux/serial_8250.h, SERIAL_PORT_DFNS"},
    {0x376, 0x376, "IDE, second channel", ATA},
    {0x3c0, 0x3df, "VGA", "Linux, include/video/vga.h"},
    {0x3f6, 0x3f6, "IDE, first channel", ATA},
    {0x3f8, 0x3ff, "serial port 1", "Linux, include/linux/serial_8250.h, SERIAL_PORT_DFNS"},
    {0x402, 0x402, "firmware's debug console", "SeaBIOS, src/fw/paravirt.h"},
    {0x510, 0x51b, "fw_cfg", FW_CFG},
    {0xcf8, 0xcff, "PCI configuration", "Linux, arch/x86/pci/direct.c"},
};
static const struct place pages[] = {
    {0xa0, 0xbf, "VGA memory", "Linux, include/video/vga.h"},
    {0xfec00, 0xfec00, "IOAPIC", "Linux, arch/x86/include/asm/apicdef.h"},
    {0xfed00, 0xfed00, "HPET", PC_Q35 "/pc.c"},
    {0xfee00, 0xfee00, "local APIC", "Linux, arch/x86/include/asm/apicdef.h"},
};

static const char *owner_of(const struct place *places, size_t count, uint64_t at, const char **ret_source)
{
  for (size_t i = 0; i < count; i++)
    if (at >= places[i].first && at <= places[i].last) {
      *ret_source = places[i].source;
      return places[i].owner;
    }
  *ret_source = NULL;
  return NULL;
}

const char *exit_port_owner(uint64_t port, const char **ret_source)
{
  return owner_of(ports, G_N_ELEMENTS(ports), port, ret_source);
}

const char *exit_page_owner(uint64_t page, const char **ret_source)
{
  return owner_of(pages, G_N_ELEMENTS(pages), page, ret_source);
}
