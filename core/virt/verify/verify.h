/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification (`virtlens check`): every row of check_row looked at, and what follows for guests. */
#ifndef VIRT_VERIFY_H
#define VIRT_VERIFY_H

#include "core/model/checkup.h"
#include "core/virt/verify/facts.h"

/* The host whose files are below ROOT ("/"), of which FACTS are known.  Pure but for reading below ROOT.
 * Caller frees by checkup_free. */
struct checkup *verify_host(const char *root, const struct verify_facts *facts);
/* This machine, now; waits for QEMU to tell its version. */
struct checkup *verify_this_host(void);
/* What kind of machine this is itself; at once, but for reading /proc and /sys. */
enum kind verify_this_kind(void);

#endif
