/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An export read back: streamed into a journal of its own, which goes when it is closed. */
#ifndef SESSION_IMPORT_H
#define SESSION_IMPORT_H

#include <stdio.h>

#include "core/session/journal.h"

/* FILE called NAME.  A fault is told with its place, "NAME:LINE:COLUMN: what"; a newer version
 * with both numbers. */
struct journal *import_export(FILE *file, const char *name, GError **err);

#endif
