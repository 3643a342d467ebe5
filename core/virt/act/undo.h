/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The definition that a guest had before it was changed: one per guest, a file in the state folder, so that a
 * later session can go back to it too.  Worker threads only. */
#ifndef VIRT_UNDO_H
#define VIRT_UNDO_H

#include <glib.h>
#include <stdbool.h>

/* Keep XML as what UUID was before; it takes the place of what was kept. */
bool undo_keep(const char *uuid, const char *xml, GError **err);
/* What is kept of UUID, or NULL with ERR.  Caller frees. */
char *undo_read(const char *uuid, GError **err);
/* Nothing is kept of UUID any more. */
void undo_forget(const char *uuid);

#endif
