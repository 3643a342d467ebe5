/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a guest that is edited: what each is attached by, and is to be attached by.  Pure. */
#ifndef TUI_EDIT_DISKS_H
#define TUI_EDIT_DISKS_H

#include "core/model/guest.h"
#include "tui/lines.h"

struct edit_disk {
  char *target;          /* "vda" */
  char *before, *wanted; /* names of backends; "" for one that is not in their table */
};

struct edit_disks {
  GArray *rows; /* of struct edit_disk, in the order of the definition; no CD drives */
  int at;       /* the one whose backend the form shows */
};

void edit_disks_init(struct edit_disks *disks); /* none yet */
void edit_disks_clear(struct edit_disks *disks);
/* Those of INFO, the one that its I/O is about first shown. */
void edit_disks_fill(struct edit_disks *disks, const struct guest_info *info);
/* The one that is shown, or NULL. */
struct edit_disk *edit_disks_at(const struct edit_disks *disks);
void edit_disks_want(struct edit_disks *disks, const char *backend);
/* To the next (1) or previous (-1) one; false: there is but one. */
bool edit_disks_step(struct edit_disks *disks, int step);
bool edit_disk_changes(const struct edit_disk *disk);
/* The word of :edit for all that changes, "backend=vda:ide,vdb:sata"; NULL: nothing does.  Caller frees. */
char *edit_disks_word(const struct edit_disks *disks);
/* What stands over the backends; NULL: what does in every form.  Caller frees. */
char *edit_disks_heading(const struct edit_disks *disks);
/* A line for each that changes; false: none does. */
bool edit_disks_tell(const struct edit_disks *disks, GArray *lines, int width);

#endif
