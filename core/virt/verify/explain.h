/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's kind of virtualization, from its definition and from what its host was found to have. */
#ifndef VIRT_EXPLAIN_H
#define VIRT_EXPLAIN_H

#include "core/model/checkup.h"
#include "core/model/explanation.h"

/* What is known; texts are borrowed. */
struct explain_input {
  const char *uuid, *domain_xml;
  const char *capabilities_xml; /* libvirt's; NULL: not told */
  const char *command_line;     /* of its QEMU, each argument ended by a newline; NULL: not to be seen */
  const struct checkup *host;   /* NULL: the host is another machine */
  bool active;                  /* the guest runs */
  bool counters, delay, times;  /* libvirt tells vcpu.N.exits.sum; vcpu.N.delay; cpu.time and vcpu.N.time */
};

/* NULL when the definition cannot be read.  Pure.  Caller frees by explanation_free. */
struct explanation *explain(const struct explain_input *input, GError **err);

#endif
