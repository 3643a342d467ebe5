/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification without a session: `virtlens check`. */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "core/model/checkup.h"

/* This host, now; waits for QEMU to tell its version.  Caller frees by checkup_free. */
struct checkup *check_host(void);

#define CHECK_WIDTH_MIN 50
/* For reading, in lines of at most WIDTH columns (but no fewer than CHECK_WIDTH_MIN); COLOURS: the states in
 * the terminal's.  Safe for a terminal.  Caller frees. */
char *check_text(const struct checkup *checkup, int width, bool colours);
/* For programs: one JSON object that ends with a line break.  Caller frees. */
char *check_json(const struct checkup *checkup);

#endif
