/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What host verification cannot read from files: answers of the kernel, of programs and of libraries. */
#ifndef VIRT_FACTS_H
#define VIRT_FACTS_H

#include <glib.h>
#include <stdbool.h>

struct verify_facts {
  bool (*may)(const char *path, int mode); /* access(2) of PATH */
  int kvm_errno;                           /* of this process opening /dev/kvm; 0: it can */
  char *machine;                           /* "x86_64" */
  char *signature;           /* of the hypervisor below, by CPUID: "KVMKVMKVM"; NULL: none, or no x86 CPU */
  char *user;                /* whose process this is */
  char *qemu_user;           /* as whom libvirt's daemon runs QEMU; NULL: there is no such user */
  char *qemu_reason;         /* why that user may not open /dev/kvm; NULL: may */
  char *qemu, *qemu_version; /* its program; NULL: none.  The version as it tells it */
  char *qemu_img, *qemu_img_version;
  char *libvirt_version; /* of the library, "9.0.0"; NULL: not told */
  char *state;           /* this program's state folder, absolute */
  char *tracer;          /* virtlens-trace, absolute; NULL: it is not installed */
  char *tracer_problem;  /* why it cannot trace, in its own words; NULL: it can */
};

/* Ask all of them; starts QEMU to tell its version and virtlens-trace to try, so this waits some ms.  Caller
 * frees by verify_facts_free. */
struct verify_facts *verify_facts_read(void);
/* The signature alone, at once.  Caller frees. */
char *verify_signature(void);
void verify_facts_free(struct verify_facts *facts);

#endif
